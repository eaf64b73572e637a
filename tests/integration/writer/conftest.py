"""A bench for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.writer.bench import Bench, open_bench

from wildwatch.cli.embedded.nats_server import NatsServer


@pytest.fixture
async def bench(fresh_nats_server: NatsServer, database_url: str, tmp_path: Path) -> AsyncIterator[Bench]:
    """Broker and database with nothing in them, and no writer yet."""
    async with open_bench(fresh_nats_server, database_url, tmp_path) as opened:
        yield opened
