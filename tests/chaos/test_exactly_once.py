"""Nothing lost, nothing twice: every part is killed and frozen at random while hosts send.

`WILDWATCH_CHAOS_EVENTS` sets how many events are sent at least (the long form: 2000000),
`WILDWATCH_CHAOS_SEED` repeats the acts of an earlier run; the seed is printed.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import aiohttp
import pytest
from tests.chaos.parts import Broker, Database, Part, Plan, Service, Torment, keep_running
from tests.chaos.posts import Mill, SealedPost
from tests.chaos.sender import Sender
from tests.chaos.verdict import check_dead_letters, check_rows, wait_drained
from tests.fixtures.durable import redeliver_after
from tests.fixtures.processes import free_port
from tests.fixtures.road import Road

from wildwatch.bus import connection, provision
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.cli.embedded.timescaledb import Cluster
from wildwatch.store.migrate import migrate

EVENTS = int(os.environ.get("WILDWATCH_CHAOS_EVENTS", "60000"))
IS_LONG = EVENTS >= 500_000
HOSTS = 4
LANES = 2

# The times of the product, made short, so that a freeze outlasts each of them.
ACK_WAIT_S = 4.0
DATABASE = {
    "WILDWATCH_DATABASE_LOCK_TIMEOUT_S": "1",
    "WILDWATCH_DATABASE_STATEMENT_TIMEOUT_S": "4",
    "WILDWATCH_DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_S": "3",
    "WILDWATCH_WRITER_RETRY_WAIT_MAX_S": "1",
    # Committed messages leave the broker at once: trimming must hold under fire as well.
    "WILDWATCH_TRIM_REPLAY_WINDOW_S": "0",
    "WILDWATCH_TRIM_INTERVAL_S": "1",
}
INGEST = {
    "WILDWATCH_INGEST_REUSE_PORT": "true",
    "WILDWATCH_INGEST_PUBLISH_TIMEOUT_S": "2",
    "WILDWATCH_INGEST_RETRY_AFTER_S": "1",
}
SENDER_TIMEOUT_S = 4.0
SHORT = Plan(kills=2, freezes_s=(5.5,), pause_s=(0.5, 3.0))
LONG = Plan(kills=10, freezes_s=(2.0, 5.5, 7.0, 16.0), pause_s=(2.0, 12.0), goes_on=True)


@pytest.mark.chaos
@pytest.mark.timeout(2400 if IS_LONG else 180)
async def test_every_acknowledged_event_is_a_row_once(
    timescaledb_factory: Callable[..., Cluster],
    nats_server_factory: Callable[..., NatsServer],
    tmp_path: Path,
) -> None:
    seed = int(os.environ.get("WILDWATCH_CHAOS_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"\nchaos: WILDWATCH_CHAOS_SEED={seed} WILDWATCH_CHAOS_EVENTS={EVENTS}", flush=True)
    nats = nats_server_factory(disk_bytes=2_000_000_000)
    cluster = timescaledb_factory(port=free_port())
    await migrate(cluster.dsn())
    road = Road(nats, cluster.dsn(), tmp_path)
    async with connection.connect(road.admin_settings, "admin") as bus:
        await provision.provision(bus, provision.StreamSettings(disk_bytes=1_500_000_000))
        await redeliver_after(bus, ACK_WAIT_S)
    hosts = [f"mta{number}.example.net" for number in range(1, HOSTS + 1)]
    keys = {host: await road.add_key(host) for host in hosts}

    timeouts = {"WILDWATCH_NATS_REQUEST_TIMEOUT_S": "2", **DATABASE}
    services = [
        *(Service(f"ingest-{n}", road.make_ingest(**INGEST, **timeouts)) for n in (1, 2)),
        *(Service(f"writer-{n}", road.make_writer(**timeouts)) for n in (1, 2)),
    ]
    parts: list[Part] = [*services, Broker(nats), Database(cluster)]
    torment = Torment(parts, LONG if IS_LONG else SHORT, seed)
    sending = Sending(road, keys, seed, torment)
    async with AsyncExitStack() as stack:
        for service in services:
            stack.callback(service.process.kill)
            service.start()
        for service in services:
            await asyncio.to_thread(service.process.wait_ready)

        started = time.monotonic()
        try:
            async with torment.going_on():
                await sending.until_enough()
        finally:
            sending.report(time.monotonic() - started)
        supervisor = asyncio.create_task(keep_running(parts, torment.ended))
        stack.callback(supervisor.cancel)

        await sending.once_more()
        await wait_drained(road, timeout_s=600 if IS_LONG else 60)
        rows = await check_rows(road, sending.sent)
        letters = await check_dead_letters(road, sending.sent)
        supervisor.cancel()
        with suppress(asyncio.CancelledError):
            await supervisor
    print(
        f"chaos: {rows} rows and {letters} dead letters, each once, {time.monotonic() - started:.0f} s in all"
    )
    assert rows == sum(len(post.ns) for post in sending.sent) >= EVENTS
    for part in parts:
        assert torment.kills[part.name] >= (10 if IS_LONG else 2), torment.kills
        assert torment.freezes[part.name] >= 1, torment.freezes


class Sending:
    """What the hosts send, all of it: the witness against the database."""

    def __init__(self, road: Road, keys: dict[str, str], seed: int, torment: Torment) -> None:
        self._road = road
        self._keys = keys
        self._seed = seed
        self._torment = torment
        self._answers: Counter[str] = Counter()
        self.sent: list[SealedPost] = []

    async def until_enough(self) -> None:
        """Every host, some posts at a time, until there are enough events and enough was destroyed."""
        await asyncio.gather(*(self._host(number, host) for number, host in enumerate(self._keys, 1)))

    async def once_more(self) -> None:
        """What was acknowledged long ago comes again: spools do that after a lost answer."""
        for host in self._keys:
            of_host = [post for post in self.sent if post.host == host and not post.rejected]
            sender = self._sender(host)
            async with aiohttp.ClientSession() as session:
                for post in [*of_host[:5], *(post for post in of_host if post.is_large)]:
                    await sender.deliver(session, post)

    async def _host(self, number: int, host: str) -> None:
        chance = random.Random(f"{self._seed}-{host}")
        mill = Mill(host, number)
        special = mill.special()
        sender = self._sender(host)
        share = EVENTS / len(self._keys)
        events = 0

        async def lane(session: aiohttp.ClientSession) -> None:
            nonlocal events
            while events < share or not self._torment.planned_done.is_set():
                post = next(special, None) if chance.random() < 0.2 else None
                if post is None:
                    many = chance.choice((1, 20, 500, 500) if events < share else (1, 20))
                    post = mill.ordinary(many, compressed=chance.random() < 0.5)
                self.sent.append(post)
                events += len(post.ns)
                await sender.deliver(session, post)

        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(lane(session) for _ in range(LANES)))
            for post in special:
                self.sent.append(post)
                await sender.deliver(session, post)

    def _sender(self, host: str) -> Sender:
        return Sender(
            self._road.ingest_url, self._keys[host], timeout_s=SENDER_TIMEOUT_S, answers=self._answers
        )

    def report(self, fire_s: float) -> None:
        """Print what was done, and what was heard."""
        torment = self._torment
        ended = {f"{name} with {code}": n for (name, code), n in torment.ended.items()}
        events = sum(len(post.ns) for post in self.sent)
        print(
            f"chaos: {events} events in {len(self.sent)} posts within {fire_s:.0f} s under fire\n"
            f"chaos: kills {dict(torment.kills)}, freezes {dict(torment.freezes)}\n"
            f"chaos: ended by themselves {ended}\n"
            f"chaos: answers {dict(self._answers)}",
            flush=True,
        )
