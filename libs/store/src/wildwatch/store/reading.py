"""Read-only questions on connections of a pool, with errors that say what the asker can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from wildwatch.store.errors import StoreError, translate


class TooExpensiveError(StoreError):
    """The question did not end within the pool's statement time-out: ask for less."""


class Reader:
    """Asks questions over a pool whose statement time-out is the read time-out."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def fetch(self, sql: str, parameters: Sequence[Any] = ()) -> list[asyncpg.Record]:
        """All rows. Raises `TooExpensiveError`, or `RetryableError` when the database cannot answer now."""
        try:
            rows: list[asyncpg.Record] = await self._pool.fetch(sql, *parameters)
        except asyncpg.QueryCanceledError as error:
            raise TooExpensiveError("no answer within the read time-out") from error
        except Exception as error:
            if (ours := translate(error)) is None:
                raise
            raise ours from error
        return rows
