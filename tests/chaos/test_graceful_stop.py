"""SIGTERM under load: posts under way get their answers, and the process ends well and in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.chaos.load import Load, eventually
from tests.chaos.verdict import check_rows, wait_drained
from tests.fixtures.road import Road, open_road

from wildwatch.cli.embedded.nats_server import NatsServer

pytestmark = pytest.mark.chaos


@pytest.fixture
async def load_road(fresh_nats_server: NatsServer, database_url: str, tmp_path: Path) -> AsyncIterator[Road]:
    """A road whose ingest is told to come again soon."""
    async with open_road(
        fresh_nats_server, database_url, tmp_path, ingest={"WILDWATCH_INGEST_RETRY_AFTER_S": "1"}
    ) as road:
        yield road


async def test_ingest_answers_what_is_under_way_and_ends(load_road: Road) -> None:
    road = load_road
    async with Load(road) as load:
        await load.accepted(50)
        started = time.monotonic()
        code = await asyncio.to_thread(road.ingest.stop)
        assert code == 0, road.ingest.log.read_text()
        assert time.monotonic() - started < 5
        # A connection may be refused, or closed between two posts; no post waits for an answer in vain.
        assert load.sender.answers["TimeoutError"] == 0, load.sender.answers
        road.ingest.start()
        await asyncio.to_thread(road.ingest.wait_ready)
        await load.accepted(20)
    await wait_drained(road, timeout_s=30)
    await check_rows(road, load.sent)


# nats-py forgets the transport of a connection that went stale.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_ingest_ends_in_time_while_the_broker_hangs(load_road: Road) -> None:
    road = load_road
    async with Load(road) as load:
        await load.accepted(20)
        road.nats.freeze()
        try:
            await asyncio.sleep(0.5)  # posts are under way now, and their PubAcks will not come
            started = time.monotonic()
            code = await asyncio.to_thread(road.ingest.stop)
            seconds = time.monotonic() - started
        finally:
            road.nats.thaw()
        assert code == 0, road.ingest.log.read_text()
        assert seconds < 25
        assert load.sender.answers["503 no-broker"] > 0, load.sender.answers
        road.ingest.start()
        await asyncio.to_thread(road.ingest.wait_ready)
        await load.accepted(20)
    await wait_drained(road, timeout_s=60)
    await check_rows(road, load.sent)


@pytest.mark.parametrize("service", ["ingest", "writer"])
async def test_a_service_that_still_waits_for_the_broker_ends_at_once(load_road: Road, service: str) -> None:
    road = load_road
    process = road.ingest if service == "ingest" else road.writer
    await asyncio.to_thread(process.stop)
    road.nats.kill()
    process.start()
    await eventually(lambda: process.readiness() is not None)
    started = time.monotonic()
    assert await asyncio.to_thread(process.stop) == 0, process.log.read_text()
    assert time.monotonic() - started < 10


async def test_a_writer_under_load_commits_what_it_holds(load_road: Road) -> None:
    road = load_road
    async with Load(road) as load:
        await load.accepted(50)
        started = time.monotonic()
        assert await asyncio.to_thread(road.writer.stop) == 0, road.writer.log.read_text()
        assert time.monotonic() - started < 15
        writer = road.make_writer()
        with writer:
            await load.accepted(50)
            assert await asyncio.to_thread(writer.stop) == 0, writer.log.read_text()
    with road.make_writer() as writer:
        # What was not handed back would come after ack_wait, 30 s.
        await wait_drained(road, timeout_s=20)
        assert writer.readiness() == {}
    await check_rows(road, load.sent)
