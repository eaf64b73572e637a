"""Machines' keys: made here, shown once, stored as hashes; database first, then the bucket."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections.abc import Iterable

import msgspec

from wildwatch.bus import keyvalue
from wildwatch.bus.connection import Bus
from wildwatch.contracts.messages import ApiKey
from wildwatch.contracts.streams import API_KEYS
from wildwatch.store import api_keys
from wildwatch.store.pool import Pool

SCOPES = ("mail", "host", "log", "directives")

_PREFIX_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read wrongly over the phone
_PREFIX_LENGTH = 8


class KeyMistakeError(ValueError):
    """What was asked for makes no key; the text names the field and the fix."""


def new_key() -> str:
    """A fresh key, `ww_<prefix>_<secret>`: 8 characters to recognise it by, 256 bits to keep secret."""
    prefix = "".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(_PREFIX_LENGTH))
    return f"ww_{prefix}_{secrets.token_urlsafe(32)}"


def prefix_of(key: str) -> str:
    """The part of a key that may be shown: `ww_<prefix>`."""
    return "_".join(key.split("_", 2)[:2])


def hash_of(key: str) -> str:
    """SHA-256 of a key, in hex: its name in database and bucket."""
    return hashlib.sha256(key.encode()).hexdigest()


def describe(
    key: str, host: str, scopes: Iterable[str], networks: Iterable[str] = (), expires_ms: int | None = None
) -> ApiKey:
    """Checks what a key is made for. Raises `KeyMistakeError`."""
    wanted = list(dict.fromkeys(scopes))
    if unknown := [scope for scope in wanted if scope not in SCOPES]:
        raise KeyMistakeError(f"scope {unknown[0]!r} is not known: use {', '.join(SCOPES)}")
    if not wanted:
        raise KeyMistakeError(f"a key needs at least one scope of {', '.join(SCOPES)}")
    host = host.strip().lower()
    if not host or any(c.isspace() for c in host) or len(host) > 253:
        raise KeyMistakeError("host must be the one name the sender calls itself, such as mta1.example.net")
    allowed = []
    for network in networks:
        try:
            allowed.append(str(ipaddress.ip_network(network.strip())))
        except ValueError as error:
            raise KeyMistakeError(
                f"network {network!r} is not CIDR: write 192.0.2.0/24 or 192.0.2.7 ({error})"
            ) from error
    return ApiKey(prefix=prefix_of(key), host=host, scopes=wanted, networks=allowed, expires_ms=expires_ms)


async def add(pool: Pool, bus: Bus, key: str, described: ApiKey, note: str = "") -> None:
    """Make `key` valid. Doing it again does nothing, but a revoked key stays revoked."""
    if await api_keys.add(pool, described, hash_of(key), note):
        await keyvalue.put(bus, API_KEYS, hash_of(key), msgspec.json.encode(described))


async def revoke(pool: Pool, bus: Bus, prefix: str) -> bool:
    """End a key by its prefix; False when there is none to end."""
    stored = await api_keys.revoke(pool, prefix)
    if stored is None:
        return False
    await keyvalue.remove(bus, API_KEYS, stored.hash)
    return True


async def publish_all(pool: Pool, bus: Bus) -> int:
    """Make the bucket what the database says; returns how many entries had to change."""
    wanted = {
        stored.hash: msgspec.json.encode(stored.published())
        for stored in await api_keys.every(pool)
        if stored.revoked_at is None
    }
    there = await keyvalue.read(bus, API_KEYS)
    changes = 0
    for name, value in wanted.items():
        if there.get(name) != value:
            await keyvalue.put(bus, API_KEYS, name, value)
            changes += 1
    for name in there.keys() - wanted.keys():
        await keyvalue.remove(bus, API_KEYS, name)
        changes += 1
    return changes
