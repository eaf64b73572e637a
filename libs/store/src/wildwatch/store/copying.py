"""COPY with an end: into any table, given up when the server no longer reads."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg


async def copy_rows(
    connection: asyncpg.Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], *,
    timeout_s: float,
) -> None:  # fmt: skip
    """COPY `rows` into `table`; given up together with its connection after `timeout_s`.

    asyncpg's own time-out does not cover the wait for a server that no longer reads, and a rollback
    would wait for the same silent server.
    """
    try:
        async with asyncio.timeout(timeout_s):
            await connection.copy_records_to_table(table, records=rows, columns=columns)
    except (TimeoutError, asyncio.CancelledError):
        connection.terminate()
        raise
