"""How much mail there is when: the shapes of a day and a week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_HOUR_MS: Final = 3_600_000
_BUSINESS: Final = (
    0.12, 0.08, 0.07, 0.07, 0.1, 0.25, 0.6, 1.2, 2.0, 2.5, 2.4, 2.1, 1.6, 1.9, 2.2, 2.1, 1.9, 1.4, 0.9,
    0.65, 0.5, 0.4, 0.3, 0.2,
)  # fmt: skip
_APPLICATIONS: Final = (
    0.5, 0.4, 0.35, 0.35, 0.4, 0.5, 0.8, 1.0, 1.2, 1.3, 1.3, 1.3, 1.25, 1.25, 1.25, 1.25, 1.3, 1.3, 1.35,
    1.4, 1.4, 1.3, 1.0, 0.7,
)  # fmt: skip
_CAMPAIGNS: Final = (
    0.3, 0.3, 0.3, 0.3, 0.4, 0.8, 1.4, 1.8, 1.9, 2.0, 1.8, 1.3, 1.0, 1.1, 1.3, 1.3, 1.2, 1.5, 1.6, 1.2,
    0.8, 0.5, 0.4, 0.3,
)  # fmt: skip
_WEEK: Final = {
    # Monday first
    "mailbox": (1.2, 1.25, 1.25, 1.2, 1.1, 0.5, 0.5),
    "app": (1.0, 1.0, 1.0, 1.0, 1.05, 1.0, 0.95),
    "bulk": (0.9, 1.25, 1.2, 1.25, 1.0, 0.7, 0.7),
}

SHARES: Final = {"app": 0.31, "bulk": 0.46, "mailbox": 0.15, "forward": 0.065, "vacation": 0.015}
"""Part of all messages by kind of sender, averaged over a week."""
_HABIT: Final = {
    "app": "app",
    "bulk": "bulk",
    "mailbox": "mailbox",
    "forward": "mailbox",
    "vacation": "mailbox",
}


def _levelled(day: Sequence[float], week: Sequence[float]) -> tuple[float, ...]:
    hours = [hour * weekday for weekday in week for hour in day]
    mean = sum(hours) / len(hours)
    return tuple(hour / mean for hour in hours)


_BY_HABIT: Final = {
    "mailbox": _levelled(_BUSINESS, _WEEK["mailbox"]),
    "app": _levelled(_APPLICATIONS, _WEEK["app"]),
    "bulk": _levelled(_CAMPAIGNS, _WEEK["bulk"]),
}


def factors_at(time_ms: int) -> dict[str, float]:
    """Messages by kind of sender at a moment (UTC), as multiples of the mean of all messages.

    Over a week each kind averages its share. Hours blend into each other.
    """
    hours = time_ms / _HOUR_MS
    # The epoch began on a Thursday.
    whole = int(hours)
    first, second = (whole + 72) % 168, (whole + 73) % 168
    part = hours - whole
    return {
        kind: share * (_BY_HABIT[_HABIT[kind]][first] * (1 - part) + _BY_HABIT[_HABIT[kind]][second] * part)
        for kind, share in SHARES.items()
    }
