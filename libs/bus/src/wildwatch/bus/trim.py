"""Free what every durable has acknowledged and nobody will want to replay.

The broker keeps messages after their acknowledgement, so that a restored database can be refilled from
them. This frees them when they are older than the replay window, or earlier when the stream gets
full: a stream must never refuse new events for the sake of ones that are safely in the database.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import CLIENT_ERRORS, BrokerUnavailableError
from wildwatch.contracts import streams

_NO_MESSAGE = 10037


class TrimSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How long the broker keeps what is committed."""

    replay_window_s: Annotated[
        int, msgspec.Meta(ge=0, description="Seconds committed events stay in the broker for a replay.")
    ] = 7200
    high_water_share: Annotated[
        float,
        msgspec.Meta(gt=0, lt=1, description="Fill of a stream above which committed events leave early."),
    ] = 0.7
    interval_s: Annotated[float, msgspec.Meta(gt=0, description="Seconds between trims.")] = 10.0


async def trim(bus: Bus, stream: streams.Stream, settings: TrimSettings, now: datetime) -> int:
    """Trim one stream once and return the number of messages freed.

    Only one process at a time may do this (the caller holds a lock). Raises `BrokerUnavailableError`.
    """
    try:
        info = await bus.js.stream_info(stream.name)
        floors = []
        for durable in streams.DURABLES:
            if durable.stream == stream.name:
                consumer = await bus.js.consumer_info(stream.name, durable.name)
                floors.append(consumer.ack_floor.stream_seq if consumer.ack_floor else 0)
        if not floors or not info.state.messages:
            return 0
        committed = min(floors) + 1  # purging up to here keeps everything that is not acknowledged
        first = info.state.first_seq
        keep_from = min(
            committed, await _first_since(bus, stream, now - timedelta(seconds=settings.replay_window_s))
        )
        if info.config.max_bytes and info.state.bytes > info.config.max_bytes * settings.high_water_share:
            # A quarter of what is committed at a time: the next trim follows within seconds.
            keep_from = max(keep_from, first + max(1, (committed - first) // 4))
            keep_from = min(keep_from, committed)
        if keep_from <= first:
            return 0
        await bus.js.purge_stream(stream.name, seq=keep_from)
    except CLIENT_ERRORS as error:
        raise BrokerUnavailableError(f"stream {stream.name} cannot be trimmed") from error
    return keep_from - first


async def _first_since(bus: Bus, stream: streams.Stream, since: datetime) -> int:
    """First sequence stored at or after `since`; one past the last when there is none."""
    start = since.astimezone(UTC).isoformat().replace("+00:00", "Z")
    request = msgspec.json.encode({"start_time": start, "next_by_subj": stream.subjects[0]})
    answer = await bus.client.request(f"$JS.API.STREAM.MSG.GET.{stream.name}", request, timeout=5)
    found = msgspec.json.decode(answer.data)
    if "message" in found:
        return int(found["message"]["seq"])
    if found.get("error", {}).get("err_code") != _NO_MESSAGE:
        # Taking a broker that cannot answer for one that has nothing younger would empty the replay window.
        raise BrokerUnavailableError(f"stream {stream.name} cannot be asked for a time")
    info = await bus.js.stream_info(stream.name)
    return info.state.last_seq + 1
