from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from wildwatch.cli.demo.cluster import Cluster
from wildwatch.cli.demo.post import SealedBatch, prepared_bodies, seal
from wildwatch.cli.demo.sender import MAX_RETRY_AFTER_S, Backoff, Counters, HostSender
from wildwatch.contracts.post import MailPost, batch_time_ms

HOST = "out-01.demo.example"
NOW_MS = 1_795_320_000_000


@dataclass
class Ingest:
    """Answers by script, then with 202. A script's item is a status, or (status, Retry-After); 0 hangs up."""

    script: list[int | tuple[int, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    taken: list[bytes] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)  # aiohttp has inflated it
        self.keys.add(request.headers["Authorization"])
        step = self.script.pop(0) if self.script else 202
        status, after = step if isinstance(step, tuple) else (step, "")
        try:
            if status == 0:
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            if status == 202:
                self.taken.append(self.bodies[-1])
                return web.json_response({"accepted": 1, "rejected": []}, status=202)
            return web.Response(status=status, headers={"Retry-After": after} if after else {})
        finally:
            self.changed.set()

    async def until(self, done: Callable[[], bool]) -> None:
        while not done():
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 10)


@dataclass
class Slept:
    """Takes the place of asyncio.sleep: remembers and returns at once."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Running:
    ingest: Ingest
    sender: HostSender
    counters: Counters
    slept: Slept


@asynccontextmanager
async def running(
    script: list[int | tuple[int, str]],
    *,
    spool_bytes: int = 10_000_000,
    is_silent: Callable[[], bool] = lambda: False,
) -> AsyncIterator[Running]:
    ingest = Ingest(script)
    app = web.Application(client_max_size=10_000_000)
    app.router.add_post("/v1/events/mail", ingest.post)
    counters, slept = Counters(), Slept()
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        sender = HostSender(
            host=HOST,
            key="ww_secret",
            session=session,
            ingest_url=str(server.make_url("/")),
            spool_bytes=spool_bytes,
            backoff=Backoff(0.5, 30.0),
            counters=counters,
            is_silent=is_silent,
            sleep=slept,
        )
        task = asyncio.create_task(sender.run())
        try:
            yield Running(ingest, sender, counters, slept)
        finally:
            task.cancel()
            await asyncio.wait([task])


def _batch(number: int, size: int = 3) -> SealedBatch:
    return seal(HOST, [{"id": f"{number:018x}", "n": n, "ts": NOW_MS} for n in range(size)], NOW_MS)


def _names(bodies: list[bytes]) -> list[str]:
    return [msgspec.json.decode(body, type=MailPost).batch for body in bodies]


@pytest.mark.parametrize("trouble", [[429], [503, 503, 500], [0, 0], [502, 0, 429, 408, 401, 403]])
async def test_a_retry_is_the_same_bytes_and_nothing_is_lost_or_renamed(
    trouble: list[Any],
) -> None:
    async with running([*trouble, 202, *trouble]) as run:
        batches = [_batch(number) for number in range(3)]
        for batch in batches:
            await run.sender.put(batch)
        await run.ingest.until(lambda: len(run.ingest.taken) == 3)
        await run.sender.fewer_than(1)
    tries = len(trouble)
    names = [batch.name for batch in batches]
    assert _names(run.ingest.bodies) == [names[0]] * (tries + 1) + [names[1]] * (tries + 1) + [names[2]]
    assert run.ingest.taken == [zlib.decompress(batch.body, 31) for batch in batches]
    assert len(set(run.ingest.bodies)) == 3
    assert run.ingest.keys == {"Bearer ww_secret"}
    assert run.counters.retries == 2 * tries
    assert run.counters.accepted == 9


async def test_waits_grow_with_jitter_up_to_the_limit() -> None:
    async with running([503] * 12) as run:
        await run.sender.put(_batch(1))
        await run.ingest.until(lambda: bool(run.ingest.taken))
    whole = [min(0.5 * 2**n, 30.0) for n in range(12)]
    assert len(run.slept.seconds) == 12
    assert all(full / 2 <= wait <= full for full, wait in zip(whole, run.slept.seconds, strict=True))


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7.0, 7.5),
        ("0", 0.0, 0.5),
        ("soon", 0.0, 0.5),
        ("86400", MAX_RETRY_AFTER_S, MAX_RETRY_AFTER_S + 0.5),
        ("Fri, 01 Jan 2100 00:00:00 GMT", MAX_RETRY_AFTER_S, MAX_RETRY_AFTER_S + 0.5),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0, 0.5),
    ],
)
async def test_retry_after_is_honoured(header: str, least: float, most: float) -> None:
    async with running([(503, header)]) as run:
        await run.sender.put(_batch(1))
        await run.ingest.until(lambda: bool(run.ingest.taken))
    assert len(run.slept.seconds) == 1
    assert least <= run.slept.seconds[0] <= most


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_what_ingest_will_never_take_is_counted_and_does_not_hold_up_the_rest(status: int) -> None:
    async with running([status]) as run:
        first, second = _batch(1), _batch(2)
        await run.sender.put(first)
        await run.sender.put(second)
        await run.ingest.until(lambda: bool(run.ingest.taken))
    assert _names(run.ingest.bodies) == [first.name, second.name]
    assert run.counters.refused == 3
    assert run.counters.retries == 0


async def test_a_silent_host_delivers_late_and_in_order() -> None:
    silent = [True] * 5

    async with running([], is_silent=lambda: bool(silent) and silent.pop()) as run:
        batches = [_batch(number) for number in range(4)]
        for batch in batches:
            await run.sender.put(batch)
        await run.ingest.until(lambda: len(run.ingest.taken) == 4)
    assert run.slept.seconds == [1.0] * 5
    assert _names(run.ingest.taken) == [batch.name for batch in batches]


async def test_a_full_spool_drops_the_oldest_and_counts() -> None:
    batches = [_batch(number, size=10) for number in range(20)]
    room = sum(len(batch.body) for batch in batches[-5:])
    gate = asyncio.Event()
    silent: Callable[[], bool] = lambda: not gate.is_set()  # noqa: E731 - a parameter
    async with running([], spool_bytes=room, is_silent=silent) as run:
        for batch in batches:
            await run.sender.put(batch)
        assert run.sender.spooled_batches <= 6
        gate.set()
        await run.ingest.until(lambda: batches[-1].name in _names(run.ingest.taken))
    kept = _names(run.ingest.taken)
    assert kept == [batch.name for batch in batches][-len(kept) :]
    assert run.counters.dropped == 10 * (20 - len(kept))
    assert 4 <= len(kept) <= 6


def test_names_are_uuid7_of_the_moment_of_sealing() -> None:
    names = {_batch(1).name for _ in range(1_000)}
    assert len(names) == 1_000
    assert {batch_time_ms(name) for name in names} == {NOW_MS}


def test_prepared_bodies_are_full_posts_for_load_tests() -> None:
    cluster = Cluster(1, start_ms=NOW_MS, events_per_s=3_000, steady=True)
    made = prepared_bodies(cluster)
    hosts, seen = set(), set()
    for _ in range(60):
        host, body = next(made)
        post = msgspec.json.decode(body, type=MailPost)
        assert post.host == host
        assert len(post.events) == 500
        assert NOW_MS <= batch_time_ms(post.batch) <= cluster.now_ms
        hosts.add(host)
        for raw in post.events:
            event = msgspec.json.decode(raw)
            seen.add((event["instance"], event["pid"], event["n"]))
            assert host.startswith(event["instance"])
    assert len(seen) == 60 * 500
    assert len(hosts) >= 12
