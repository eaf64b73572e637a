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
from typing import Any

import aiohttp
import pytest
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from tests.chaos.parts import Broker, Database, Plan, Service, Torment, keep_running
from tests.chaos.posts import Mill, SealedPost
from tests.chaos.sender import Sender
from tests.chaos.verdict import check_dead_letters, check_rows, wait_drained
from tests.fixtures.processes import free_port
from tests.fixtures.road import Road
from wildwatch.bus import connection, provision
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.cli.embedded.timescaledb import Cluster
from wildwatch.contracts.streams import WRITER_MAIL
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
LONG = Plan(kills=10, freezes_s=(2.0, 5.5, 7.0, 16.0), pause_s=(2.0, 12.0))


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
    parts = [*services, Broker(nats), Database(cluster)]
    torment = Torment(parts, LONG if IS_LONG else SHORT, seed)
    sent: list[SealedPost] = []
    answers: Counter[str] = Counter()
    async with AsyncExitStack() as stack:
        for service in services:
            stack.callback(service.process.kill)
            service.start()
        for service in services:
            await asyncio.to_thread(service.process.wait_ready)

        started = time.monotonic()
        async with torment.going_on():
            await asyncio.gather(
                *(
                    send(road, host, keys[host], number, seed, torment, sent, answers)
                    for number, host in enumerate(hosts, 1)
                )
            )
        sending_s = time.monotonic() - started
        supervisor = asyncio.create_task(keep_running(parts, torment.ended))
        stack.callback(supervisor.cancel)

        await post_again(road, keys, sent, answers)
        await wait_drained(road, 0, timeout_s=600 if IS_LONG else 60)
        rows = await check_rows(road, sent)
        letters = await check_dead_letters(road, sent)
        supervisor.cancel()
        with suppress(asyncio.CancelledError):
            await supervisor
    report(road, rows, letters, sent, answers, torment, sending_s, time.monotonic() - started)
    assert rows == sum(len(post.ns) for post in sent) >= EVENTS
    for part in parts:
        assert torment.kills[part.name] >= (10 if IS_LONG else 2), torment.kills
        assert torment.freezes[part.name] >= 1, torment.freezes


async def redeliver_after(bus: connection.Bus, ack_wait_s: float) -> None:
    """Make the writers' durable deliver again earlier than it does in production."""
    await bus.js.add_consumer(
        WRITER_MAIL.stream,
        ConsumerConfig(
            durable_name=WRITER_MAIL.name,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ack_wait_s,
            max_ack_pending=WRITER_MAIL.max_ack_pending,
        ),
    )


async def send(
    road: Road, host: str, key: str, number: int, seed: int, torment: Torment,
    sent: list[SealedPost], answers: Counter[str],
) -> None:  # fmt: skip
    """One host: some posts at a time, until there are enough events and enough was destroyed."""
    chance = random.Random(f"{seed}-{host}")
    mill = Mill(host, number)
    special = mill.special()
    sender = Sender(road.ingest_url, key, timeout_s=SENDER_TIMEOUT_S)
    events = 0

    async def lane(session: aiohttp.ClientSession) -> None:
        nonlocal events
        while events < EVENTS / HOSTS or not torment.planned_done.is_set():
            post = next(special, None) if chance.random() < 0.2 else None
            if post is None:
                many = chance.choice((1, 20, 500, 500) if events < EVENTS / HOSTS else (1, 20))
                post = mill.ordinary(many, compressed=chance.random() < 0.5)
            sent.append(post)
            events += len(post.ns)
            await sender.deliver(session, post)

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(lane(session) for _ in range(LANES)))
        for post in special:
            sent.append(post)
            await sender.deliver(session, post)
    answers.update(sender.answers)


async def post_again(road: Road, keys: dict[str, str], sent: list[SealedPost], answers: Counter[str]) -> None:
    """What was acknowledged long ago comes once more: spools do that after a lost answer."""
    async with aiohttp.ClientSession() as session:
        for host, key in keys.items():
            sender = Sender(road.ingest_url, key, timeout_s=SENDER_TIMEOUT_S)
            of_host = [post for post in sent if post.host == host and not post.rejected]
            for post in [*of_host[:5], *(post for post in of_host if post.is_large)]:
                await sender.deliver(session, post)
            answers.update(sender.answers)


def report(
    road: Road, rows: int, letters: int, sent: list[SealedPost], answers: Counter[str], torment: Torment,
    sending_s: float, total_s: float,
) -> None:  # fmt: skip
    figures: dict[str, Any] = {
        "rows": rows, "dead letters": letters, "posts": len(sent), "seconds of fire": round(sending_s),
        "seconds in all": round(total_s), "kills": dict(torment.kills), "freezes": dict(torment.freezes),
        "ended by themselves": {f"{name} with {code}": n for (name, code), n in torment.ended.items()},
        "answers": dict(answers),
    }  # fmt: skip
    for name, value in figures.items():
        print(f"chaos: {name}: {value}")
