"""What an event counts as."""

from __future__ import annotations

from typing import Final, Literal

Outcome = Literal["queued", "delivered", "deferred", "bounced", "blocked", "other"]

BLOCKED_CLASSES: Final = frozenset({"ip_reputation", "dnsbl_block", "domain_reputation"})
"""Classes that judge the standing of our address or domain.

`spam_content` judges one message or user, `policy` and `auth_failed` are put right by configuration:
another source address would not help them, so they do not count as blocks.
"""

_PLAIN: Final[dict[str, Outcome]] = {
    "queued": "queued",
    "delivered": "delivered",
    "deferred": "deferred",
    "bounced": "bounced",
}


def outcome(action: str, bounce_class: str | None) -> Outcome:
    """The outcome of an event of `wildwatch.contracts.mail`; what ends no delivery is `other`."""
    if bounce_class in BLOCKED_CLASSES and action in ("deferred", "bounced"):
        return "blocked"
    return _PLAIN.get(action, "other")
