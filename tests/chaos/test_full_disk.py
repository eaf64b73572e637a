"""A full disk under the broker or the database: refused clearly, waited for, nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.chaos.disk import SmallDisk, small_disk
from tests.chaos.load import Load
from tests.chaos.verdict import check_dead_letters, check_rows, wait_drained
from tests.fixtures.durable import redeliver_after
from tests.fixtures.processes import free_port
from tests.fixtures.road import Road, open_road

from wildwatch.bus import connection
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.cli.embedded.timescaledb import Cluster, Installation
from wildwatch.store.migrate import migrate

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

TOLD_SOON = {"WILDWATCH_INGEST_RETRY_AFTER_S": "1", "WILDWATCH_INGEST_PUBLISH_TIMEOUT_S": "2"}
TRIES_SOON = {"WILDWATCH_WRITER_RETRY_WAIT_MAX_S": "1"}


def incompressible() -> str:
    """Text that takes as much of the disk as it is long."""
    return os.urandom(200).hex()


@pytest.fixture
def disk_of_broker(servers_folder: Path) -> Iterator[SmallDisk]:
    with small_disk(servers_folder / "small-nats" / "jetstream", 64_000_000) as disk:
        yield disk


@pytest.fixture
def broker(disk_of_broker: SmallDisk) -> Iterator[NatsServer]:
    with NatsServer(disk_of_broker.path.parent) as server:
        yield server


async def test_ingest_stops_taking_while_the_brokers_disk_still_has_room(
    broker: NatsServer, disk_of_broker: SmallDisk, database_url: str, tmp_path: Path
) -> None:
    watched = {**TOLD_SOON, "WILDWATCH_INGEST_STORE_PATH": str(disk_of_broker.path)}
    async with open_road(broker, database_url, tmp_path, ingest=watched, disk_bytes=64_000_000) as road:
        async with Load(road, padding=incompressible) as load:
            await load.accepted(20)
            disk_of_broker.leave(3_000_000)
            await load.answered("503 no-disk", 16)
            taken = load.sender.answers["202"]
            await load.answered("503 no-disk", 8)
            assert load.sender.answers["202"] == taken
            disk_of_broker.free()
            await load.accepted(20)  # and nobody had to start the broker anew
        await verify(road, load)


async def test_a_broker_whose_disk_was_full_goes_on_after_its_restart(
    broker: NatsServer, disk_of_broker: SmallDisk, database_url: str, tmp_path: Path
) -> None:
    async with open_road(broker, database_url, tmp_path, ingest=TOLD_SOON, disk_bytes=64_000_000) as road:
        async with Load(road, padding=incompressible) as load:
            await load.accepted(20)
            disk_of_broker.leave(2_000_000)
            await load.answered("503 no-broker", 16)
            disk_of_broker.free()
            await asyncio.to_thread(broker.restart)
            await load.accepted(20)
        await verify(road, load)


@asynccontextmanager
async def database_on(disk: SmallDisk, installation: Installation) -> AsyncIterator[Cluster]:
    cluster = Cluster(installation, disk.path, port=free_port())
    with cluster:
        await migrate(cluster.dsn())
        yield cluster


async def test_the_writer_waits_for_room_in_the_database(
    servers_folder: Path, timescaledb_installation: Installation, nats_server_factory: type[NatsServer],
    tmp_path: Path,
) -> None:  # fmt: skip
    nats = nats_server_factory()  # type: ignore[call-arg] # a factory
    with small_disk(servers_folder / "small-timescaledb", 500_000_000) as disk:
        async with (
            database_on(disk, timescaledb_installation) as cluster,
            open_road(
                nats,
                cluster.dsn(),
                tmp_path,
                ingest=TOLD_SOON,
                writer=TRIES_SOON,
            ) as road,
        ):
            async with connection.connect(road.admin_settings, "admin") as bus:
                await redeliver_after(bus, 5)
            async with Load(road, lanes=4, padding=incompressible) as load:
                await load.accepted(20)
                disk.leave(1_000_000)
                # Ingest does not need the database: everything is taken, and stays in the stream.
                await load.accepted(400)
                assert road.writer.metrics()["wildwatch_writer_retries_total"] > 0
                assert not any(name.startswith("503") for name in load.sender.answers), load.sender.answers
                disk.free()
                if not cluster.running():  # without room for its log PostgreSQL ends itself
                    await asyncio.to_thread(cluster.start)
            assert road.writer.readiness() == {}
            await verify(road, load)


async def verify(road: Road, load: Load) -> None:
    """Every acknowledged event once, and nothing given up."""
    await wait_drained(road, timeout_s=90)
    await check_rows(road, load.sent)
    assert await check_dead_letters(road, load.sent) == 0
