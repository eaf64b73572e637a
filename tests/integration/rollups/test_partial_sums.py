"""The minute tables and the events they sum up always agree."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tests.fixtures.road import delivered, post_body

from wildwatch.contracts.mail import MailBatch, MailEvent
from wildwatch.store import mail_events
from wildwatch.store.errors import BadDataError
from wildwatch.store.rollups import MINUTE_TABLES, fold
from wildwatch.writer.rollups import partial_sums

_AGREE = """
with raw as (
    select time_bucket('1 minute', time) as bucket, zone, pool, provider, action, bounce_class,
           count(*) as events
    from mail_event group by 1, 2, 3, 4, 5, 6
), kept as (
    select bucket, zone, pool, provider, action, bounce_class, sum(events) as events
    from mail_flow_1m group by 1, 2, 3, 4, 5, 6
)
select (select count(*) from (select * from raw except select * from kept) a),
       (select count(*) from (select * from kept except select * from raw) b)
"""
_TOTALS = """
select
    (select count(*) from mail_event) as raw,
    (select coalesce(sum(events), 0) from mail_flow_1m) as flow,
    (select coalesce(sum(events), 0) from mail_host_1m) as host,
    (select count(*) from mail_event where action in ('delivered', 'deferred', 'bounced')) as attempts,
    (select coalesce(sum(delivered + deferred + bounced), 0) from mail_ip_1m) as ip,
    (select count(*) from mail_event where action = 'delivered' and queued_ms is not null) as timed,
    (select coalesce(sum(events), 0) from mail_latency_1m where kind = 'queue') as latency,
    (select coalesce(sum(events), 0) from mail_host_latency_1m where kind = 'queue') as host_latency,
    (select coalesce(sum(size), 0) from mail_event) as size,
    (select coalesce(sum(bytes), 0) from mail_ip_1m) as bytes
"""


def batch(seed: int, now: datetime) -> MailBatch:
    """Fifty events of one host over five minutes, the same for the same seed."""
    chosen = random.Random(seed)
    start_ms = int(now.timestamp() * 1000)
    return MailBatch(
        batch=f"{start_ms >> 16:08x}-{start_ms & 0xFFFF:04x}-7{seed % 4096:03x}-8000-{seed:012x}",
        host=f"mta{seed % 3}", received_ms=start_ms, sent_ms=start_ms, rules_version=1,
        events=[
            MailEvent(
                time_ms=start_ms - chosen.randrange(300_000), queue_id=f"q{seed}x{n}",
                action=chosen.choice(["queued", "delivered", "delivered", "deferred", "bounced"]),
                zone=chosen.choice(["default", None]), pool="bulk",
                provider=chosen.choice(["google", "yahoo"]),
                source_ip=f"192.0.2.{chosen.randrange(5) + 1}", size=chosen.randrange(9_000),
                bounce_class=chosen.choice([None, "dnsbl_block", "rate_limit", "policy"]),
                queued_ms=chosen.randrange(100_000), delivery_ms=chosen.randrange(5_000),
            )
            for n in range(50)
        ],
    )  # fmt: skip


async def totals(connection: Any) -> dict[str, int]:
    """Every sum that must agree."""
    return dict(await connection.fetchrow(_TOTALS))


def assert_equal_sums(found: dict[str, int]) -> None:
    assert found["raw"] == found["flow"] == found["host"]
    assert found["attempts"] == found["ip"]
    assert found["timed"] == found["latency"] == found["host_latency"]


async def test_sums_equal_raw_whatever_is_delivered_twice_folded_or_read_meanwhile(database_url: str) -> None:
    now = datetime.now(UTC)
    batches = [mail_events.to_rows(batch(seed, now)) for seed in range(120)]
    order = [one for one in batches for _ in range(3)]
    random.Random(7).shuffle(order)
    reads: list[dict[str, int]] = []

    async def write(share: list[mail_events.Batch]) -> None:
        connection = await asyncpg.connect(database_url)
        await mail_events.prepare(connection)
        for at in range(0, len(share), 4):
            await mail_events.write(connection, share[at : at + 4], 30.0, partial_sums)
        await connection.close()

    async def folding(writing: asyncio.Future[Any]) -> None:
        connection = await asyncpg.connect(database_url)
        while not writing.done():
            for table in MINUTE_TABLES:
                await fold(connection, table, now + timedelta(minutes=5), 3)
            reads.append(await totals(connection))
        await connection.close()

    writing = asyncio.gather(*(write(order[part::3]) for part in range(3)))
    await asyncio.gather(writing, folding(writing), folding(writing))
    connection = await asyncpg.connect(database_url)
    final = await totals(connection)
    assert final["raw"] == 120 * 50
    assert reads
    for found in [*reads, final]:
        assert_equal_sums(found)
    assert tuple(await connection.fetchrow(_AGREE)) == (0, 0)
    for table in MINUTE_TABLES:
        while (await fold(connection, table, now + timedelta(minutes=5), 100))[0]:
            pass
        assert await connection.fetchval(f"select count(*) from {table.name} where not folded") == 0
    assert tuple(await connection.fetchrow(_AGREE)) == (0, 0)
    assert await totals(connection) == final
    # As many rows as keys: folding again would change nothing.
    keys = await connection.fetchrow(
        "select count(*), count(distinct (bucket, zone, pool, provider, action, bounce_class))"
        " from mail_flow_1m"
    )
    assert keys[0] == keys[1]
    await connection.close()


async def test_a_refused_transaction_leaves_no_sums(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await mail_events.prepare(connection)
    bad = batch(1, datetime.now(UTC))
    bad.events[7].smtp_code = 99_999  # fits no smallint
    with pytest.raises(BadDataError):
        await mail_events.write(connection, [mail_events.to_rows(bad)], 30.0, partial_sums)
    assert set((await totals(connection)).values()) == {0}
    await connection.close()


async def test_posts_are_summed_and_quiet_minutes_folded(road: Any) -> None:
    road.writer.kill()
    road.writer = road.make_writer(
        WILDWATCH_FOLD_INTERVAL_S="0.1",
        WILDWATCH_FOLD_QUIET_S="0",
        WILDWATCH_WRITER_LIGHT_TRANSACTION_AGE_S="0.01",
    )
    with road.writer:
        minute_ago = int(datetime.now(UTC).timestamp() * 1000) - 180_000
        for n in range(5):
            await road.post(post_body([delivered(i, ts=minute_ago) for i in range(n * 10, n * 10 + 10)]))
            await road.wait_rows(n * 10 + 10)
        async with asyncio.timeout(30):
            while (await road.rows("select count(*) as n from mail_flow_1m where not folded"))[0]["n"]:
                pass
        [row] = await road.rows("select events, folded from mail_flow_1m")
        assert (row["events"], row["folded"]) == (50, True)


async def test_a_fault_in_the_sums_does_not_make_good_rows_look_bad(database_url: str) -> None:
    def faulty(_: Any) -> Any:
        raise TypeError("a fault of ours")

    connection = await asyncpg.connect(database_url)
    await mail_events.prepare(connection)
    with pytest.raises(RuntimeError, match="partial sums"):
        await mail_events.write(connection, [mail_events.to_rows(batch(1, datetime.now(UTC)))], 30.0, faulty)
    assert (await totals(connection))["raw"] == 0
    await connection.close()
