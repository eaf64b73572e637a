"""A real ingest on a real nats-server, as its senders meet it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from tests.integration.ingest.door import Door, OpenDoor, open_door

_numbers = itertools.count(1)


@pytest.fixture
def door_factory(servers_folder: Path) -> OpenDoor:
    """Opens doors with settings of their own."""

    def make(**options: Any) -> AbstractAsyncContextManager[Door]:
        folder = servers_folder / f"door-{next(_numbers)}"
        folder.mkdir()
        return open_door(folder, **options)

    return make


@pytest.fixture(scope="package")
async def door(servers_folder: Path) -> AsyncIterator[Door]:
    """One ingest for the tests that leave it as it was; short time-outs, one trusted proxy."""
    folder = servers_folder / "door"
    folder.mkdir()
    async with open_door(
        folder,
        WILDWATCH_INGEST_BODY_TIMEOUT_S="1.5",
        WILDWATCH_INGEST_KEEPALIVE_TIMEOUT_S="1.5",
        WILDWATCH_INGEST_TRUSTED_PROXIES="127.0.0.2/32,127.0.0.3/32",
    ) as opened:
        yield opened


@pytest.fixture(autouse=True)
async def _nothing_failed(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Whatever a sender does: no traceback in the log, no answer of ours that says "failed", no key."""
    yield
    if "door" not in request.fixturenames:
        return
    opened: Door = request.getfixturevalue("door")
    text = opened.log_text()
    assert "Traceback" not in text, text[-3000:]
    assert opened.road.key not in text
    assert 'wildwatch_ingest_posts_total{answer="failed"}' not in opened.process.metrics()
