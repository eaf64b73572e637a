"""The services under `wildwatch up`: which there are, and what each is told."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wildwatch.cli.embedded import ports
from wildwatch.cli.embedded.secrets import write_private
from wildwatch.cli.stack.servers import Servers
from wildwatch.cli.stack.settings import UpSettings
from wildwatch.cli.stack.supervisor import Program

NAMES = ("ingest", "writer", "api")
"""In the order of their health ports."""


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """The ports everything got."""

    dashboard: int
    ingest: int
    health: Mapping[str, int]

    @property
    def dashboard_url(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.dashboard}"

    @property
    def ingest_url(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.ingest}"


def addresses(settings: UpSettings) -> Addresses:
    """Fix every port, taking free ones for 0. Raises `StartError` when one is taken by somebody else."""
    ports.require_free(settings.dashboard_port, "the page", "WILDWATCH_DASHBOARD_PORT")
    ports.require_free(settings.ingest_port, "ingest", "WILDWATCH_INGEST_PORT")
    health = {}
    for offset, name in enumerate(NAMES):
        port = settings.health_port + offset if settings.health_port else ports.free_port()
        ports.require_free(port, f"the health of {name}", "WILDWATCH_HEALTH_PORT")
        health[name] = port
    return Addresses(
        dashboard=settings.dashboard_port or ports.free_port(),
        ingest=settings.ingest_port or ports.free_port(),
        health=health,
    )


def programs(
    settings: UpSettings, servers: Servers, where: Addresses, environ: Mapping[str, str]
) -> list[Program]:
    """Every service as a child, with its environment: ours, then what it must know to find the others."""
    database_file = settings.folder / "secrets" / "database.url"
    write_private(database_file, servers.database_url + "\n")  # in a file: an environment is easily shown
    shared = {name: value for name, value in environ.items() if name != "WILDWATCH_DATABASE_URL"} | {
        "WILDWATCH_DATABASE_URL_FILE": str(database_file),
        "WILDWATCH_NATS_URL": servers.nats_url,
        "PYTHONUNBUFFERED": "1",
    }
    shared.setdefault("WILDWATCH_API_PAGE_DIR", str(Path("frontend/dist").resolve()))
    shared.setdefault("WILDWATCH_WRITER_DRAIN_TIMEOUT_S", "5")
    if servers.nats is not None:
        shared.setdefault("WILDWATCH_INGEST_STORE_PATH", str(servers.nats.folder))
    own = {
        "ingest": {
            "WILDWATCH_INGEST_LISTEN_HOST": ports.LOOPBACK,
            "WILDWATCH_INGEST_LISTEN_PORT": str(where.ingest),
        },
        "writer": {},
        "api": {
            "WILDWATCH_API_LISTEN_HOST": ports.LOOPBACK,
            "WILDWATCH_API_LISTEN_PORT": str(where.dashboard),
        },
    }
    return [
        Program(
            name=name,
            command=(sys.executable, "-m", f"wildwatch.{name}.main"),
            environment={
                **shared,
                **own[name],
                "WILDWATCH_NATS_SEED_FILE": str(servers.seed_file(name)),
                "WILDWATCH_HEALTH_LISTEN_HOST": ports.LOOPBACK,
                "WILDWATCH_HEALTH_LISTEN_PORT": str(where.health[name]),
            },
            ready_url=f"http://{ports.LOOPBACK}:{where.health[name]}/readyz",
            ready_timeout_s=settings.start_timeout_s,
        )
        for name in NAMES
    ]
