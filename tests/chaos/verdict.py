"""What the database and the dead letters must hold after all: everything once, and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable

import asyncpg
from tests.chaos.posts import SealedPost
from tests.fixtures.road import Road

from wildwatch.bus import connection, dead, depth
from wildwatch.contracts.streams import WRITER_MAIL


async def wait_drained(road: Road, timeout_s: float) -> None:
    """Until the durable holds nothing unacknowledged; the verdict then counts."""
    deadline = time.monotonic() + timeout_s
    async with connection.connect(road.admin_settings, "admin") as bus:
        while True:
            lag = await depth.durable_lag(bus, WRITER_MAIL)
            if not lag.pending and not lag.ack_pending:
                return
            assert time.monotonic() < deadline, f"not drained after {timeout_s:.0f} s: {lag}"
            await asyncio.sleep(0.1)


async def check_rows(road: Road, posts: Iterable[SealedPost]) -> int:
    """Each acknowledged post has exactly its usable events as rows, once; returns the number of rows.

    Ledger and minute sums, written in the same transactions, must say the same.
    """
    connected = await asyncpg.connect(road.database_url)
    try:
        found = {
            row["instance"]: row
            for row in await connected.fetch(
                "select instance, count(*) as rows, count(distinct (queue_id, seq, n)) as different,"
                " array_agg(n order by n) as ns, array_agg(distinct batch::text) as names,"
                " count(*) filter (where time_suspect) as suspects, min(host) as host"
                " from mail_event group by instance"
            )
        }
        by_name = await connected.fetch(
            "select e.batch as batch, l.batch as named, e.rows as rows, l.rows as counted from"
            " (select batch, count(*) as rows from mail_event group by batch) e"
            " full join ingested_batch l using (batch)"
        )
        summed = await connected.fetchrow(
            "select (select count(*) from mail_event) as rows,"
            " (select coalesce(sum(events), 0) from mail_flow_1m) as flow,"
            " (select coalesce(sum(events), 0) from mail_host_1m) as host"
        )
    finally:
        await connected.close()
    wrong = []
    if not summed["rows"] == summed["flow"] == summed["host"]:
        wrong.append(f"minute sums differ from the rows: {summed}")
    usable = {post.label: post for post in posts if post.ns}
    for label, post in usable.items():
        row = found.get(label)
        if row is None:
            wrong.append(f"{label}: acknowledged with {len(post.ns)} events, and no row is there")
            continue
        if row["ns"] != post.ns or row["different"] != len(post.ns):
            wrong.append(f"{label}: {row['rows']} rows ({row['different']} different) of {len(post.ns)}")
        if row["suspects"] != post.suspects or row["host"] != post.host:
            wrong.append(f"{label}: {row['suspects']} suspect times of host {row['host']}")
        if (post.name not in row["names"]) != post.is_large or (len(row["names"]) > 1) != post.is_large:
            wrong.append(f"{label}: under the names {row['names']} instead of {post.name}")
    wrong += [f"{label}: rows nobody sent" for label in found.keys() - usable.keys()]
    wrong += [f"ledger against rows: {row}" for row in by_name if row["rows"] != row["counted"]]
    assert not wrong, f"{len(wrong)} faults, the first: " + "\n".join(wrong[:20])
    return sum(row["rows"] for row in found.values())


async def check_dead_letters(road: Road, posts: Iterable[SealedPost]) -> int:
    """DEAD holds each unusable event once, with its place, and nothing else; returns their number."""
    async with connection.connect(road.admin_settings, "admin") as bus:
        letters = [buried.letter async for buried in dead.browse(bus, limit=1_000_000)]
    found = Counter((letter.batch, letter.index, letter.reason) for letter in letters)
    wanted: Counter[tuple[str, int | None, str]] = Counter(
        (post.name, index, "event-unusable") for post in posts for index in post.rejected
    )
    assert found == wanted, {"too many": found - wanted, "missing": wanted - found}
    return len(letters)
