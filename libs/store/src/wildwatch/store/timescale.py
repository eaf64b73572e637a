"""The one place that knows which TimescaleDB edition it talks to."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

import asyncpg

from wildwatch.store.errors import NotFitError

Connection: TypeAlias = asyncpg.Connection


class Edition(Enum):
    """What the server offers beyond hypertables."""

    APACHE = "apache"
    """Hypertables and chunk exclusion; rollups, retention and compression are jobs of ours or absent."""
    COMMUNITY = "community"
    """Also continuous aggregates, columnstore and policies."""


async def ensure_extension(connection: Connection) -> None:
    """Create the extension if it is missing. Raises `NotFitError` when the server does not carry it."""
    try:
        await connection.execute("create extension if not exists timescaledb")
    except asyncpg.PostgresError as error:
        raise NotFitError(
            "this PostgreSQL has no TimescaleDB: install it and add it to shared_preload_libraries"
        ) from error


async def edition(connection: Connection) -> Edition:
    """Ask the server once which edition it is. Raises `NotFitError` without the extension."""
    licence = await connection.fetchval("select current_setting('timescaledb.license', true)")
    if licence is None:
        raise NotFitError("the TimescaleDB extension is not loaded in this database")
    return Edition.COMMUNITY if licence == "timescale" else Edition.APACHE
