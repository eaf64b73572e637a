"""Writers come and go, hang and die: what one held, another writes, once."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.chaos.parts import Database
from tests.fixtures.durable import redeliver_after
from tests.fixtures.processes import free_port
from tests.integration.writer.bench import Bench, batch, event, eventually, open_bench

from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.cli.embedded.timescaledb import Cluster
from wildwatch.store.migrate import migrate

SHORT = {
    "WILDWATCH_DATABASE_LOCK_TIMEOUT_S": "0.5",
    "WILDWATCH_DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_S": "2",
    "WILDWATCH_WRITER_RETRY_WAIT_MAX_S": "0.5",
}
PATIENT = {
    "WILDWATCH_DATABASE_LOCK_TIMEOUT_S": "60",
    "WILDWATCH_DATABASE_STATEMENT_TIMEOUT_S": "60",
    "WILDWATCH_DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_S": "60",
}


async def test_two_writers_share_the_work(bench: Bench) -> None:
    writers = [bench.start_writer(WILDWATCH_WRITER_FETCH_MESSAGES="1") for _ in range(2)]
    for n in range(60):
        await bench.publish(batch([event(n)]))
    await bench.drained()
    assert await bench.rows() == list(range(60))
    rows = [writer.metrics()["wildwatch_writer_rows_total"] for writer in writers]
    assert sum(rows) == 60
    assert min(rows) > 0, rows


async def test_what_a_killed_writer_held_comes_again(bench: Bench) -> None:
    for n in range(10):
        await bench.publish(batch([event(n)]))
    async with bench.locked_table():
        victim = bench.start_writer(**PATIENT)
        await bench.someone_waits_for_table()
        victim.kill()
    assert await bench.rows() == []
    bench.start_writer()
    await bench.drained()
    assert await bench.rows() == list(range(10))


async def test_a_writer_frozen_within_a_transaction_holds_the_other_up_for_seconds_only(
    bench: Bench,
) -> None:
    await bench.publish(batch([event(1)]))
    async with bench.locked_table():
        frozen = bench.start_writer(**SHORT | {"WILDWATCH_DATABASE_LOCK_TIMEOUT_S": "60"})
        await bench.someone_waits_for_table()
        frozen.freeze()  # its names stand in the ledger, uncommitted
        await bench.publish(batch([event(2)]))
    healthy = bench.start_writer(**SHORT)
    started = time.monotonic()

    async def written() -> bool:
        return await bench.rows() == [1, 2]

    # The message comes again after 2 s, then waits for the ledger until the server ends the silent session.
    await eventually(written, 15, bench.said)
    assert time.monotonic() - started < 10
    frozen.thaw()
    await bench.drained()
    await bench.publish(batch([event(3)]), batch([event(4)]))
    await bench.drained()
    assert await bench.rows() == [1, 2, 3, 4]
    assert frozen.readiness() == {}, frozen.log.read_text()
    assert healthy.readiness() == {}


async def test_a_writer_with_nothing_left_to_write_stops_at_once(bench: Bench) -> None:
    writer = bench.start_writer()
    await bench.publish(batch([event(n) for n in range(5)]))
    await bench.drained()
    started = time.monotonic()
    assert await asyncio.to_thread(writer.stop) == 0
    assert time.monotonic() - started < 4


async def test_memory_does_not_grow_with_what_was_written(bench: Bench) -> None:
    writer = bench.start_writer()

    async def write_and_measure() -> float:
        for _ in range(40):
            await bench.publish(batch([event(n, response="x" * 500) for n in range(500)]))
        await bench.drained()
        return writer.metrics()["process_resident_memory_bytes"]

    await write_and_measure()
    first = await write_and_measure()
    for _ in range(4):
        last = await write_and_measure()
    # 80,000 rows of 40 members are over 100 MB when somebody keeps them.
    assert last - first < 40_000_000, (first, last)


async def test_a_stopping_writer_hands_back_what_it_cannot_commit(bench: Bench) -> None:
    await redeliver_after(bench.bus, 60)
    for n in range(40):
        await bench.publish(batch([event(n)]))
    async with bench.locked_table():
        writer = bench.start_writer(
            **PATIENT, WILDWATCH_WRITER_FETCH_MESSAGES="4", WILDWATCH_WRITER_DRAIN_TIMEOUT_S="2"
        )
        await bench.someone_waits_for_table()
        started = time.monotonic()
        assert await asyncio.to_thread(writer.stop) == 0, bench.said()
        assert time.monotonic() - started < 10
    # Handed back means: there for another one now, not after ack_wait.
    bench.start_writer()
    await bench.drained(timeout_s=10)
    assert await bench.rows() == list(range(40))


@pytest.fixture
async def own_database(
    timescaledb_factory: Callable[..., Cluster],
    nats_server_factory: Callable[..., NatsServer],
    tmp_path: Path,
) -> AsyncIterator[tuple[Bench, Database]]:
    """A bench whose database may be killed and frozen."""
    cluster = timescaledb_factory(port=free_port())
    await migrate(cluster.dsn())
    database = Database(cluster)
    async with open_bench(nats_server_factory(), cluster.dsn(), tmp_path) as bench:
        try:
            yield bench, database
        finally:
            database.thaw()


async def test_a_copy_that_is_under_way_ends_when_the_database_dies(
    own_database: tuple[Bench, Database],
) -> None:
    """The socket is full and nobody will ever read from it again."""
    bench, database = own_database
    for start in range(0, 15_000, 5_000):
        await bench.publish(
            batch([event(n, response=os.urandom(200).hex()) for n in range(start, start + 5_000)])
        )
    async with bench.connected() as holder:
        await holder.execute("begin; lock table mail_event in exclusive mode")
        writer = bench.start_writer(**PATIENT, WILDWATCH_WRITER_MAX_TRANSACTION_ROWS="20000")
        await bench.someone_waits_for_table()
        await asyncio.to_thread(database.kill)
    await asyncio.to_thread(database.start)
    await bench.drained()
    assert await bench.rows() == list(range(15_000))
    await bench.publish(batch([event(20_000)]))
    await bench.drained()
    assert writer.metrics()["wildwatch_writer_rows_total"] == 15_001, "the one writer lived through it"


async def test_a_copy_to_a_silent_database_is_given_up(own_database: tuple[Bench, Database]) -> None:
    """As after a network that broke without a word: nobody reads, and nobody says that nobody reads."""
    bench, database = own_database
    for start in range(0, 15_000, 5_000):
        await bench.publish(
            batch([event(n, response=os.urandom(200).hex()) for n in range(start, start + 5_000)])
        )
    async with bench.connected() as holder:
        await holder.execute("begin; lock table mail_event in exclusive mode")
        writer = bench.start_writer(
            **PATIENT,
            WILDWATCH_WRITER_MAX_TRANSACTION_ROWS="20000",
            WILDWATCH_WRITER_COPY_TIMEOUT_S="2",
            WILDWATCH_WRITER_TRANSACTIONS_IN_FLIGHT="1",
        )
        await bench.someone_waits_for_table()
        database.freeze()

        async def tried_again() -> bool:
            return writer.metrics()["wildwatch_writer_retries_total"] > 0

        await eventually(tried_again, 10, bench.said)
        database.thaw()
    await bench.drained()
    assert await bench.rows() == list(range(15_000))


# nats-py forgets the transport of a connection that went stale.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("frozen", ["database", "broker", "both"])
async def test_a_writer_stops_in_time_while_others_hang(
    own_database: tuple[Bench, Database], frozen: str
) -> None:
    bench, database = own_database
    writer = bench.start_writer()
    await bench.publish(batch([event(n) for n in range(3)]))
    await bench.drained()
    nats = bench.road.nats
    for n in range(3, 30):
        await bench.publish(batch([event(n) for _ in range(1)]))
    if frozen != "broker":
        database.freeze()
    if frozen != "database":
        nats.freeze()
    started = time.monotonic()
    try:
        code = await asyncio.to_thread(writer.stop)
    finally:
        database.thaw()
        nats.thaw()
    assert code == 0, bench.said()
    assert time.monotonic() - started < 25
    bench.start_writer()
    await bench.drained()
    assert await bench.rows() == list(range(30))
