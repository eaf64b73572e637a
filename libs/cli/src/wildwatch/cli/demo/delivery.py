"""A message in the queue and its deliveries, one a recipient."""

from __future__ import annotations

from typing import Final

import msgspec

from wildwatch.cli.demo.people import Sender
from wildwatch.cli.demo.places import Pool
from wildwatch.cli.demo.world import Domain, Mail

DEFER_MINUTES: Final = (5, 7, 8, 25, 75, 120, *(240,) * 11)
"""ZoneMTA's times between attempts; after the last the delivery is rejected with its last reply."""


class Message(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What all recipients of one message share. `created_ms` is the time in its queue id."""

    queue_id: str
    created_ms: int
    host: str
    pool: Pool
    sender: Sender
    envelope_from: str
    """Empty for the null sender."""
    return_path: str
    message_id: str
    size: int
    user: str | None
    is_spam: bool = False


class Recipient:
    """Someone mail can go to. `fate` is the kind of reply this recipient always gets, or empty."""

    __slots__ = ("address", "domain", "fate", "mail")

    def __init__(self, address: str, mail: Mail, domain: Domain, fate: str) -> None:
        self.address = address
        self.mail = mail
        self.domain = domain
        self.fate = fate


class Delivery:
    """One recipient of a message, until its final entry.

    `address` is our sending IP, chosen at the first attempt and kept; `avoid` is one that the recipient's
    servers refused as listed (ZoneMTA's learned blacklist).
    """

    __slots__ = ("address", "attempts", "avoid", "domain", "fate", "mail", "message", "recipient", "seq")

    def __init__(self, message: Message, number: int, recipient: Recipient) -> None:
        self.message = message
        self.seq = f"{number:03x}"
        self.recipient = recipient.address
        self.mail = recipient.mail
        self.domain = recipient.domain
        self.fate = recipient.fate
        self.attempts = 0
        self.address = ""
        self.avoid = ""
