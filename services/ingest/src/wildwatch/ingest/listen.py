"""A listening port with a bound on its connections, and an end that lets posts under way finish."""

from __future__ import annotations

import asyncio
import contextlib
from typing import cast

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
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


class UnderWay:
    """Counts the requests between their head and their answer; bounded by the connections."""

    def __init__(self) -> None:
        self._requests = 0
        self._none = asyncio.Event()
        self._none.set()
        self._ending = False

    def middleware(self) -> Middleware:
        """Counts, and hangs up after each answer once the end has begun."""

        @web.middleware
        async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._requests += 1
            self._none.clear()
            try:
                response = await handler(request)
                if self._ending:
                    response.force_close()
                return response
            finally:
                self._requests -= 1
                if not self._requests:
                    self._none.set()

        return counted

    async def ended(self, runner: web.AppRunner, timeout_s: float) -> None:
        """Take no new connections and wait for the answers, `timeout_s` at most.

        aiohttp's own clean-up ignores what still comes in, so a body half received would never be answered.
        """
        self._ending = True
        for site in list(runner.sites):
            await site.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._none.wait()
