"""The api in this process, over a real database and a real broker, at a fixed time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from litestar import Litestar
from tests.integration.api.mail_rows import Rows

from wildwatch.api.app import create_app
from wildwatch.api.live.feed import ROOMS, Feed
from wildwatch.api.live.hub import Hub
from wildwatch.api.page import files
from wildwatch.api.pipeline.watch import PipelineWatch
from wildwatch.api.resources import Resources
from wildwatch.api.server import make_server
from wildwatch.api.settings import ApiSettings
from wildwatch.bus.connection import Bus, NatsSettings, connect
from wildwatch.bus.provision import StreamSettings, provision
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.store.mail_queries import MailQueries
from wildwatch.store.pipeline_queries import PipelineQueries
from wildwatch.store.pool import DatabaseSettings, open_pool
from wildwatch.store.reading import Reader


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        # A whole minute close to now: the database has a clock of its own that cannot be set.
        self.time = datetime.now(UTC).replace(second=0, microsecond=0)

    def __call__(self) -> datetime:
        return self.time

    def ago(self, **span: float) -> int:
        """Epoch ms of a moment before now."""
        return round((self.time - timedelta(**span)).timestamp() * 1000)


@dataclass
class Api:
    """A client, and the parts behind it that a test moves."""

    client: httpx.AsyncClient
    clock: Clock
    rows: Rows
    hub: Hub
    feed: Feed
    admin: Bus
    resources: Resources
    database_url: str


@asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """The app behind its own server, and a client of it."""
    server = make_server(app)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        task = asyncio.create_task(server.serve(sockets=[listening]))
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            yield client
        server.should_exit = True
        await task


@pytest.fixture
async def api(database_url: str, fresh_nats_server: NatsServer, tmp_path: Path) -> AsyncIterator[Api]:
    """An api without a page."""
    settings = ApiSettings(page_dir=str(tmp_path / "dist"), live_backlog=4, live_max_drops=3)
    clock = Clock()

    def user(name: str) -> NatsSettings:
        return NatsSettings(url=(fresh_nats_server.url,), seed_file=str(fresh_nats_server.seed_file(name)))

    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(connect(user("admin"), "admin"))
        await provision(admin, StreamSettings(disk_bytes=100_000_000))
        bus = await stack.enter_async_context(connect(user("api"), "api"))
        pool = await stack.enter_async_context(open_pool(DatabaseSettings(url=database_url), "api"))
        connection = await asyncpg.connect(database_url)
        stack.push_async_callback(connection.close)
        mail = MailQueries(Reader(pool))
        pipeline = PipelineWatch(bus, PipelineQueries(Reader(pool)), mail, "apache", clock)
        hub = Hub(ROOMS, replay_s=60, backlog=4, max_drops=3, max_connections=3)
        resources = Resources(
            mail=mail, pipeline=pipeline, hub=hub, page=files.load(Path(settings.page_dir)), now=clock
        )
        app = create_app(resources, settings)
        client = await stack.enter_async_context(serving(app))
        feed = Feed(hub, pipeline, 1_000, clock)
        yield Api(client, clock, Rows(connection), hub, feed, admin, resources, database_url)
