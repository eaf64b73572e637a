"""Batches of mail events into the database: the ledger and the COPY in one transaction.

A batch is named in `ingested_batch` by the transaction that copies its rows, so whoever dies when, and
however often a batch is delivered, its rows are there once.
"""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec

from wildwatch.contracts.mail import MailBatch, MailEvent
from wildwatch.contracts.post import batch_time_ms
from wildwatch.store import rollups
from wildwatch.store.copying import copy_rows
from wildwatch.store.errors import BadDataError, RetryableError, translate

_RENAMED = {"time_ms": "time", "next_attempt_ms": "next_attempt"}
COLUMNS = (
    *(_RENAMED.get(field, field) for field in MailEvent.__struct_fields__),
    "host",
    "received_at",
    "rules_version",
    "batch",
)

_CLAIM = """
insert into ingested_batch (named_at, batch, host, rows)
select * from unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::integer[])
on conflict do nothing
returning batch
"""

# PostgreSQL counts from 2000, in microseconds.
_POSTGRES_EPOCH_MS = 946_684_800_000
_MAX_CACHED_ADDRESSES = 100_000


class _PackedAddresses(dict[str, bytes]):
    """Text of an address → PostgreSQL's binary inet. Emptied when full: refilling costs microseconds each."""

    def __missing__(self, text: str) -> bytes:
        address = ipaddress.ip_address(text)
        if len(self) >= _MAX_CACHED_ADDRESSES:
            self.clear()
        family, bits = (2, 32) if address.version == 4 else (3, 128)
        packed = self[text] = bytes((family, bits, 0, bits // 8)) + address.packed
        return packed


def _timestamp(ms: int) -> tuple[int]:
    return ((ms - _POSTGRES_EPOCH_MS) * 1000,)


def _from_timestamp(value: tuple[int]) -> datetime:
    return datetime.fromtimestamp(value[0] / 1_000_000 + _POSTGRES_EPOCH_MS / 1000, tz=UTC)


async def prepare(connection: asyncpg.Connection) -> None:
    """Teach a connection the types of COPY: epoch ms for timestamps, cached binary for addresses.

    asyncpg's own encoders build a datetime and an ipaddress object for each value, a third of the cost
    of a row.
    """
    addresses = _PackedAddresses()
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", encoder=_timestamp, decoder=_from_timestamp, format="tuple"
    )
    await connection.set_type_codec(
        "inet", schema="pg_catalog", encoder=addresses.__getitem__, decoder=bytes, format="binary"
    )
    encode = msgspec.json.encode
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + encode(value),
        decoder=lambda value: msgspec.json.decode(value[1:]),
        format="binary",
    )


class Batch(msgspec.Struct):
    """A batch made ready for the database, from its decoded message."""

    name: uuid.UUID
    named_ms: int
    host: str
    rows: list[tuple[Any, ...]]


def to_rows(batch: MailBatch) -> Batch:
    """Rows in the order of `COLUMNS`. Raises `BadDataError` for a name that is no UUIDv7."""
    try:
        named_ms = batch_time_ms(batch.batch)
        name = uuid.UUID(batch.batch)
    except ValueError as error:
        raise BadDataError(f"batch name {batch.batch[:40]!r} is no UUIDv7") from error
    shared = (batch.host, batch.received_ms, batch.rules_version, name)
    astuple = msgspec.structs.astuple
    return Batch(name, named_ms, batch.host, [astuple(event) + shared for event in batch.events])


def to_payload(batch: Batch, rows: Sequence[tuple[Any, ...]]) -> bytes:
    """`rows` of a batch as the JSON of a `MailBatch` again, whatever their values are: a dead letter that
    can be mended and replayed."""
    fields = MailEvent.__struct_fields__
    _, received_ms, rules_version, _ = rows[0][len(fields) :]
    return msgspec.json.encode(
        {
            "batch": str(batch.name),
            "host": batch.host,
            "received_ms": received_ms,
            "sent_ms": received_ms,
            "rules_version": rules_version,
            "events": [dict(zip(fields, map(_encodable, row), strict=False)) for row in rows],
        }
    )


def _encodable(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


async def write(
    connection: asyncpg.Connection,
    batches: Sequence[Batch],
    copy_timeout_s: float,
    summarise: Callable[[Sequence[Batch]], rollups.PartialSums],
) -> set[uuid.UUID]:
    """Commit `batches`, each exactly once over all times and writers, on a `prepare`d connection.

    `summarise` gives the partial sums of those that are new; they stand and fall with their rows. Returns
    the names that were new; the rest was committed before and is left alone. A name that comes twice among
    `batches` counts once. Raises `BadDataError` when the database refuses a row (nothing is committed
    then), `DiskFullError` or another `RetryableError` when it may work later.
    """
    first: dict[uuid.UUID, Batch] = {}
    for batch in batches:
        first.setdefault(batch.name, batch)
    # One statement over sorted names: two writers that hold the same batches then wait, not deadlock.
    ordered = sorted(first.values(), key=lambda batch: (batch.named_ms, batch.name))
    try:
        async with connection.transaction():
            claimed = await connection.fetch(
                _CLAIM,
                [batch.named_ms for batch in ordered],
                [batch.name for batch in ordered],
                [batch.host for batch in ordered],
                [len(batch.rows) for batch in ordered],
            )
            new = {row["batch"] for row in claimed}
            fresh = [batch for batch in ordered if batch.name in new]
            rows = [row for batch in fresh for row in batch.rows]
            if rows:
                await copy_rows(connection, "mail_event", COLUMNS, rows, timeout_s=copy_timeout_s)
                await rollups.add(connection, _summarised(fresh, summarise), copy_timeout_s)
    except Exception as error:
        if connection.is_closed():
            # Whatever driver and event loop make of a lost connection, it says nothing of the data.
            raise RetryableError(f"connection lost: {type(error).__name__}") from error
        if (ours := translate(error)) is not None:
            raise ours from error
        raise
    return new


def _summarised(
    batches: Sequence[Batch], summarise: Callable[[Sequence[Batch]], rollups.PartialSums]
) -> rollups.PartialSums:
    """The sums; a fault in making them is ours, and must not make the rows look bad."""
    try:
        return summarise(batches)
    except Exception as error:
        raise RuntimeError("the partial sums of good rows cannot be made") from error


async def bad_rows(
    connection: asyncpg.Connection, rows: Sequence[tuple[Any, ...]], limit: int, copy_timeout_s: float
) -> list[int]:
    """Indexes of the rows the database refuses, found by halving; nothing is written.

    Stops after `limit` of them: whoever finds so many should give up the whole batch. Raises
    `RetryableError` as `write` does.
    """
    bad: list[int] = []
    ranges = [(0, len(rows))]
    while ranges and len(bad) < limit:
        start, end = ranges.pop()
        if await _is_accepted(connection, rows[start:end], copy_timeout_s):
            continue
        if end - start == 1:
            bad.append(start)
        else:
            middle = (start + end) // 2
            ranges += [(middle, end), (start, middle)]
    return bad


async def _is_accepted(
    connection: asyncpg.Connection, rows: Sequence[tuple[Any, ...]], copy_timeout_s: float
) -> bool:
    trial = connection.transaction()
    try:
        await trial.start()
        try:
            await copy_rows(connection, "mail_event", COLUMNS, rows, timeout_s=copy_timeout_s)
        finally:
            await trial.rollback()
    except Exception as error:
        ours = RetryableError("connection lost") if connection.is_closed() else translate(error)
        if isinstance(ours, BadDataError):
            return False
        if ours is not None:
            raise ours from error
        raise
    return True
