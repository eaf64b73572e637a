"""What can go wrong with the database. The type answers the one question: try again, or is the data bad?"""

from __future__ import annotations

import asyncio

import asyncpg


class StoreError(Exception):
    """Base of this package's errors."""


class RetryableError(StoreError):
    """Nothing was committed, or it is not known; the same call, idempotent by the ledger, may work later."""


class DiskFullError(RetryableError):
    """PostgreSQL has no room. A person must free or add disk; nothing acknowledged is lost meanwhile."""


class BadDataError(StoreError):
    """The database refuses these rows whatever one does; halving finds the one."""


class NotFitError(StoreError):
    """The server is not what Wildwatch needs; the text says how to mend it."""


# First match wins: asyncpg's DataError, for one, is both what the server says and what the client finds.
_MEANING: tuple[tuple[tuple[type[BaseException], ...], type[StoreError]], ...] = (
    ((asyncpg.DiskFullError, asyncpg.OutOfMemoryError), DiskFullError),
    # A program limit is met by a value too large for an index entry.
    (
        (
            asyncpg.DataError,
            asyncpg.IntegrityConstraintViolationError,
            asyncpg.ProgramLimitExceededError,
        ),
        BadDataError,
    ),
    # asyncpg loses track of its own state when the server ends a session that was silent for too long.
    (
        (
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
            OSError,
            asyncio.TimeoutError,
        ),
        RetryableError,
    ),
    # Raised by the client's encoders when a value does not fit its column's type.
    ((UnicodeError, OverflowError, TypeError, ValueError), BadDataError),
)


def translate(error: BaseException) -> StoreError | None:
    """The error of ours that `error` means, or None when it is no database error at all."""
    if isinstance(error, StoreError):
        return error
    for kinds, meaning in _MEANING:
        if isinstance(error, kinds):
            return meaning(f"{type(error).__name__} {getattr(error, 'sqlstate', None) or ''}".strip())
    return None
