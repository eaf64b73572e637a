"""Ingest: builds, runs, closes."""

from __future__ import annotations

import asyncio
import time

from aiohttp import web

from wildwatch.bus import connection as nats
from wildwatch.bus.connection import Bus
from wildwatch.bus.keyvalue import Mirror
from wildwatch.contracts.streams import API_KEYS
from wildwatch.ingest.body import ByteBudget
from wildwatch.ingest.disk import DiskGuard
from wildwatch.ingest.door import Door, refusals_as_answers
from wildwatch.ingest.gather import Gatherer
from wildwatch.ingest.keys import KeyRing
from wildwatch.ingest.listen import BoundedSite, UnderWay
from wildwatch.ingest.metrics import Metrics
from wildwatch.ingest.rates import Rates
from wildwatch.ingest.settings import IngestSettings, Settings
from wildwatch.mail.normalise import Normaliser
from wildwatch.runtime import service

_DRAIN_S = 15.0
"""For posts under way after SIGTERM; with what follows it stays below the 25 s a service may take."""


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def serve(settings: Settings, process: service.Process) -> None:
    """Take posts until told to stop; then finish those under way."""
    own = settings.ingest
    metrics = Metrics(process.registry)
    async with nats.connect(settings.nats, "ingest") as bus:
        mirror = Mirror(bus, API_KEYS, settings.mirror)
        keys = KeyRing(mirror, own.trusted_proxies, _now_ms)
        metrics.keys.set_function(lambda: len(keys))
        gatherer = Gatherer(bus, own, metrics.publish_seconds)
        disk = DiskGuard(own, metrics.free_disk_share, time.monotonic)
        door = Door(
            bus=bus,
            keys=keys,
            gatherer=gatherer,
            budget=ByteBudget(own.max_bytes_in_flight, metrics.bytes_in_flight, own.retry_after_s),
            rates=Rates(own, time.monotonic),
            disk=disk,
            normaliser=Normaliser(max_cache_entries=own.normaliser_cache_entries),
            settings=own,
            metrics=metrics,
            clock_ms=_now_ms,
        )
        async with mirror.kept_fresh():
            watching = asyncio.create_task(_watch(bus, disk, process))
            under_way = UnderWay()
            runner = await _listen(own, door, metrics, under_way)
            process.log.info("ingest_listening", host=own.listen_host, port=runner.addresses[0][1])
            process.started()
            await process.stop.wait()
            await under_way.ended(runner, _DRAIN_S)
            await runner.cleanup()
            await gatherer.flush()
            watching.cancel()


async def _listen(own: IngestSettings, door: Door, metrics: Metrics, under_way: UnderWay) -> web.AppRunner:
    app = web.Application(middlewares=[under_way.middleware(), refusals_as_answers(metrics, own)])
    app.router.add_post("/v1/events/mail", door.post_mail)
    runner = web.AppRunner(
        app,
        access_log=None,
        auto_decompress=False,  # inflating has a bound of its own
        keepalive_timeout=own.keepalive_timeout_s,
        # How long the rest of a refused body is read away, so that its sender sees the answer, not a reset.
        lingering_time=2.0,
        shutdown_timeout=2,
    )
    await runner.setup()
    server = runner.server
    assert server is not None
    metrics.connections.set_function(lambda: len(server.connections))
    await BoundedSite(runner, own, metrics.connections_refused).start()
    return runner


async def _watch(bus: Bus, disk: DiskGuard, process: service.Process, interval_s: float = 1.0) -> None:
    while True:
        disk.look()
        if bus.is_connected:
            process.health.ready("nats")
        else:
            process.health.wait_for("nats", "the event stream cannot be reached")
        await asyncio.sleep(interval_s)


def main() -> None:
    """Entry point of `wildwatch-ingest`."""
    service.run("ingest", Settings, serve)


if __name__ == "__main__":
    main()
