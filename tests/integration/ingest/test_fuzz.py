"""Mutated bodies against the real process: 2,000 of them, or as many as `WILDWATCH_FUZZ_BODIES` says."""

from __future__ import annotations

import asyncio
import collections
import io
import itertools
import json
import os
import time

import aiohttp
import psutil
import pytest
from tests.integration.ingest.door import OpenDoor, until
from tests.integration.ingest.mutations import bodies

BODIES = int(os.environ.get("WILDWATCH_FUZZ_BODIES", "2000"))
SEED = int(os.environ.get("WILDWATCH_FUZZ_SEED", "20261122"))
CONNECTIONS = 8
ALLOWED = {202, 400, 403, 413, 415, 422}


@pytest.mark.timeout(120 + BODIES // 50)
async def test_no_body_breaks_ingest(door_factory: OpenDoor, capsys: pytest.CaptureFixture[str]) -> None:
    async with door_factory(
        WILDWATCH_INGEST_MAX_EVENTS_PER_KEY_PER_S="1000000",
        WILDWATCH_INGEST_MAX_DEAD_LETTERS_PER_POST="2",
    ) as door:
        made = itertools.islice(bodies(SEED), BODIES)
        statuses: collections.Counter[int] = collections.Counter()
        accepted = 0
        wrong: list[tuple[int, bytes, bytes]] = []
        process = psutil.Process(door.process.pid)
        began = time.monotonic()
        sizes = [door.rss_bytes()]

        async def send(session: aiohttp.ClientSession) -> None:
            nonlocal accepted
            for body, headers in made:
                async with session.post(
                    f"{door.road.ingest_url}/v1/events/mail",
                    data=io.BytesIO(body),
                    headers={"Authorization": f"Bearer {door.road.key}", **headers},
                ) as answer:
                    said = await answer.read()
                    statuses[answer.status] += 1
                    if answer.status not in ALLOWED:
                        wrong.append((answer.status, said, body[:2_000]))
                    document = json.loads(said)
                    if answer.status == 202 and not document["duplicate"]:
                        accepted += document["accepted"]
                    elif answer.status != 202 and not document["type"].startswith("https://"):
                        wrong.append((answer.status, said, body[:2_000]))
                if sum(statuses.values()) % max(1, BODIES // 10) == 0:
                    sizes.append(door.rss_bytes())

        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(send(session) for _ in range(CONNECTIONS)))
        took = time.monotonic() - began
        sizes.append(door.rss_bytes())
        stored = sum(len(batch.events) for batch in await door.stored())
        with capsys.disabled():
            cpu = sum(process.cpu_times()[:2])
            print(
                f"\n{BODIES} bodies, seed {SEED}: {took:.1f} s, statuses {dict(sorted(statuses.items()))}, "
                f"{accepted} events, RSS MB {[size // 1_000_000 for size in sizes]}, {cpu:.0f} s of CPU"
            )
        assert wrong == []
        assert statuses[202] > BODIES // 10
        assert statuses[400] > BODIES // 100
        assert statuses[422] > BODIES // 100
        # Every event answered for is in the stream, and readable by the writer's own decoder.
        assert stored == accepted
        assert max(sizes) - sizes[0] < 200_000_000
        text = door.log_text()
        assert "Traceback" not in text, text[-3000:]
        assert door.road.key not in text
        await until(lambda: door.process.metrics()["wildwatch_ingest_bytes_in_flight"] == 0)
