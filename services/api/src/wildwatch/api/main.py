"""The API: build, run, close."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import msgspec
from litestar import Litestar

from wildwatch.api import metrics
from wildwatch.api.app import create_app
from wildwatch.api.live.feed import ROOMS, Feed
from wildwatch.api.live.hub import Hub
from wildwatch.api.page.files import load
from wildwatch.api.pipeline.watch import PipelineWatch
from wildwatch.api.resources import Resources, utc_now
from wildwatch.api.server import make_server
from wildwatch.api.settings import ApiSettings, Settings
from wildwatch.bus.connection import connect
from wildwatch.bus.live import live_mail
from wildwatch.runtime import service
from wildwatch.store.mail_queries import MailQueries
from wildwatch.store.pipeline_queries import PipelineQueries
from wildwatch.store.pool import open_pool
from wildwatch.store.reading import Reader
from wildwatch.store.timescale import edition


def main() -> None:
    """Entry point of `wildwatch-api`."""
    service.run("api", Settings, serve)


async def serve(settings: Settings, process: service.Process) -> None:
    """Run until `process.stop` is set."""
    own = settings.api
    # Reads end by their own, shorter time-out, whatever other services allow themselves.
    database = msgspec.structs.replace(settings.database, statement_timeout_s=own.read_timeout_s)
    async with open_pool(database, "api") as pool, connect(settings.nats, "api") as bus:
        async with pool.acquire() as connection:
            found_edition = await edition(connection)
        reader = Reader(pool)
        mail = MailQueries(reader)
        pipeline = PipelineWatch(bus, PipelineQueries(reader), mail, found_edition.value, utc_now)
        hub = Hub(
            ROOMS,
            replay_s=own.live_replay_s,
            backlog=own.live_backlog,
            max_drops=own.live_max_drops,
            max_connections=own.live_max_connections,
        )
        resources = Resources(mail=mail, pipeline=pipeline, hub=hub, page=load(Path(own.page_dir)))
        metrics.register(process.registry, hub)
        feed = Feed(hub, pipeline, own.live_max_rows, utc_now)
        app = create_app(resources, own)
        async with live_mail(bus, feed.add):
            await _listen(app, own, process, hub, feed)


async def _listen(
    app: Litestar, settings: ApiSettings, process: service.Process, hub: Hub, feed: Feed
) -> None:
    server = make_server(app)
    with socket.create_server((settings.listen_host, settings.listen_port), backlog=512) as listening:
        async with asyncio.TaskGroup() as group:
            group.create_task(feed.run(process.stop))
            serving = group.create_task(server.serve(sockets=[listening]))
            process.log.info("api_listening", host=settings.listen_host, port=listening.getsockname()[1])
            process.started()
            stopping = group.create_task(process.stop.wait())
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            process.stop.set()
            hub.close()
            server.should_exit = True


if __name__ == "__main__":
    main()
