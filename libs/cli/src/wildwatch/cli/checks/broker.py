"""Checks of NATS: reachable, new enough, streams as declared and not full, keys there."""

from __future__ import annotations

from pathlib import Path

import nats.errors
import nats.js.errors

from wildwatch.bus import keyvalue
from wildwatch.bus.connection import Bus, NatsSettings, connect
from wildwatch.bus.errors import BusError, NotFitError
from wildwatch.bus.provision import StreamSettings, check_server, drift, stream_config
from wildwatch.cli.checks.result import Result, failed, passed, warned
from wildwatch.contracts import streams

_DEAD_JETSTREAM = "Free some disk, then restart nats-server: after a full disk it does not recover by itself"
_WARN_FILL = 0.75
_FAIL_FILL = 0.95


async def check(url: str, seed_file: Path) -> list[Result]:
    """Everything about the broker, as far as it can be reached."""
    settings = NatsSettings(
        url=tuple(url.split(",")), seed_file=str(seed_file), first_connect_timeout_s=2, request_timeout_s=3
    )
    try:
        async with connect(settings, "admin") as bus:
            return [_server(bus), *await _streams(bus), await _keys(bus)]
    except BusError as error:
        return [failed("nats", str(error), f"Start the NATS server at {url}, or see its log")]


def _server(bus: Bus) -> Result:
    version = bus.client.connected_server_version
    found = f"version {version.major}.{version.minor}.{version.patch}"
    try:
        check_server(bus)
    except NotFitError as error:
        return failed("nats", found, str(error))
    return passed("nats", found)


async def _streams(bus: Bus) -> list[Result]:
    results = []
    for stream in streams.STREAMS:
        name = f"stream {stream.name}"
        try:
            info = await bus.js.stream_info(stream.name)
        except nats.js.errors.NotFoundError:
            results.append(failed(name, "missing", "Start once by `wildwatch up`, which makes it"))
            continue
        except (TimeoutError, nats.errors.Error, nats.js.errors.Error):
            results.append(failed(name, "JetStream does not answer", _DEAD_JETSTREAM))
            continue
        if mistakes := drift(info.config, stream_config(stream, StreamSettings())):
            results.append(failed(name, "; ".join(mistakes), "Put its settings back, see docs/operating.md"))
            continue
        room = info.config.max_bytes or -1
        fill = info.state.bytes / room if room > 0 else 0.0
        found = f"{info.state.messages} messages, {fill:.0%} full"
        if fill >= _WARN_FILL and stream.discard == "new":
            mend = "Start or add a writer; when it is full ingest refuses posts and senders spool"
            results.append((failed if fill >= _FAIL_FILL else warned)(name, found, mend))
        else:
            results.append(passed(name, found))
    return results


async def _keys(bus: Bus) -> Result:
    try:
        entries = await keyvalue.read(bus, streams.API_KEYS)
    except BusError as error:
        return failed("keys", str(error), "Start once by `wildwatch up`, which rebuilds the bucket")
    if not entries:
        return warned("keys", "no API key: nobody can post", "Make one by `wildwatch key add --host HOST`")
    return passed("keys", f"{len(entries)} valid API keys")
