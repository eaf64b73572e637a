"""What must be true before services start: schema, streams, keys."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

from wildwatch.bus.connection import Bus, NatsSettings, connect
from wildwatch.bus.provision import StreamSettings, provision
from wildwatch.cli import keys
from wildwatch.cli.embedded import secrets
from wildwatch.store.migrate import migrate
from wildwatch.store.pool import DatabaseSettings, Pool, open_pool


@contextlib.asynccontextmanager
async def opened(
    database_url: str, nats_url: str, seed_file: Path, patience_s: float = 60
) -> AsyncIterator[tuple[Pool, Bus]]:
    """A small pool and a connection as NATS user `admin`; both raise their `RetryableError`s."""
    database = DatabaseSettings(url=database_url, max_connections=2, first_connect_timeout_s=patience_s)
    nats = NatsSettings(
        url=tuple(nats_url.split(",")), seed_file=str(seed_file), first_connect_timeout_s=patience_s
    )
    async with open_pool(database, "cli") as pool, connect(nats, "admin") as bus:
        yield pool, bus


async def prepare(database_url: str, nats_url: str, seed_file: Path, streams: StreamSettings) -> list[str]:
    """Migrate, provision, and make the buckets what the database says; returns the applied migrations."""
    applied = await migrate(database_url)
    async with opened(database_url, nats_url, seed_file) as (pool, bus):
        await provision(bus, streams)
        await keys.publish_all(pool, bus)
    return applied


async def local_key(database_url: str, nats_url: str, seed_file: Path, folder: Path) -> tuple[str, str]:
    """`(key, host)` of this machine: one key of all scopes, good from the loopback alone, in `folder`."""
    host = this_host()
    key = secrets.kept(folder / "ingest.key", keys.new_key)
    described = keys.describe(key, host, keys.SCOPES, ("127.0.0.0/8", "::1/128"))
    async with opened(database_url, nats_url, seed_file) as (pool, bus):
        await keys.add(pool, bus, key, described, note="made by `wildwatch up` for this machine")
    return key, host


def this_host() -> str:
    """What this machine calls itself."""
    return socket.gethostname().lower() or "localhost"
