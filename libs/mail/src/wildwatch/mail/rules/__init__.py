"""The table of rules that says what replies mean.

Order matters: the first row that fits wins. Rows of one provider come before general ones; what excuses us
(their own errors, greylisting) before what accuses us; named lists and records before vague words.
"""

from __future__ import annotations

from typing import Final

from wildwatch.mail.rules import (
    asia,
    authentication,
    contents,
    europe,
    giving_up,
    google,
    greylisting,
    limits,
    listings,
    mailboxes,
    microsoft,
    north_america,
    own_side,
    policies,
    protocols,
    reputation,
    senders,
    sentences,
    their_errors,
    yahoo_apple,
)
from wildwatch.mail.rules.codes import by_codes
from wildwatch.mail.rules.model import Rule

__all__ = ["ALL_RULES", "RULES_VERSION", "by_codes", "in_order"]

RULES_VERSION: Final = 1
"""Goes up with each change that can alter a class; stored with every event."""

_REPLIES: Final[tuple[Rule, ...]] = (
    *their_errors.RULES,
    *google.RULES,
    *microsoft.RULES,
    *yahoo_apple.RULES,
    *north_america.RULES,
    *asia.RULES,
    *europe.RULES,
    *mailboxes.PANELS,
    *greylisting.RULES,
    *giving_up.RULES,
    *listings.RULES,
    *authentication.RULES,
    *senders.RULES,
    *protocols.RULES,
    *sentences.RELAY,
    *limits.SENDING_QUOTA,
    *mailboxes.FULL,
    *sentences.FULL,
    *contents.SIZE,
    *limits.RULES,
    *sentences.RATE,
    *sentences.DOMAIN_REPUTATION,
    *reputation.PLAIN,
    *sentences.SENDER,
    *mailboxes.BUSY,
    *mailboxes.INACTIVE,
    *sentences.INACTIVE,
    *policies.BY_RECIPIENT,
    *mailboxes.UNKNOWN_PLAIN,
    *sentences.BAD_DOMAIN,
    *contents.UNWANTED_FILES,
    *reputation.VAGUE,
    *contents.SPAM,
    *mailboxes.UNKNOWN_VAGUE[:1],
    *sentences.UNKNOWN,
    *mailboxes.UNKNOWN_VAGUE[1:],
    *sentences.SPAM,
    *policies.LATER,
    *policies.VAGUE,
)

ALL_RULES: Final[tuple[Rule, ...]] = (*_REPLIES, *own_side.RULES)


def in_order(*, is_reply: bool) -> tuple[Rule, ...]:
    """The rows in the order they are tried: texts without an SMTP code are first read as our own side's."""
    return ALL_RULES if is_reply else (*giving_up.RULES, *own_side.RULES, *_REPLIES)
