"""Sends a dead letter on its way again, so that it counts once however often that is tried."""

from __future__ import annotations

import msgspec

from wildwatch.bus import dead
from wildwatch.bus.connection import Bus
from wildwatch.bus.publish import publish
from wildwatch.contracts import subjects
from wildwatch.contracts.mail import MailBatch, MailMessage
from wildwatch.contracts.messages import DeadLetter
from wildwatch.mail.entry import UnusableEventError, decode_tolerantly
from wildwatch.mail.normalise import Normaliser
from wildwatch.mail.rules import RULES_VERSION


class NotReplayableError(Exception):
    """The letter stays where it is; the text says why."""


async def replay(bus: Bus, buried: dead.Buried, normaliser: Normaliser) -> None:
    """Publish it under the name of its place in `DEAD`, then remove it from there.

    Dying between the two is harmless: the name is the same at the next try, and the writer's ledger
    knows it. Raises `NotReplayableError`, or the bus's `RetryableError`.
    """
    letter = buried.letter
    name = dead.replay_name(letter, buried.seq)
    await publish(bus, letter.subject, _message(letter, name, normaliser), f"replay-{name}")
    await dead.remove(bus, buried.seq)


def _message(letter: DeadLetter, name: str, normaliser: Normaliser) -> bytes:
    payload = dead.payload_bytes(letter)
    if letter.form == "message":
        return payload  # its batches keep their own names, which the ledger knows if they were written
    if letter.form == "mail_batch":
        try:
            batch = msgspec.json.decode(payload, type=MailBatch)
        except msgspec.DecodeError as error:
            raise NotReplayableError(f"it is no mail batch: {error}") from error
        batch.batch = name
        return msgspec.json.encode(MailMessage(batches=[batch]))
    if letter.form == "zonemta_entry":
        received_ms = letter.host_received_ms or letter.at_ms
        try:
            event = normaliser.normalise(decode_tolerantly(payload), received_ms)
        except UnusableEventError as error:
            raise NotReplayableError(f"it is still unusable: {error}") from error
        batch = MailBatch(
            batch=name, host=letter.host, received_ms=received_ms, sent_ms=letter.at_ms,
            rules_version=RULES_VERSION, events=[event],
        )  # fmt: skip
        if letter.subject != subjects.mail(letter.host):
            raise NotReplayableError("its subject is not that of its host")
        return msgspec.json.encode(MailMessage(batches=[batch]))
    raise NotReplayableError(f"this version cannot replay the form {letter.form!r}")
