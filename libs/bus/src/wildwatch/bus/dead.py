"""Dead letters: bury, browse, remove. `DEAD` keeps them 30 days."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import AsyncIterator

import msgspec
import nats.js.errors
from nats.js.api import RawStreamMsg

from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import CLIENT_ERRORS, BrokerUnavailableError
from wildwatch.bus.publish import Stored, publish
from wildwatch.contracts import subjects
from wildwatch.contracts.mail import MAX_PAYLOAD_BYTES
from wildwatch.contracts.messages import DeadLetter
from wildwatch.contracts.post import batch_name
from wildwatch.contracts.streams import DEAD

# no message found (10037, and 10057 when it was deleted), sequence not found (10043)
_NO_SUCH_MESSAGE = frozenset({10037, 10043, 10057})

_decode = msgspec.json.Decoder(DeadLetter).decode

_MAX_LETTER_BYTES = MAX_PAYLOAD_BYTES - 10_000  # headers count as well
_MAX_CUT_BYTES = 5_000_000


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
    if letter.encoding == "json":
        return letter.payload.encode()
    packed = base64.b64decode(letter.payload)
    return zlib.decompress(packed) if letter.encoding == "zlib" else packed


def _encode_to_fit(letter: DeadLetter) -> bytes:
    """The letter as a message the broker takes: compressed when it is large, cut when that is not enough.

    JSON in JSON and base64 grow, so what came as one message may not fit into one. A letter refused for
    its size would be tried for ever and hold the stream back.
    """
    encoded = msgspec.json.encode(letter)
    if len(encoded) <= _MAX_LETTER_BYTES:
        return encoded
    whole = payload_bytes(letter)
    packed = base64.b64encode(zlib.compress(whole, 6)).decode()
    fitting = msgspec.structs.replace(letter, payload=packed, encoding="zlib")
    encoded = msgspec.json.encode(fitting)
    if len(encoded) <= _MAX_LETTER_BYTES:
        return encoded
    kept = base64.b64encode(whole[:_MAX_CUT_BYTES]).decode()
    return msgspec.json.encode(
        msgspec.structs.replace(
            letter, payload=kept, encoding="base64", form="cut",
            detail=f"{letter.detail[:500]} (the first {_MAX_CUT_BYTES} of {len(whole)} bytes are kept)",
        )
    )  # fmt: skip


async def bury(bus: Bus, letter: DeadLetter) -> Stored:
    """Store a dead letter; only when this returned may its source be given up.

    The same trouble with the same content within the duplicate window is stored once. Raises
    `StreamFullError` or `BrokerUnavailableError`.
    """
    identity = (
        f"{letter.stream}|{letter.batch}|{letter.index}|{letter.stream_seq}|{letter.reason}|{letter.payload}"
    )
    name = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()
    return await publish(bus, subjects.dead(letter.stream), _encode_to_fit(letter), name)


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
        except CLIENT_ERRORS as error:
            raise BrokerUnavailableError("DEAD cannot be read") from error
        at = int(message.seq or 0)
        yield Buried(at, _letter(message))
        seq = at + 1


def _letter(message: RawStreamMsg) -> DeadLetter:
    """The letter; one that cannot be read is shown as it is, and hides none behind it."""
    try:
        return _decode(message.data or b"")
    except msgspec.DecodeError as error:
        text, encoding = payload_text(message.data or b"")
        return DeadLetter(
            stream=DEAD.name, subject=message.subject or "", reason="letter-unreadable", detail=str(error),
            at_ms=int(message.time.timestamp() * 1000) if message.time else 0, by="", payload=text,
            encoding=encoding, form="unreadable",
        )  # fmt: skip


async def remove(bus: Bus, seq: int) -> None:
    """Take one dead letter away, after its replay was stored or by a person's order.

    One that is gone already is no error. Raises `BrokerUnavailableError`.
    """
    try:
        await bus.js.delete_msg(DEAD.name, seq)
    except nats.js.errors.APIError as error:
        if error.err_code not in _NO_SUCH_MESSAGE:
            raise BrokerUnavailableError("DEAD cannot be changed") from error
    except CLIENT_ERRORS as error:
        raise BrokerUnavailableError("DEAD cannot be changed") from error


def replay_name(letter: DeadLetter, seq: int) -> str:
    """The batch name under which a dead letter travels again, the same at every try.

    A UUIDv7 like every batch name, because the ledger is partitioned by the time in it; its other bits
    are a hash of the letter's place, so replaying twice counts once.
    """
    digest = hashlib.sha256(f"{DEAD.name}|{seq}|{letter.stream}".encode()).digest()
    return batch_name(letter.at_ms, int.from_bytes(digest[:10]))
