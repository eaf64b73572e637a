"""Rows through the ledger: each batch once, whoever writes it, and the bad row found."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
import pytest
from tests.fixtures.road import uuid7

from wildwatch.contracts.mail import MailBatch, MailEvent
from wildwatch.store import locks, mail_events
from wildwatch.store.errors import BadDataError, RetryableError, translate
from wildwatch.store.pool import DatabaseSettings, acquire, open_pool
from wildwatch.writer.rollups import partial_sums

NOW_MS = 1_795_318_946_537
PATIENCE_S = 10.0


def event(**members: Any) -> MailEvent:
    values = {
        "time_ms": NOW_MS,
        "action": "delivered",
        "queue_id": "1a20158e29a0007d3b",
        "seq": "001",
        **members,
    }
    return MailEvent(**values)


def batch(*events: MailEvent, name: str | None = None) -> mail_events.Batch:
    shared = {"host": "mta1.example.net", "received_ms": NOW_MS, "sent_ms": NOW_MS, "rules_version": 1}
    named = MailBatch(batch=name or uuid7(), events=list(events or (event(),)), **shared)
    return mail_events.to_rows(named)


@asynccontextmanager
async def connected(url: str, n: int = 1) -> AsyncIterator[list[asyncpg.Connection]]:
    """Prepared connections of a writer's pool."""
    settings = DatabaseSettings(url=url, max_connections=n, lock_timeout_s=0.5, statement_timeout_s=5)
    async with open_pool(settings, "test", mail_events.prepare) as pool, AsyncExitStack() as stack:
        yield [await stack.enter_async_context(acquire(pool)) for _ in range(n)]


async def write(connection: asyncpg.Connection, batches: Sequence[mail_events.Batch]) -> set[uuid.UUID]:
    return await mail_events.write(connection, batches, PATIENCE_S, partial_sums)


async def bad_rows(connection: asyncpg.Connection, rows: Sequence[tuple[Any, ...]], limit: int) -> list[int]:
    return await mail_events.bad_rows(connection, rows, limit, PATIENCE_S)


async def count(url: str, table: str = "mail_event") -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(f"select count(*) from {table}"))
    finally:
        await connection.close()


async def test_each_batch_counts_once(database_url: str) -> None:
    one, two = batch(event(), event()), batch(event())
    async with connected(database_url) as [writer]:
        assert await write(writer, [one, two]) == {one.name, two.name}
        assert await write(writer, [two, one]) == set()
        three = batch()
        assert await write(writer, [one, three]) == {three.name}
    assert (await count(database_url), await count(database_url, "ingested_batch")) == (4, 3)


async def test_a_name_that_comes_twice_in_one_go_counts_once(database_url: str) -> None:
    name = uuid7()
    async with connected(database_url) as [writer]:
        assert len(await write(writer, [batch(name=name), batch(name=name)])) == 1
    assert await count(database_url) == 1


async def test_nothing_to_write_is_no_error(database_url: str) -> None:
    async with connected(database_url) as [writer]:
        assert await write(writer, []) == set()
        empty = mail_events.Batch(uuid.UUID(uuid7()), NOW_MS, "h", [])
        assert await write(writer, [empty]) == {empty.name}


async def test_every_column_arrives_as_it_was(database_url: str) -> None:
    full = event(
        time_suspect=True, instance="default", pid=704, n=2**40, message_id="<a@b>", zone="z", pool="p",
        source_ip="2001:db8::7", mx="mx.example.org", mx_ip="198.51.100.26", provider="google",
        sender="a@b", sender_domain="b", return_path="", recipient="ü@exämple.org", mailbox="m",
        recipient_domain="exämple.org", client_ip="203.0.113.9", interface="feeder", smtp_code=250,
        enhanced_code="2.0.0", response="250 OK 📧", reply_template="250 OK", bounce_class="other",
        permanent=False, zonemta_category="x", attempt=3, next_attempt_ms=NOW_MS + 1, queued_ms=2**40,
        delivery_ms=1, size=2**40, spam_score=1.5, tls="TLSv1.3",
        extra={"a": [1, None, {"b": "ü"}]},
    )  # fmt: skip
    async with connected(database_url) as [writer]:
        await write(writer, [batch(full)])
    reader = await asyncpg.connect(database_url)
    row = dict(await reader.fetchrow("select * from mail_event"))
    await reader.close()
    assert row["time"].timestamp() * 1000 == pytest.approx(NOW_MS)
    assert row["next_attempt"].timestamp() * 1000 == pytest.approx(NOW_MS + 1)
    assert (str(row["source_ip"]), str(row["mx_ip"])) == ("2001:db8::7", "198.51.100.26")
    assert (row["recipient"], row["response"], row["return_path"]) == ("ü@exämple.org", "250 OK 📧", "")
    assert (row["n"], row["size"], row["spam_score"], row["permanent"]) == (2**40, 2**40, 1.5, False)
    assert row["extra"].replace(" ", "") == '{"a":[1,null,{"b":"ü"}]}'
    assert row["host"] == "mta1.example.net"


BAD = [
    {"response": "a\0b"}, {"response": "\ud800"}, {"smtp_code": 40_000}, {"source_ip": "not an address"},
    {"pid": 2**40}, {"size": 2**70},
    {"action": None}, {"time_ms": 10**20}, {"spam_score": "x"},
    {"extra": {"a": "\0"}}, {"zone": 5}, {"permanent": "perhaps"}, {"message_id": "x" * 10_000},
]  # fmt: skip


@pytest.mark.parametrize("members", BAD, ids=[str(bad)[:40] for bad in BAD])
async def test_a_row_the_database_refuses_is_found_and_nothing_is_written(
    database_url: str, members: dict[str, Any]
) -> None:
    seq = {"seq": "001"} if "message_id" in members else {}
    good = [event() for _ in range(7)]
    mixed = batch(*good[:4], event(**members, **seq), *good[4:])
    async with connected(database_url) as [writer]:
        if "message_id" in members:
            mixed.rows[4] = (*mixed.rows[4][:8], random.Random(1).randbytes(6_000).hex(), *mixed.rows[4][9:])
        with pytest.raises(BadDataError):
            await write(writer, [mixed])
        assert await bad_rows(writer, mixed.rows, 10) == [4]
        assert (
            await mail_events.bad_rows(
                writer, [row for n, row in enumerate(mixed.rows) if n != 4], 10, PATIENCE_S
            )
            == []
        )
        assert await write(writer, [batch()])  # the connection is as good as before
    assert (await count(database_url), await count(database_url, "ingested_batch")) == (1, 1)


async def test_looking_for_bad_rows_ends_at_its_limit(database_url: str) -> None:
    rows = batch(*(event(response="\0" if n % 2 else "ok") for n in range(64))).rows
    async with connected(database_url) as [writer]:
        assert await bad_rows(writer, rows, 1_000) == list(range(1, 64, 2))
        assert await bad_rows(writer, rows, 5) == [1, 3, 5, 7, 9]
        assert await bad_rows(writer, [], 5) == []
    assert await count(database_url) == 0


def test_a_name_that_is_no_uuid7_is_bad() -> None:
    for name in ("", "x", str(uuid.uuid4())):
        with pytest.raises(BadDataError, match="UUIDv7"):
            batch(name=name or " ")


async def test_two_writers_with_the_same_batches_in_opposite_order_do_not_deadlock(database_url: str) -> None:
    batches = [batch(event()) for _ in range(60)]
    async with connected(database_url, 2) as writers:
        for _ in range(5):
            fresh = [batch(event()) for _ in range(60)]
            results = await asyncio.gather(
                write(writers[0], fresh),
                write(writers[1], fresh[::-1]),
                return_exceptions=True,
            )
            assert not [result for result in results if isinstance(result, BaseException)], results
            first, second = (result for result in results if isinstance(result, set))
            assert first | second == {one.name for one in fresh}
            assert not first & second
            batches += fresh
    assert await count(database_url) == 300


async def test_a_batch_another_holds_is_waited_for_no_longer_than_the_lock_timeout(database_url: str) -> None:
    held = batch()
    async with connected(database_url, 2) as [one, other]:
        transaction = one.transaction()
        await transaction.start()
        await one.execute(
            "insert into ingested_batch (named_at, batch, host, rows) values ($1, $2, 'h', 1)",
            held.named_ms, held.name,
        )  # fmt: skip
        with pytest.raises(RetryableError):
            await write(other, [held])
        await transaction.rollback()
        assert await write(other, [held]) == {held.name}


async def test_a_lock_is_one_processs_at_a_time(database_url: str) -> None:
    async with connected(database_url, 2) as [one, other]:
        async with locks.try_lock(one, "trim") as mine, locks.try_lock(other, "trim") as theirs:
            assert (mine, theirs) == (True, False)
            async with locks.try_lock(other, "something else") as free:
                assert free is True
        async with locks.try_lock(other, "trim") as now:
            assert now is True


async def test_a_lock_goes_with_its_connection(database_url: str) -> None:
    async with connected(database_url) as [other]:
        holder = await asyncpg.connect(database_url)
        async with locks.try_lock(other, "x"):
            pass
        pid = await holder.fetchval("select pg_backend_pid()")
        # The end of the block is what fails.
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):  # noqa: PT012
            async with locks.try_lock(holder, "trim") as theirs:
                assert theirs is True
                await other.execute("select pg_terminate_backend($1, 2000)", pid)
        async with locks.try_lock(other, "trim") as mine:
            assert mine is True
        holder.terminate()


Failure = Callable[[asyncpg.Connection], Coroutine[Any, Any, Any]]

FAILURES: list[tuple[str, Failure, type[Exception]]] = [
    ("number too large", lambda c: c.execute("select 40000::smallint"), BadDataError),
    ("no such unicode", lambda c: c.execute("select $1::text", "\0"), BadDataError),
    ("division", lambda c: c.execute("select 1/0"), BadDataError),
    ("null", lambda c: c.execute("insert into schema_migration values (null)"), BadDataError),
    ("wrong type for the client", lambda c: c.execute("select $1::int", "x"), BadDataError),
    ("server timeout", lambda c: c.execute("set statement_timeout = 9; select pg_sleep(5)"), RetryableError),
    ("client timeout", lambda c: c.execute("select pg_sleep(5)", timeout=0.05), RetryableError),
    ("no such table", lambda c: c.execute("select * from nowhere"), RetryableError),
    ("killed", lambda c: c.execute("select pg_terminate_backend(pg_backend_pid())"), RetryableError),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fail", "meaning"), FAILURES, ids=[name for name, *_ in FAILURES])
async def test_failures_mean_try_again_or_bad_data(
    database_url: str, name: str, fail: Failure, meaning: type[Exception]
) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        with pytest.raises(Exception) as failed:  # noqa: PT011 # whatever the driver makes of it
            await fail(connection)
    finally:
        connection.terminate()
    translated = translate(failed.value)
    assert type(translated) is meaning
    assert "select" not in str(translated)


async def test_no_database_and_no_entry_are_retryable(database_url: str) -> None:
    for url in (
        "postgresql://127.0.0.1:1/x",
        database_url.replace("@", "wrong@", 1),
        database_url + "_missing",
    ):
        settings = DatabaseSettings(url=url, first_connect_timeout_s=0.2)
        with pytest.raises(RetryableError) as refused:
            async with open_pool(settings, "test", retry_wait_s=0.05):
                raise AssertionError("there is no such database")
        assert "wrong" not in str(refused.value)


def test_what_is_no_failure_of_the_database_is_not_translated() -> None:
    assert translate(ZeroDivisionError()) is None
    assert translate(asyncio.CancelledError()) is None
