"""What `wildwatch doctor` wants to know of a database."""

from __future__ import annotations

import datetime as dt

import asyncpg
import msgspec

from wildwatch.store import migrate, timescale
from wildwatch.store.errors import translate
from wildwatch.store.queries import statement


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """Facts, without a verdict. `now` is the server's clock."""

    server_version: str
    extension_version: str
    edition: str
    pending_migrations: list[str]
    max_locks_per_transaction: int
    fsync: bool
    synchronous_commit: bool
    now: dt.datetime
    size_bytes: int


async def diagnose(url: str, timeout_s: float = 5.0) -> Diagnosis:
    """Ask the database at `url`. Raises `RetryableError`, or `NotFitError` without TimescaleDB."""
    try:
        connection = await asyncpg.connect(url, timeout=timeout_s, command_timeout=timeout_s)
        try:
            edition = await timescale.edition(connection)
            row = await connection.fetchrow(statement("diagnosis"))
            pending = await migrate.pending(connection)
        finally:
            await connection.close(timeout=timeout_s)
    except Exception as error:
        if (ours := translate(error)) is None:
            raise
        raise ours from error
    return Diagnosis(edition=edition.value, pending_migrations=pending, **dict(row))
