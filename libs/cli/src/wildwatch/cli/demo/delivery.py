"""A message in the queue and its deliveries, one a recipient."""

from __future__ import annotations

from wildwatch.cli.demo.people import Sender
from wildwatch.cli.demo.places import Pool
from wildwatch.cli.demo.world import Domain, Mail

DEFER_MINUTES = (5, 7, 8, 25, 75, 120, *(240,) * 11)
"""ZoneMTA's times between attempts; after the last the delivery is rejected with its last reply."""


class Message:
    """What all recipients of one message share. `created_ms` is the time in its queue id."""

    __slots__ = (
        "created_ms", "envelope_from", "host", "is_spam", "message_id", "pool", "queue_id", "return_path",
        "sender", "size", "user",
    )  # fmt: skip

    def __init__(
        self, *, queue_id: str, created_ms: int, host: str, pool: Pool, sender: Sender, envelope_from: str,
        return_path: str, message_id: str, size: int, user: str | None, is_spam: bool = False,
    ) -> None:  # fmt: skip
        self.queue_id = queue_id
        self.created_ms = created_ms
        self.host = host
        self.pool = pool
        self.sender = sender
        self.envelope_from = envelope_from
        self.return_path = return_path
        self.message_id = message_id
        self.size = size
        self.user = user
        self.is_spam = is_spam


class Delivery:
    """One recipient of a message. `fate` is the kind of reply this recipient always gets, or empty."""

    __slots__ = (
        "address",
        "attempts",
        "avoid",
        "domain",
        "fate",
        "mail",
        "message",
        "recipient",
        "reply",
        "seq",
    )

    def __init__(
        self, message: Message, number: int, recipient: str, mail: Mail, domain: Domain, fate: str
    ) -> None:
        self.message = message
        self.seq = f"{number:03x}"
        self.recipient = recipient
        self.mail = mail
        self.domain = domain
        self.fate = fate
        self.attempts = 0
        self.address = ""
        """Our sending IP, chosen at the first attempt and kept."""
        self.avoid = ""
        """An address this domain has refused as listed: ZoneMTA's learned blacklist."""
        self.reply = ""
        """The last reply, for operators' removals and exhausted retries."""


class Recipient:
    """Someone mail can go to."""

    __slots__ = ("address", "domain", "fate", "mail")

    def __init__(self, address: str, mail: Mail, domain: Domain, fate: str) -> None:
        self.address = address
        self.mail = mail
        self.domain = domain
        self.fate = fate
