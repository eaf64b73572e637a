"""Advisory locks: one process of all does a thing at a time."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg


@asynccontextmanager
async def try_lock(connection: asyncpg.Connection, name: str) -> AsyncIterator[bool]:
    """Hold the lock `name` for the block if nobody else does; yields whether it is ours.

    The lock lives in a transaction, so it goes when the connection does.
    """
    async with connection.transaction():
        yield await connection.fetchval(
            "select pg_try_advisory_xact_lock($1, $2)", _CLASS, zlib.crc32(name.encode()) - (1 << 31)
        )


# Sets our locks apart from those of other programs in the same database.
_CLASS = 0x57494C44
