"""Connections to the database, with the time-outs that keep a frozen peer from blocking the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, TypeAlias

import asyncpg
import msgspec
import structlog

from wildwatch.store.errors import RetryableError, translate

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Pool: TypeAlias = asyncpg.Pool
Init = Callable[[asyncpg.Connection], Awaitable[None]]


class DatabaseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach TimescaleDB, and how long anything may take there."""

    url: Annotated[
        str,
        msgspec.Meta(
            description="postgresql:// address of TimescaleDB, with user and password. Give it as a file."
        ),
    ]
    max_connections: Annotated[
        int, msgspec.Meta(ge=1, le=100, description="Connections a process may hold; more callers wait.")
    ] = 8
    first_connect_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds to keep trying to reach the database at start.")
    ] = 60.0
    connect_timeout_s: Annotated[float, msgspec.Meta(gt=0, description="Seconds for one try to connect.")] = (
        5.0
    )
    statement_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds after which the server ends a statement.")
    ] = 30.0
    lock_timeout_s: Annotated[
        float,
        msgspec.Meta(
            gt=0, description="Seconds a statement may wait for a lock, as one held by a frozen writer."
        ),
    ] = 2.0
    idle_in_transaction_timeout_s: Annotated[
        float,
        msgspec.Meta(
            gt=0, description="Seconds after which the server ends a transaction whose client is silent."
        ),
    ] = 30.0


@asynccontextmanager
async def open_pool(
    settings: DatabaseSettings, name: str, init: Init | None = None, retry_wait_s: float = 0.5
) -> AsyncIterator[Pool]:
    """A pool of connections under `wildwatch-<name>`; closed at the end, by force after 5 s.

    `init` runs once on each new connection. Raises `RetryableError` when the database was not reached
    within `first_connect_timeout_s`.
    """

    def ms(seconds: float) -> str:
        return str(int(seconds * 1000))

    deadline = asyncio.get_running_loop().time() + settings.first_connect_timeout_s
    while True:
        try:
            pool = await asyncpg.create_pool(
                settings.url,
                min_size=1,
                max_size=settings.max_connections,
                timeout=settings.connect_timeout_s,
                # The client gives up a little after the server should have.
                command_timeout=settings.statement_timeout_s + 5,
                init=init,
                server_settings={
                    "application_name": f"wildwatch-{name}",
                    "statement_timeout": ms(settings.statement_timeout_s),
                    "lock_timeout": ms(settings.lock_timeout_s),
                    "idle_in_transaction_session_timeout": ms(settings.idle_in_transaction_timeout_s),
                    "tcp_user_timeout": ms(settings.idle_in_transaction_timeout_s),
                    "timezone": "UTC",
                    "jit": "off",
                },
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
            if asyncio.get_running_loop().time() > deadline:
                raise RetryableError(f"the database cannot be reached: {type(error).__name__}") from error
            logger.info("database_awaited", error=type(error).__name__)
            await asyncio.sleep(retry_wait_s)
        else:
            break
    try:
        yield pool
    finally:
        try:
            await asyncio.wait_for(pool.close(), timeout=5)
        except TimeoutError:
            pool.terminate()


@asynccontextmanager
async def acquire(pool: Pool) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the pool. What the pool, the server or the network does is translated to this package's
    errors; a fault of the caller's own code inside the block stays what it is."""
    try:
        async with pool.acquire() as connection:
            yield connection
    except Exception as error:
        ours = translate(error)
        if isinstance(ours, RetryableError) and ours is not error:
            raise ours from error
        raise
