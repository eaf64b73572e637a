"""New mail: who writes to whom, how large, and what the receiver's checks say."""

from __future__ import annotations

from bisect import bisect
from random import Random
from typing import Final
from zlib import crc32

from wildwatch.cli.demo import entries
from wildwatch.cli.demo.delivery import Delivery, Message, Recipient
from wildwatch.cli.demo.people import FIRST, LAST, Sender
from wildwatch.cli.demo.process import Process
from wildwatch.cli.demo.world import World

_NAMES: Final = tuple(f"{first}.{last}" for first in FIRST for last in LAST)
_CONTACTS: Final = 30
_FATES: Final = ((15, "suppressed"), (40, "unknown"), (50, "inactive"), (70, "full"))
"""The lots of 9,973 below the bound always meet this."""
_HAM_TESTS: Final = (
    "ARC_NA=0, MIME_GOOD=-0.1, FROM_HAS_DN=0, RCVD_TLS_ALL=0, MID_RHS_MATCH_FROM=0, TO_DN_SOME=0",
    "ARC_NA=0, MIME_GOOD=-0.1, FROM_HAS_DN=0, RCVD_COUNT_ONE=0, HAS_ATTACHMENT=0, MIME_TRACE=0",
    "ARC_NA=0, MIME_HTML_ONLY=0.2, FROM_NO_DN=0, RCVD_COUNT_ONE=0, MIME_TRACE=0, MISSING_MID=2.5",
)
_SPAM_TESTS: Final = (
    "MIME_HTML_ONLY=0.2, SUBJ_ALL_CAPS=1.9, URIBL_BLACK=7.5, FORGED_SENDER=0.3, R_SUSPICIOUS_URL=5"
)


class Arrival:
    """One message as it came: entries with their times, and the deliveries it was queued for."""

    __slots__ = ("deliveries", "entries", "message")

    def __init__(self, message: Message) -> None:
        self.message = message
        self.entries: list[tuple[int, bool, entries.Entry]] = []
        """(epoch ms, made by the receiver, not by main; entry)"""
        self.deliveries: list[Delivery] = []


class Arrivals:
    """Makes messages. One random stream, so the order of calls matters."""

    def __init__(self, world: World, rng: Random) -> None:
        self._world = world
        self._random = rng.random
        self._bits = rng.getrandbits
        self._lognormal = tuple(rng.lognormvariate(0.0, 0.7) for _ in range(1024))
        self._providers = world.providers
        self._shares = world.provider_cumulative

    def make(self, sender: Sender, host: str, receiver: Process, moment: int, *, is_spam: bool) -> Arrival:
        """A message of `sender` that begins at `moment`; its QUEUED comes some 20 to 200 ms later."""
        random = self._random
        kind = sender.kind
        address = "" if kind == "vacation" else sender.address
        bits = self._bits(128)
        queue_id, created_ms = receiver.queue_id(moment)
        message = Message(
            queue_id=queue_id,
            created_ms=created_ms,
            host=host,
            pool=sender.pool,
            sender=sender,
            envelope_from=address,
            return_path=self._srs(sender) if kind == "forward" else address,
            message_id=f"<{_uuid4(bits)}@{sender.domain}>",
            size=int(sender.mean_size * self._lognormal[bits & 1023]) + 700,
            user=None if kind in ("forward", "vacation") else sender.address,
            is_spam=is_spam,
        )
        arrival = Arrival(message)
        count = 1
        if is_spam:
            count = 1 + int(random() * 12)
        elif sender.recipients > 1.0:
            while count < 20 and random() * sender.recipients > 1.0 / count**0.2:
                count += 1
        recipients = [self._recipient(sender, is_spam) for _ in range(count)]
        queued_ms = created_ms + 20 + int(random() * 180)
        if self._receive(arrival, recipients, queued_ms, f"{bits >> 40 & 0xFFFFFFFFFFFF:012x}"):
            self._queue(arrival, recipients, queued_ms)
        return arrival

    def _receive(self, arrival: Arrival, recipients: list[Recipient], queued_ms: int, md5: str) -> bool:
        message = arrival.message
        kind = message.sender.kind
        if kind in ("forward", "vacation"):
            return True  # WildDuck writes these straight into MongoDB: no QUEUED entry
        to = ",".join([recipient.address for recipient in recipients])
        check = None
        if kind == "mailbox":
            check = self._check(message)
            arrival.entries.append((queued_ms - 1, True, check))
            if check["result"] == "reject":
                arrival.entries.append((queued_ms, True, entries.refused(message, to, md5, check)))
                return False
        by_receiver = message.sender.interface != "api"
        arrival.entries.append((queued_ms, by_receiver, entries.queued(message, to, md5, check)))
        return True

    def _check(self, message: Message) -> entries.Entry:
        draw = self._random()
        if message.is_spam:
            score, tests = 4.0 + 13.0 * draw, _SPAM_TESTS
        elif draw < 0.004:
            score, tests = 9.0 + 1_500 * draw, _SPAM_TESTS
        else:
            score, tests = -0.1 + 4.0 * draw * draw, _HAM_TESTS[int(draw * 97) % 3]
        result = "reject" if score >= 14 else "add header" if score >= 7 else "no action"
        return entries.spam_check(message.queue_id, score, result, tests)

    def _queue(self, arrival: Arrival, recipients: list[Recipient], queued_ms: int) -> None:
        message = arrival.message
        for number, recipient in enumerate(recipients, 1):
            if recipient.fate == "suppressed":
                entry = entries.suppressed(message, f"{number:03x}", recipient.address)
                arrival.entries.append((queued_ms + 1, False, entry))
                continue
            arrival.deliveries.append(Delivery(message, number, recipient))

    def _recipient(self, sender: Sender, is_spam: bool) -> Recipient:
        random = self._random
        if is_spam:
            dirt = 0.35
        else:
            dirt = sender.dirt
            if sender.kind == "mailbox" and random() < 0.85:
                return self._contact(sender, int(random() * random() * _CONTACTS))
        fate = "unknown" if random() < dirt else ""
        return self._somebody(random(), random(), self._bits(32), fate)

    def _contact(self, sender: Sender, number: int) -> Recipient:
        """People write to the same few again and again."""
        first = crc32(f"{sender.address}{number}".encode())
        second = crc32(b"domain", first)
        return self._somebody(first / 2**32, second / 2**32, crc32(b"name", second), "")

    def _somebody(self, provider_draw: float, domain_draw: float, number: int, fate: str) -> Recipient:
        mail = self._providers[
            bisect(self._shares, provider_draw * self._shares[-1], 0, len(self._shares) - 1)
        ]
        domain = mail.domains[
            bisect(mail.cumulative, domain_draw * mail.cumulative[-1], 0, len(mail.domains) - 1)
        ]
        # A hyphen and four digits: such addresses exist at none of the large providers.
        name = f"{_NAMES[number % 1291]}-{number // 1291 % 10_000:04d}@{domain.name}"
        if not fate:
            lot = number % 9973
            if lot < _FATES[-1][0]:
                fate = next(kind for bound, kind in _FATES if lot < bound)
        return Recipient(name, mail, domain, fate or domain.defect)

    def _srs(self, sender: Sender) -> str:
        bits = self._bits(32)
        origin = f"{_NAMES[bits % 1291]}={self._world.own_domains[bits % 60]}"
        return f"SRS0={bits & 0xFFFF:04x}=K2={origin}@{sender.domain}"


def _uuid4(bits: int) -> str:
    """Cheaper than `uuid.UUID` by far, and only looks have to be right."""
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
