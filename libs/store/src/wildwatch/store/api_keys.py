"""Machines' keys in the database, where they are the truth; the bucket `api-keys` is made from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import asyncpg
import msgspec

from wildwatch.contracts.messages import ApiKey
from wildwatch.store.pool import Pool, acquire
from wildwatch.store.queries import statement


class StoredKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as the database knows it: never the key itself. Times are UTC."""

    prefix: str
    hash: str
    host: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    note: str
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None

    def published(self) -> ApiKey:
        """What ingest reads in the bucket."""
        expires_ms = int(self.expires_at.timestamp() * 1000) if self.expires_at else None
        return ApiKey(
            prefix=self.prefix,
            host=self.host,
            scopes=list(self.scopes),
            networks=list(self.networks),
            expires_ms=expires_ms,
        )


async def add(pool: Pool, key: ApiKey, key_hash: str, note: str = "") -> bool:
    """Store a key under the SHA-256 of it; False when that very key is known already, revoked or not."""
    expires_at = dt.datetime.fromtimestamp(key.expires_ms / 1000, dt.UTC) if key.expires_ms else None
    async with acquire(pool) as connection:
        added = await connection.fetchval(
            statement("api_key_add"),
            key.prefix, key_hash, key.host, key.scopes, key.networks, note, expires_at,
        )  # fmt: skip
    return added is not None


async def every(pool: Pool) -> list[StoredKey]:
    """Every key, oldest first, revoked ones too."""
    async with acquire(pool) as connection:
        return [_stored(row) for row in await connection.fetch(statement("api_keys"))]


async def revoke(pool: Pool, prefix: str) -> StoredKey | None:
    """Mark a key as revoked; None when there is no such key, or it was revoked before."""
    async with acquire(pool) as connection:
        row = await connection.fetchrow(statement("api_key_revoke"), prefix)
    return None if row is None else _stored(row)


def _stored(row: asyncpg.Record) -> StoredKey:
    values: dict[str, Any] = dict(row)
    values["scopes"] = tuple(values["scopes"])
    values["networks"] = tuple(str(network) for network in values["networks"])
    return StoredKey(**values)
