"""What each bounce class means to a person, what to do, and which of ZoneMTA's categories fit it."""

from __future__ import annotations

from typing import Final

import msgspec


class Meaning(msgspec.Struct, frozen=True):
    """`text` and `advice` are whole sentences. `categories` are ZoneMTA's that say the same."""

    text: str
    advice: str
    categories: frozenset[str]


def _m(text: str, advice: str, categories: str) -> Meaning:
    return Meaning(text, advice, frozenset(categories.split()))


MEANINGS: Final[dict[str, Meaning]] = {
    "unknown_user": _m(
        "The receiver says that this mailbox does not exist.",
        "Suppress the address; many of them from one sender mean a bad list.",
        "recipient envelope",
    ),
    "inactive_mailbox": _m(
        "The mailbox exists but is disabled or no longer read.", "Suppress the address.", "recipient envelope"
    ),
    "bad_domain": _m(
        "The recipient's domain takes no mail or does not exist.",
        "Correct or suppress the domain.",
        "dns envelope network recipient",
    ),
    "mailbox_full": _m(
        "The mailbox or its quota is full.",
        "It is retried by itself; suppress the address when it lasts for weeks.",
        "capacity recipient",
    ),
    "rate_limit": _m(
        "The receiver takes mail from us more slowly than we send it.",
        "Slow down to this provider; the message is retried.",
        "rate capacity recipient",
    ),
    "greylist": _m(
        "The receiver wants to see the same message again later.",
        "Nothing to do: retry from the same address.",
        "greylist",
    ),
    "ip_reputation": _m(
        "The receiver refuses our sending address for its reputation. The message itself is fine.",
        "Pause the address for this provider and look at what it sent before.",
        "blacklist block",
    ),
    "dnsbl_block": _m(
        "The receiver refuses our sending address because a blocklist names it.",
        "Take the address out of its pool, find the cause, then ask for delisting.",
        "blacklist",
    ),
    "domain_reputation": _m(
        "The receiver refuses or slows down the sender's domain or a link in the message.",
        "Look at this sender domain's complaints and volume; another address would not help.",
        "spam block",
    ),
    "spam_content": _m(
        "The receiver takes the message for spam.",
        "Look at the message and at the account that sent it.",
        "spam",
    ),
    "policy": _m(
        "The receiver refuses by a policy of its own.", "Read the reply: it names the rule.", "policy block"
    ),
    "auth_failed": _m(
        "SPF, DKIM, DMARC or the address's reverse name did not satisfy the receiver.",
        "Check the sender domain's DNS records and our PTR.",
        "auth dmarc config",
    ),
    "size_content_virus": _m(
        "The receiver refuses the message for its size, form, attachment or a virus.",
        "The sender must change the message.",
        "message virus capacity",
    ),
    "dns_network_timeout_tls": _m(
        "No complete conversation took place: DNS, network, time-out or TLS.",
        "It is retried; many at once mean a route or a host of ours.",
        "dns network config http",
    ),
    "protocol": _m(
        "One side did not follow SMTP, or the server does not relay for us.",
        "Check the route and our configuration.",
        "protocol",
    ),
    "expired": _m(
        "ZoneMTA gave up after its last retry.", "The last real reply before it tells the cause.", "other"
    ),
    "remote_misconfigured": _m(
        "The receiver's own set-up is broken, often its blocklist look-ups. It is no listing of ours.",
        "Nothing on our side; tell their postmaster when it lasts.",
        "config dns other",
    ),
    "other": _m(
        "No rule knows this reply yet.",
        "Read it as it is; a rule for it would help everybody.",
        "other",
    ),
}


def of(bounce_class: str | None) -> Meaning | None:
    """The meaning of a class; None for a class this program does not know, or none at all."""
    return MEANINGS.get(bounce_class) if bounce_class else None


def categories_differ(bounce_class: str | None, zonemta_category: str | None) -> bool:
    """Whether ZoneMTA files the reply under something else than we do.

    False where either side has nothing to say: `other` is no statement of ours.
    """
    meaning = of(bounce_class)
    if meaning is None or not zonemta_category or bounce_class == "other":
        return False
    return zonemta_category not in meaning.categories
