"""What a test of the page stands on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fixtures.processes import ServiceProcess, free_port

from wildwatch.bus.connection import Bus, NatsSettings, connect
from wildwatch.bus.provision import StreamSettings, provision
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.contracts.mail import MailBatch, MailEvent

TEST_STREAM_BYTES = 100_000_000


@dataclass
class Stand:
    """The api as a process, its address, the writer's user on the bus, and the mail that is stored."""

    url: str
    api: ServiceProcess
    writer_bus: Bus
    batches: list[MailBatch] = field(default_factory=list)

    @property
    def events(self) -> list[MailEvent]:
        """Every stored event."""
        return [event for batch in self.batches for event in batch.events]


@asynccontextmanager
async def stand_up(
    page_dir: Path, database_url: str, nats_server: NatsServer, folder: Path
) -> AsyncIterator[Stand]:
    """Streams, an api on a free port, and the bus as the writer sees it."""

    def user(name: str) -> NatsSettings:
        return NatsSettings(url=(nats_server.url,), seed_file=str(nats_server.seed_file(name)))

    async with connect(user("admin"), "admin") as admin:
        await provision(admin, StreamSettings(disk_bytes=TEST_STREAM_BYTES))
    port = free_port()
    environment = {
        "WILDWATCH_DATABASE_URL": database_url,
        "WILDWATCH_NATS_URL": nats_server.url,
        "WILDWATCH_NATS_SEED_FILE": str(nats_server.seed_file("api")),
        "WILDWATCH_API_LISTEN_PORT": str(port),
        "WILDWATCH_API_PAGE_DIR": str(page_dir),
        "WILDWATCH_API_READ_TIMEOUT_S": "30",
    }
    with ServiceProcess("wildwatch.api.main", environment, folder / "api.log") as api:
        async with connect(user("writer"), "writer") as writer_bus:
            yield Stand(f"http://127.0.0.1:{port}", api, writer_bus)
