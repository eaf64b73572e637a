"""How much lies in a stream and how far its reader has come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
import nats.errors
import nats.js.errors

from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import CLIENT_ERRORS, BrokerUnavailableError
from wildwatch.contracts import streams


class StreamDepth(msgspec.Struct, frozen=True):
    """What a stream holds; both counts of bytes are uncompressed. `oldest` is None when it is empty."""

    name: str
    messages: int
    n_bytes: int
    max_bytes: int
    oldest: datetime | None


class DurableLag(msgspec.Struct, frozen=True):
    """How far a durable is behind. `oldest` is when its oldest message not yet acknowledged was stored."""

    name: str
    pending: int
    ack_pending: int
    redelivered: int
    oldest: datetime | None


class _State(msgspec.Struct):
    messages: int
    bytes: int
    first_ts: datetime
    last_seq: int


class _Config(msgspec.Struct):
    max_bytes: Annotated[int, msgspec.Meta(ge=-1)] = -1


class _Info(msgspec.Struct):
    state: _State | None = None
    config: _Config = msgspec.field(default_factory=_Config)


_decode = msgspec.json.Decoder(_Info).decode


async def stream_depth(bus: Bus, stream: streams.Stream, timeout_s: float = 2.0) -> StreamDepth:
    """Ask the broker. Raises `BrokerUnavailableError` when it does not answer or has no such stream."""
    state, config = await _info(bus, stream, timeout_s)
    return StreamDepth(
        stream.name,
        state.messages,
        state.bytes,
        config.max_bytes,
        state.first_ts if state.messages else None,
    )


async def last_seq(bus: Bus, stream: streams.Stream, timeout_s: float = 2.0) -> int:
    """Sequence of the newest message ever stored, 0 for none. Raises `BrokerUnavailableError`."""
    return (await _info(bus, stream, timeout_s))[0].last_seq


async def durable_lag(bus: Bus, durable: streams.Durable) -> DurableLag:
    """Ask the broker. Raises `BrokerUnavailableError` when it does not answer or has no such durable."""
    try:
        info = await bus.js.consumer_info(durable.stream, durable.name)
        waiting = (info.num_pending or 0) + (info.num_ack_pending or 0)
        oldest = None
        if waiting and info.ack_floor is not None:
            oldest = await _stored_at(bus, durable, info.ack_floor.stream_seq + 1)
    except CLIENT_ERRORS as error:
        raise BrokerUnavailableError(f"no information about durable {durable.name}") from error
    return DurableLag(
        durable.name,
        info.num_pending or 0,
        info.num_ack_pending or 0,
        info.num_redelivered or 0,
        oldest,
    )


async def _info(bus: Bus, stream: streams.Stream, timeout_s: float) -> tuple[_State, _Config]:
    try:
        # nats-py's StreamInfo leaves out first_ts, and reading the first message would move its payload.
        answer = await bus.client.request(f"$JS.API.STREAM.INFO.{stream.name}", b"", timeout=timeout_s)
        info = _decode(answer.data)
    except (*CLIENT_ERRORS, msgspec.DecodeError) as error:
        raise BrokerUnavailableError(f"no information about stream {stream.name}") from error
    if info.state is None:
        raise BrokerUnavailableError(f"there is no stream {stream.name}")
    return info.state, info.config


async def _stored_at(bus: Bus, durable: streams.Durable, seq: int) -> datetime | None:
    stream = next(s for s in streams.STREAMS if s.name == durable.stream)
    try:
        message = await bus.js.get_msg(
            stream.name, seq=seq, subject=stream.subjects[0], next=True, direct=True
        )
    except nats.js.errors.NotFoundError:
        return None  # acknowledged in the meantime
    return message.time.astimezone(UTC) if message.time else None
