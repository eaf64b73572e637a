"""`/livez`, `/readyz` and `/metrics` of a process, on a port of its own."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest


class HealthSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where a service answers questions about itself."""

    listen_host: Annotated[str, msgspec.Meta(description="Address of /livez, /readyz and /metrics.")] = (
        "127.0.0.1"
    )
    listen_port: Annotated[
        int,
        msgspec.Meta(ge=0, le=65535, description="Port of /livez, /readyz and /metrics; 0 takes a free one."),
    ] = 0


class Health:
    """What the process still waits for. Ready means: waiting for nothing.

    At most one entry a part of the process, so its size is bounded by the code.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, str] = {"start": "the service is starting"}

    def wait_for(self, part: str, why: str) -> None:
        """Not ready until `ready(part)`; `why` is shown to people and must hold no internals."""
        self._waiting[part] = why

    def ready(self, part: str) -> None:
        """`part` no longer holds the process back."""
        self._waiting.pop(part, None)

    @property
    def waiting(self) -> dict[str, str]:
        """Part → reason, empty when ready."""
        return dict(self._waiting)


async def start(
    settings: HealthSettings, health: Health, registry: CollectorRegistry
) -> tuple[web.AppRunner, int]:
    """Serve health and metrics; returns the runner (the caller cleans it up) and the port it got."""

    async def livez(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_: web.Request) -> web.Response:
        waiting = health.waiting
        return web.json_response(
            {"ready": not waiting, "waitingFor": waiting}, status=503 if waiting else 200
        )

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/livez", livez), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, settings.listen_host, settings.listen_port)
    await site.start()
    port: int = runner.addresses[0][1]
    return runner, port
