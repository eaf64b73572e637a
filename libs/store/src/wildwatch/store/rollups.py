"""The minute tables of partial sums: what stands in them, how rows get in, and how quiet minutes are folded.

A writer copies the partial sums of its batches in the transaction of the batches themselves, so sums
are exact whoever dies when, and fresh at commit. Nothing is unique there; readers add up. The fold only
makes fewer rows of them: in every read, before, during and after it, the sums are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from wildwatch.store.copying import copy_rows
from wildwatch.store.errors import translate


class RollupTable(msgspec.Struct, frozen=True):
    """A table of partial sums: `keys` say what, `sums` how much, the time is `bucket`."""

    name: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return ("bucket", *self.keys, *self.sums)


FLOW = RollupTable("mail_flow_1m", ("zone", "pool", "provider", "action", "bounce_class"), ("events",))
HOST = RollupTable("mail_host_1m", ("host", "zone", "action"), ("events", "blocked"))
IP = RollupTable(
    "mail_ip_1m",
    ("host", "pool", "source_ip"),
    ("delivered", "deferred", "bounced", "blocked", "block_listed", "rate_limited", "policy", "bytes"),
)
LATENCY = RollupTable("mail_latency_1m", ("pool", "provider", "kind", "bin"), ("events",))
HOST_LATENCY = RollupTable("mail_host_latency_1m", ("host", "kind", "bin"), ("events",))

MINUTE_TABLES = (FLOW, HOST, IP, LATENCY, HOST_LATENCY)

PartialSums = Mapping[RollupTable, Sequence[tuple[Any, ...]]]
"""Rows by table, in the order of `columns`; the bucket in epoch ms."""


async def add(connection: asyncpg.Connection, sums: PartialSums, timeout_s: float) -> None:
    """COPY partial sums, on a connection that `mail_events.prepare` has seen, in the caller's transaction."""
    for table, rows in sums.items():
        if rows:
            await copy_rows(connection, table.name, table.columns, rows, timeout_s=timeout_s)


async def fold(
    connection: asyncpg.Connection, table: RollupTable, quiet_before: datetime, max_buckets: int
) -> tuple[int, int]:
    """Merge the rows of at most `max_buckets` minutes that ended before `quiet_before`.

    Returns (rows before, rows after). One process at a time may do this. Rows that writers add meanwhile
    are not seen by it and wait for the next fold. Raises `RetryableError`.
    """
    keys, sums = ", ".join(table.keys), ", ".join(table.sums)
    added = ", ".join(f"sum({column})::bigint as {column}" for column in table.sums)
    # Written from the table's definition: a fold differs between tables by nothing but names.
    statement = f"""
        with quiet as (
            select distinct bucket from {table.name} where not folded and bucket < to_timestamp($1)
            order by bucket limit $2
        ), gone as (
            delete from {table.name} where bucket = any(array(select bucket from quiet)) returning *
        ), merged as (
            insert into {table.name} (bucket, {keys}, {sums}, folded)
            select bucket, {keys}, {added}, true from gone group by bucket, {keys}
            returning 1
        )
        select (select count(*) from gone), (select count(*) from merged)
    """  # noqa: S608 # every name in it is a constant above
    try:
        async with connection.transaction():
            row = await connection.fetchrow(statement, quiet_before.timestamp() - 60, max_buckets)
    except Exception as error:
        if (ours := translate(error)) is not None:
            raise ours from error
        raise
    return row[0], row[1]
