"""The built page, served by a real api over a filled database, in a real Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, Page, async_playwright
from tests.e2e.page import scene
from tests.e2e.page.stand import Stand, stand_up

from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.store import mail_events
from wildwatch.writer.rollups import partial_sums

FRONTEND = Path(__file__).parents[3] / "frontend"
CHROMIUM = os.environ.get("WILDWATCH_CHROMIUM", "/usr/bin/chromium")
SCENE_S = 1_800
EVENTS_PER_SECOND = 6


@pytest.fixture(scope="session")
def built_page() -> Path:
    """`frontend/dist`, built when it is missing or older than its sources."""
    index = FRONTEND / "dist" / "index.html"
    sources = [*FRONTEND.joinpath("src").rglob("*"), FRONTEND / "index.html", FRONTEND / "package-lock.json"]
    newest = max(path.stat().st_mtime for path in sources if path.is_file())
    if not index.exists() or index.stat().st_mtime < newest:
        npm = shutil.which("npm")
        assert npm, "npm is missing: install Node 20 or newer with npm"
        if not FRONTEND.joinpath("node_modules", "vite").exists():
            subprocess.run([npm, "ci"], cwd=FRONTEND, check=True)
        subprocess.run([npm, "run", "build"], cwd=FRONTEND, check=True)
    return FRONTEND / "dist"


@pytest.fixture
async def stand(
    built_page: Path, database_url: str, fresh_nats_server: NatsServer, tmp_path: Path
) -> AsyncIterator[Stand]:
    """An api with half an hour of mail behind it, and a connection to publish live summaries with."""
    async with stand_up(built_page, database_url, fresh_nats_server, tmp_path) as made:
        now_ms = int(time.time() * 1000)
        made.batches = scene.batches(now_ms - SCENE_S * 1000, now_ms, EVENTS_PER_SECOND)
        connection = await asyncpg.connect(database_url)
        await mail_events.prepare(connection)
        rows = [mail_events.to_rows(batch) for batch in made.batches]
        await mail_events.write(connection, rows, 60.0, partial_sums)
        await connection.close()
        yield made


@pytest.fixture
async def empty_stand(
    built_page: Path, database_url: str, fresh_nats_server: NatsServer, tmp_path: Path
) -> AsyncIterator[Stand]:
    """An api that has not seen an event yet."""
    async with stand_up(built_page, database_url, fresh_nats_server, tmp_path) as made:
        yield made


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, without a sandbox because tests run in containers, and without calls to anybody."""
    assert shutil.which(CHROMIUM), (
        f"{CHROMIUM} is missing: apt-get install chromium, or set WILDWATCH_CHROMIUM"
    )
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield launched
        await launched.close()


class Watch:
    """What the page must never do: ask another host, or complain in the console."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def attach(self, page: Page) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )
