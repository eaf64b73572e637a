"""SIGTERM under load: posts under way get their answers, and the process ends well and in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Self

import aiohttp
import pytest
from tests.chaos.posts import Mill, SealedPost
from tests.chaos.sender import Sender
from tests.chaos.verdict import check_rows, wait_drained
from tests.fixtures.road import HOST, Road, open_road

from wildwatch.cli.embedded.nats_server import NatsServer

pytestmark = pytest.mark.chaos
LANES = 8


@pytest.fixture
async def load_road(fresh_nats_server: NatsServer, database_url: str, tmp_path: Path) -> AsyncIterator[Road]:
    """A road whose ingest is told to come again soon."""
    async with open_road(
        fresh_nats_server, database_url, tmp_path, ingest={"WILDWATCH_INGEST_RETRY_AFTER_S": "1"}
    ) as road:
        yield road


async def eventually(condition: Callable[[], bool], timeout_s: float = 30) -> None:
    """Poll until it holds."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 # what is awaited lies in another process
            await asyncio.sleep(0.01)


class Load:
    """Hosts that send for as long as the block lasts, patiently."""

    def __init__(self, road: Road) -> None:
        self._road = road
        self._mill = Mill(HOST, 1)
        self._stop = asyncio.Event()
        self.sent: list[SealedPost] = []
        self.sender = Sender(road.ingest_url, road.key, timeout_s=10)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        self._lanes = [asyncio.create_task(self._lane()) for _ in range(LANES)]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop.set()
        if kind is not None:
            for lane in self._lanes:
                lane.cancel()
        await asyncio.gather(*self._lanes)
        await self._session.close()

    async def accepted(self, posts: int) -> None:
        """Wait until so many more posts were accepted."""
        wanted = self.sender.answers["202"] + posts
        await eventually(lambda: self.sender.answers["202"] >= wanted)

    async def _lane(self) -> None:
        while not self._stop.is_set():
            post = self._mill.ordinary(100, compressed=False)
            self.sent.append(post)
            await self.sender.deliver(self._session, post)


async def test_ingest_answers_what_is_under_way_and_ends(load_road: Road) -> None:
    road = load_road
    async with Load(road) as load:
        await load.accepted(50)
        started = time.monotonic()
        code = await asyncio.to_thread(road.ingest.stop)
        assert code == 0, road.ingest.log.read_text()
        assert time.monotonic() - started < 5
        # A connection that was only refused, or closed while idle, is no post that lost its answer.
        broken = {"ServerDisconnectedError", "ClientOSError", "ClientPayloadError", "TimeoutError"}
        assert sum(load.sender.answers[name] for name in broken) == 0, load.sender.answers
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
