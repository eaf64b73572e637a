"""A service that does nothing, in the ways its first argument names."""

from __future__ import annotations

import asyncio
import sys

import msgspec

from wildwatch.runtime import service
from wildwatch.runtime.health import HealthSettings
from wildwatch.runtime.logging import LogSettings
from wildwatch.runtime.service import ServiceSettings


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    log: LogSettings = LogSettings(format="json")
    service: ServiceSettings = ServiceSettings()
    health: HealthSettings = HealthSettings()


async def serve(settings: Settings, process: service.Process) -> None:
    way = sys.argv[1]
    if way == "fail-at-start":
        raise RuntimeError("no good")
    if way == "waiting":
        process.health.wait_for("nats", "the event stream cannot be reached")
    process.started()
    if way == "end-early":
        return
    if way == "fail-later":
        await process.stop.wait()
        raise RuntimeError("while stopping")
    await process.stop.wait()
    if way == "hang":
        await asyncio.Event().wait()
    if way == "drain":
        await asyncio.sleep(0.5)  # what a real one takes to finish its work
        process.log.info("drained")


if __name__ == "__main__":
    service.run("dummy", Settings, serve)
