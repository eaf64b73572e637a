"""The frame of every service: settings, logs, signals, health, and an ordered end.

    def main() -> None:
        service.run("ingest", Settings, serve)

`serve(settings, process)` builds what it needs, calls `process.started()`, works until `process.stop`
is set, and closes in the reverse order. SIGTERM and SIGINT set `stop`; a service that has not ended
`shutdown_grace_s` later is ended with exit code 1.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol, TypeVar

import msgspec
import structlog
import uvloop
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from wildwatch.runtime import health as health_server
from wildwatch.runtime import logging, settings


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the frame itself needs."""

    shutdown_grace_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds a service may take to drain after SIGTERM.")
    ] = 25.0


_GC_THRESHOLD = 100_000


class HasFrame(Protocol):
    """The groups each service's settings must have."""

    @property
    def log(self) -> logging.LogSettings: ...
    @property
    def service(self) -> ServiceSettings: ...
    @property
    def health(self) -> health_server.HealthSettings: ...


class Process:
    """What a running service may use of its process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stop = asyncio.Event()
        self.is_started = False
        self.health = health_server.Health()
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.log: structlog.stdlib.BoundLogger = logging.get(name)

    def started(self) -> None:
        """Everything is built: ready as soon as no part waits."""
        self.is_started = True
        self.health.ready("start")
        self.log.info("service_started")


S = TypeVar("S", bound=msgspec.Struct)
Serve = Callable[[S, Process], Awaitable[None]]


def run(name: str, kind: type[S], serve: Serve[S]) -> None:
    """Run a service to its end; never returns normally, exits 0 after a clean stop, else 1 or 2."""
    try:
        loaded = settings.load(kind, os.environ)
    except settings.SettingsError as error:
        sys.stderr.write(f"{name}: {error}\n")
        sys.exit(2)
    sys.exit(uvloop.run(_run(name, loaded, serve)))


async def _run(name: str, loaded: S, serve: Serve[S]) -> int:
    frame: HasFrame = loaded  # type: ignore[assignment] # checked by the tests of each service's Settings
    logging.configure(name, frame.log)
    process = Process(name)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, process.stop.set)
    try:
        runner, port = await health_server.start(frame.health, process.health, process.registry)
    except OSError as taken:
        process.log.error(  # noqa: TRY400 # the setting is wrong, not the code
            "health_not_listening", setting="WILDWATCH_HEALTH_LISTEN_PORT", error=taken.strerror
        )
        return 1
    process.log.info("health_listening", port=port)
    # Batches of ten thousand rows are alive at a time: with Python's thresholds the collector walks them
    # again and again, which was a quarter of the writer's CPU. What was imported never becomes garbage.
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD, 20, 50)
    work = asyncio.ensure_future(serve(loaded, process))
    stopping = asyncio.ensure_future(process.stop.wait())
    try:
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            process.health.wait_for("stop", "the service is stopping")
            process.log.info("service_stopping")
            await _end(work, process, frame.service.shutdown_grace_s)
        if not work.done():
            process.log.error("shutdown_grace_exceeded", grace_s=frame.service.shutdown_grace_s)
            work.cancel()
            return 1
        if not work.cancelled() and (error := work.exception()):
            process.log.error("service_failed", exc_info=error)
            return 1
        process.log.info("service_stopped")
        return 0
    finally:
        stopping.cancel()
        await runner.cleanup()


async def _end(work: asyncio.Future[None], process: Process, grace_s: float) -> None:
    """Let it drain; what has not started yet holds nothing, and may wait for a broker that never comes."""
    deadline = asyncio.get_running_loop().time() + grace_s
    while not work.done() and (left := deadline - asyncio.get_running_loop().time()) > 0:
        if not process.is_started:
            work.cancel()  # again and again: a driver that is connecting may swallow one
        await asyncio.wait({work}, timeout=left if process.is_started else min(left, 0.5))
