"""The simulated cluster as one more child: a key for each of its hosts, and its own program."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from wildwatch.cli import keys
from wildwatch.cli.embedded.secrets import write_private
from wildwatch.cli.errors import StartError
from wildwatch.cli.stack.preparing import opened
from wildwatch.cli.stack.supervisor import Program

_COMMAND = (sys.executable, "-m", "wildwatch.cli.demo")
_NETWORKS = ("127.0.0.0/8", "::1/128")


async def program(
    *,
    database_url: str,
    nats_url: str,
    seed_file: Path,
    var: Path,
    ingest_url: str,
    environ: Mapping[str, str],
) -> Program:
    """The demo, with keys for its hosts in `var/secrets/demo-keys.json` (kept over starts)."""
    keys_file = var / "secrets" / "demo-keys.json"
    environment = {
        **environ,
        "WILDWATCH_DEMO_INGEST_URL": ingest_url,
        "WILDWATCH_DEMO_KEYS_FILE": str(keys_file),
        "PYTHONUNBUFFERED": "1",
    }
    hosts = await _hosts(environment)
    kept: dict[str, str] = json.loads(keys_file.read_text()) if keys_file.exists() else {}
    by_host = {host: kept.get(host) or keys.new_key() for host in hosts}
    write_private(keys_file, json.dumps(by_host, indent=2) + "\n")
    async with opened(database_url, nats_url, seed_file) as (pool, bus):
        for host, key in by_host.items():
            described = keys.describe(key, host, ("mail", "directives"), _NETWORKS)
            await keys.add(pool, bus, key, described, note="simulated host of the demo")
    return Program(name="demo", command=_COMMAND, environment=environment)


async def _hosts(environment: Mapping[str, str]) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *_COMMAND, "--hosts", env=dict(environment),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    hosts: list[str] = [] if process.returncode else json.loads(out)
    if not hosts:
        said = (err.decode(errors="replace").strip().splitlines() or ["no hosts"])[-1]
        raise StartError(f"The simulated cluster names no hosts: {said}")
    return hosts
