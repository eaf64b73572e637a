"""The nkeys of NATS users: a seed in a private file for its service, a public key for the server."""

from __future__ import annotations

import json
import secrets as randomness
from collections.abc import Mapping
from pathlib import Path

import nkeys  # type: ignore[import-untyped] # it ships no types

from wildwatch.bus.permissions import Permissions
from wildwatch.cli.embedded import secrets


def seed_file(folder: Path, user: str) -> Path:
    """Where the seed of `user` is kept (mode 0600)."""
    return folder / f"{user}.seed"


def public_key(folder: Path, user: str) -> str:
    """The public nkey of `user`, whose seed is made on first use."""
    seed = secrets.kept(seed_file(folder, user), _new_seed)
    return str(nkeys.from_seed(bytearray(seed.encode())).public_key, "ascii")


def render(users: Mapping[str, Permissions], folder: Path) -> str:
    """The `users` member of nats-server's `authorization` block."""
    entries = []
    for user, may in users.items():
        publish, subscribe = json.dumps(list(may.publish)), json.dumps(list(may.subscribe))
        entries.append(
            f"  # {user}\n"
            f"  {{ nkey: {public_key(folder, user)}, permissions: {{\n"
            f"      publish: {{ allow: {publish} }}\n"
            f"      subscribe: {{ allow: {subscribe} }}\n"
            "  } }\n"
        )
    return "users: [\n" + "".join(entries) + "]\n"


def _new_seed() -> str:
    return str(nkeys.encode_seed(randomness.token_bytes(32), nkeys.PREFIX_BYTE_USER), "ascii")
