"""Which installation a command talks to: the environment's, else the one that runs on `var/`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from wildwatch.cli.errors import StartError


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses and the seed of the NATS user `admin`; `health_urls` of services known to run here."""

    database_url: str
    nats_url: str
    seed_file: Path
    var: Path
    health_urls: dict[str, str]


def resolve(environ: Mapping[str, str] | None = None) -> Target:
    """Raises `StartError` naming what is missing."""
    env = os.environ if environ is None else environ
    var = Path(env.get("WILDWATCH_VAR") or "var").expanduser().resolve()
    local = _local(var)
    database = _value(env, "WILDWATCH_DATABASE_URL") or local.get("database_url", "")
    nats = _value(env, "WILDWATCH_NATS_URL") or local.get("nats_url", "")
    if not database or not nats:
        raise StartError(
            f"Wildwatch does not run on {var}",
            "Start it by `make run`, or set WILDWATCH_DATABASE_URL and WILDWATCH_NATS_URL",
        )
    seeds = env.get("WILDWATCH_NATS_SEEDS") or str(var / "secrets" / "nats")
    seed = Path(env.get("WILDWATCH_NATS_SEED_FILE") or Path(seeds, "admin.seed")).expanduser().resolve()
    if not seed.exists():
        raise StartError(
            f"There is no NATS seed of the user admin at {seed}", "Set WILDWATCH_NATS_SEED_FILE to it"
        )
    return Target(
        database_url=database,
        nats_url=nats,
        seed_file=seed,
        var=var,
        health_urls=local.get("health_urls", {}),
    )


def _value(env: Mapping[str, str], variable: str) -> str:
    if file := env.get(f"{variable}_FILE"):
        return Path(file).read_text().strip()
    return env.get(variable, "").strip()


def _local(var: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads((var / "local.json").read_text())
    except (OSError, ValueError):
        return {}
    return document
