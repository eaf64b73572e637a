"""Dead letters: bury, browse, remove. `DEAD` keeps them 30 days."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import AsyncIterator

import msgspec
import nats.errors
import nats.js.errors

from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import BrokerUnavailableError
from wildwatch.bus.publish import Stored, publish
from wildwatch.contracts import subjects
from wildwatch.contracts.messages import DeadLetter
from wildwatch.contracts.streams import DEAD

_decode = msgspec.json.Decoder(DeadLetter).decode


class Buried(msgspec.Struct, frozen=True):
    """A dead letter and its place in `DEAD`."""

    seq: int
    letter: DeadLetter


def payload_text(payload: bytes) -> tuple[str, str]:
    """`(text, encoding)` for `DeadLetter.payload`: as it is when it is UTF-8 without NUL, else base64."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return base64.b64encode(payload).decode(), "base64"
    if "\0" in text:
        return base64.b64encode(payload).decode(), "base64"
    return text, "json"


def payload_bytes(letter: DeadLetter) -> bytes:
    """The bytes that were buried."""
    return base64.b64decode(letter.payload) if letter.encoding == "base64" else letter.payload.encode()


async def bury(bus: Bus, letter: DeadLetter) -> Stored:
    """Store a dead letter; only when this returned may its source be given up.

    The same trouble with the same content within the duplicate window is stored once. Raises
    `StreamFullError` or `BrokerUnavailableError`.
    """
    identity = (
        f"{letter.stream}|{letter.batch}|{letter.index}|{letter.stream_seq}|{letter.reason}|{letter.payload}"
    )
    name = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()
    return await publish(bus, subjects.dead(letter.stream), msgspec.json.encode(letter), name)


async def browse(bus: Bus, after_seq: int = 0, limit: int = 10_000) -> AsyncIterator[Buried]:
    """Dead letters in order of burial, at most `limit`. Raises `BrokerUnavailableError`."""
    seq = after_seq + 1
    for _ in range(limit):
        try:
            message = await bus.js.get_msg(
                DEAD.name, seq=seq, subject=subjects.ALL_DEAD, next=True, direct=True
            )
        except nats.js.errors.NotFoundError:
            return
        except (nats.errors.Error, nats.js.errors.Error) as error:
            raise BrokerUnavailableError("DEAD cannot be read") from error
        at = int(message.seq or 0)
        yield Buried(at, _decode(message.data or b"{}"))
        seq = at + 1


async def remove(bus: Bus, seq: int) -> None:
    """Take one dead letter away, after its replay was stored or by a person's order."""
    try:
        await bus.js.delete_msg(DEAD.name, seq)
    except nats.js.errors.NotFoundError:
        return


def replay_name(letter: DeadLetter, seq: int) -> str:
    """The batch name under which a dead letter travels again, the same at every try.

    A UUIDv7 like every batch name, because the ledger is partitioned by the time in it; its other bits
    are a hash of the letter's place, so replaying twice counts once.
    """
    digest = hashlib.sha256(f"{DEAD.name}|{seq}|{letter.stream}".encode()).digest()
    value = (letter.at_ms & ((1 << 48) - 1)) << 80 | int.from_bytes(digest[:10])
    value = value & ~(0xF << 76) | (7 << 76)
    value = value & ~(0x3 << 62) | (2 << 62)
    return str(uuid.UUID(int=value))
