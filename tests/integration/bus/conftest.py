"""Connections to real servers as one of the service users."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from wildwatch.bus import connection, provision
from wildwatch.bus.connection import Bus, NatsSettings
from wildwatch.cli.embedded.nats_server import NatsServer

DISK_BYTES = 256_000_000
_numbers = itertools.count(1)


def settings(server: NatsServer, user: str = "admin") -> NatsSettings:
    """How `user` reaches a server."""
    return NatsSettings(
        url=(server.url,), seed_file=str(server.seed_file(user)), first_connect_timeout_s=5,
        request_timeout_s=2, reconnect_wait_s=0.1,
    )  # fmt: skip


@pytest.fixture(scope="package")
async def provisioned(servers_folder: Path) -> AsyncIterator[NatsServer]:
    """One server with the streams, for tests that leave them as they were."""
    with NatsServer(servers_folder / "nats-bus") as server:
        async with connection.connect(settings(server), "admin") as bus:
            await provision.provision(bus, provision.StreamSettings(disk_bytes=DISK_BYTES))
        yield server


@pytest.fixture
async def admin(provisioned: NatsServer) -> AsyncIterator[Bus]:
    """A connection of `admin`."""
    async with connection.connect(settings(provisioned), "admin") as bus:
        yield bus
