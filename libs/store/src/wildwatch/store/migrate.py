"""Bring a database to the newest schema: numbered SQL files, forward only.

`migrations/NNNN_pre_name.sql` runs before new code is deployed, `NNNN_post_name.sql` after it; a file
`….community.sql` or `….apache.sql` runs on that edition of TimescaleDB alone. A first line
`-- no-transaction` marks a file of one statement that may not stand in a transaction. A file never
changes once released: its checksum is kept and compared.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import Literal

import asyncpg
import msgspec
import structlog

from wildwatch.store import timescale
from wildwatch.store.errors import NotFitError

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_LOCK = 0x57494C44  # "WILD": one migration at a time, whoever starts it
_NO_TRANSACTION = "-- no-transaction"

Phase = Literal["pre", "post", "all"]


class Migration(msgspec.Struct, frozen=True):
    """One file of `migrations/`."""

    name: str
    phase: str
    edition: str | None
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def available() -> list[Migration]:
    """Every migration of this version, in order."""
    found = []
    for entry in files("wildwatch.store").joinpath("migrations").iterdir():
        if not entry.name.endswith(".sql"):
            continue
        name, *edition = entry.name.removesuffix(".sql").split(".")
        found.append(
            Migration(
                name, name.split("_")[1], edition[0] if edition else None, entry.read_text(encoding="utf-8")
            )
        )
    return sorted(found, key=lambda migration: (migration.name, migration.edition or ""))


async def migrate(url: str, phase: Phase = "all") -> list[str]:
    """Apply what is missing and return the names of what was applied.

    Raises `NotFitError` when the server has no TimescaleDB or an applied file was changed afterwards.
    """
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        await timescale.ensure_extension(connection)
        edition = await timescale.edition(connection)
        await connection.execute(
            "create table if not exists schema_migration ("
            " name text primary key, checksum text not null, applied_at timestamptz not null default now())"
        )
        applied = {
            row["name"]: row["checksum"] for row in await connection.fetch("select * from schema_migration")
        }
        done = []
        for migration in available():
            if migration.edition not in (None, edition.value) or phase not in (migration.phase, "all"):
                continue
            key = f"{migration.name}.{migration.edition}" if migration.edition else migration.name
            if (checksum := applied.get(key)) is not None:
                if checksum != migration.checksum:
                    raise NotFitError(
                        f"migration {key} was changed after it was applied: restore the released file"
                    )
                continue
            await _apply(connection, migration, key)
            done.append(key)
        return done
    finally:
        await connection.close()


async def pending(connection: timescale.Connection) -> list[str]:
    """Names of migrations this version has and the database has not."""
    edition = await timescale.edition(connection)
    if await connection.fetchval("select to_regclass('schema_migration')") is None:
        applied = set()
    else:
        applied = {row["name"] for row in await connection.fetch("select name from schema_migration")}
    wanted = [m for m in available() if m.edition in (None, edition.value)]
    keys = [f"{m.name}.{m.edition}" if m.edition else m.name for m in wanted]
    return [key for key in keys if key not in applied]


async def _apply(connection: timescale.Connection, migration: Migration, key: str) -> None:
    record = "insert into schema_migration (name, checksum) values ($1, $2)"
    if migration.sql.startswith(_NO_TRANSACTION):
        await connection.execute(migration.sql)
        await connection.execute(record, key, migration.checksum)
    else:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(record, key, migration.checksum)
    logger.info("migration_applied", migration=key)
