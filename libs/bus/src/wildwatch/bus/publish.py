"""Publish and know that it is stored: a PubAck was seen, or an error says so."""

from __future__ import annotations

import msgspec
import nats.js.errors

from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import CLIENT_ERRORS, BrokerUnavailableError, StreamFullError

# maximum bytes exceeded, insufficient storage, maximum messages, insufficient resources
_FULL = frozenset({10077, 10047, 10023, 10122})


class Stored(msgspec.Struct, frozen=True):
    """Where a message is. `duplicate` means: the stream had it already under the same id."""

    stream: str
    seq: int
    duplicate: bool


async def publish(bus: Bus, subject: str, payload: bytes, message_id: str, timeout_s: float = 5.0) -> Stored:
    """Store one message; `message_id` is the first sieve against repeats.

    Raises `StreamFullError` (refused, not stored) or `BrokerUnavailableError` (not stored, or not known).
    """
    if not bus.client.is_connected:
        raise BrokerUnavailableError("not connected to NATS")
    try:
        ack = await bus.js.publish(subject, payload, timeout=timeout_s, headers={"Nats-Msg-Id": message_id})
    except nats.js.errors.APIError as error:
        if error.err_code in _FULL:
            raise StreamFullError(error.description or "stream is full") from error
        raise BrokerUnavailableError(error.description or "JetStream refused the message") from error
    except CLIENT_ERRORS as error:
        raise BrokerUnavailableError(f"no PubAck: {type(error).__name__}") from error
    return Stored(ack.stream, ack.seq, bool(ack.duplicate))
