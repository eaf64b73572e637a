"""What the other side says: the incident of the hour, the recipient's fate, everyday trouble, or yes."""

from __future__ import annotations

from bisect import bisect
from random import Random
from typing import Final

from wildwatch.cli.demo.delivery import Delivery
from wildwatch.cli.demo.replies import Reply
from wildwatch.cli.demo.script import Conditions

_LISTED_ASKS: Final = 0.95
"""Even servers that ask a list have it cached for a while."""


class Judge:
    """Decides attempts. One random stream, so the order of calls matters."""

    def __init__(self, rng: Random) -> None:
        self._random = rng.random

    def reply_to(self, delivery: Delivery, conditions: Conditions) -> Reply | None:
        """None is a yes."""
        random = self._random
        kind = None if conditions.calm else self._incident(delivery, conditions)
        if kind is None and delivery.fate:
            kind = delivery.fate
            # People do empty their mailbox now and then.
            if kind == "full" and delivery.attempts > 1 and random() < 0.15:
                delivery.fate = ""
                kind = None
        if kind is None:
            mail = delivery.mail
            if delivery.domain.greylists and delivery.attempts == 1:
                kind = "greylist"
            elif delivery.message.is_spam and random() < 0.4:
                kind = "spam"
            elif mail.trouble_cumulative:
                draw = random()
                if draw >= mail.trouble_cumulative[-1]:
                    return None
                kind = mail.trouble_kinds[bisect(mail.trouble_cumulative, draw)]
            else:
                return None
        replies = delivery.mail.replies[kind]
        if len(replies) == 1:
            return replies[0]
        if kind in ("rate", "unknown"):
            # The first wording is the common one.
            return replies[int(random() ** 1.7 * len(replies))]
        return replies[len(delivery.domain.name) % len(replies)]  # a server keeps to its wording

    def _incident(self, delivery: Delivery, conditions: Conditions) -> str | None:
        domain = delivery.domain
        provider = domain.provider.name
        kind, chance = "", 0.0
        if delivery.address == conditions.listed_ip and domain.asks_dnsbl:
            kind = "dnsbl_greeting" if domain.refuses_at_greeting else "dnsbl"
            chance = conditions.listed_level * _LISTED_ASKS
        elif provider == "gmail":
            kind, chance = "rate", 0.45 * conditions.gmail_level
        elif provider in ("outlook", "microsoft365") and delivery.address in conditions.outlook_ips:
            kind, chance = "rate", 0.7
        elif provider == conditions.outage_provider:
            kind, chance = "timeout", 0.97
        elif provider == conditions.full_provider and delivery.attempts == 1:
            kind, chance = "full", 0.22
        return kind if chance and self._random() < chance else None
