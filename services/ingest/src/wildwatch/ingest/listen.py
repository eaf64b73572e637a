"""A listening port with a bound on its connections."""

from __future__ import annotations

import asyncio
from typing import cast

from aiohttp import web
from prometheus_client import Counter

from wildwatch.ingest.settings import IngestSettings

_BACKLOG = 1_024


class BoundedSite(web.BaseSite):
    """Like `web.TCPSite`, but closes each connection beyond `max_connections` at once and counts it."""

    def __init__(self, runner: web.AppRunner, settings: IngestSettings, refused: Counter) -> None:
        super().__init__(runner)
        self._settings = settings
        self._refused = refused

    @property
    def name(self) -> str:
        return f"http://{self._settings.listen_host}:{self._settings.listen_port}"

    async def start(self) -> None:
        """Listen. Raises `OSError` when the port is taken."""
        await super().start()
        server = self._runner.server
        assert server is not None

        def protocol() -> asyncio.Protocol:
            if len(server.connections) >= self._settings.max_connections:
                self._refused.inc()
                return _Closed()
            return server()

        self._server = await asyncio.get_running_loop().create_server(
            protocol,
            self._settings.listen_host,
            self._settings.listen_port,
            backlog=_BACKLOG,
            reuse_port=self._settings.reuse_port or None,
        )


class _Closed(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).abort()
