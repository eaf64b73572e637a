from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from random import Random

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from wildwatch.cli.demo import backfill
from wildwatch.cli.demo.cluster import Cluster
from wildwatch.cli.demo.directives import Directives, Pauses
from wildwatch.cli.demo.places import HOSTS
from wildwatch.cli.demo.run import Demo, KeysError, read_keys
from wildwatch.cli.demo.settings import DemoSettings, Settings
from wildwatch.runtime import settings

START_MS = 1_795_320_000_000


class Clock:
    """Goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_ms = float(START_MS)

    def __call__(self) -> int:
        return int(self.now_ms)

    async def sleep(self, seconds: float) -> None:
        self.now_ms += min(seconds, 0.05) * 1_000
        await asyncio.sleep(0)


class MoodyIngest:
    """Fails at random by seed; keeps what it took, by batch name."""

    def __init__(self) -> None:
        self.rng = Random(5)
        self.tried: dict[str, set[bytes]] = defaultdict(set)
        self.taken: dict[str, list[dict[str, object]]] = {}
        self.changed = asyncio.Event()

    async def post(self, request: web.Request) -> web.Response:
        plain = await request.read()
        body = msgspec.json.decode(plain)
        assert request.headers["Authorization"] == f"Bearer key of {body['host']}"
        self.tried[body["batch"]].add(plain)
        mood = self.rng.random()
        if mood < 0.1:
            return web.Response(status=503, headers={"Retry-After": "1"})
        if mood < 0.2:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        self.taken[body["batch"]] = body["events"]
        self.changed.set()
        return web.json_response({"accepted": len(body["events"])}, status=202)


def _demo_settings(tmp_path: Path, url: str, **options: object) -> DemoSettings:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({host: f"key of {host}" for host in HOSTS}))
    given = {"ingest_url": url, "keys_file": keys, **options}
    return msgspec.convert(given, DemoSettings, dec_hook=lambda kind, value: kind(value))


async def test_past_and_present_arrive_once_whatever_ingest_does(tmp_path: Path) -> None:
    ingest, clock = MoodyIngest(), Clock()
    app = web.Application(client_max_size=10_000_000)
    app.router.add_post("/v1/events/mail", ingest.post)
    async with TestServer(app) as server:
        loaded = _demo_settings(
            tmp_path, str(server.make_url("/")), backfill_minutes=3, events_per_s=120, obey_pauses=False
        )
        demo = Demo(loaded, read_keys(loaded), clock=clock, sleep=clock.sleep)
        task = asyncio.create_task(demo.run())

        def seen() -> tuple[int, int]:
            times = [int(str(e["ts"])) for events in ingest.taken.values() for e in events]
            return sum(ts < START_MS for ts in times), sum(ts >= START_MS for ts in times)

        expected = Cluster(
            1, start_ms=START_MS - 180_000, events_per_s=120,
            shape=backfill.ramp(START_MS - 180_000, START_MS, 120, 1_000_000),
        )  # fmt: skip
        past_events = len(expected.advance(START_MS))
        while seen()[0] < past_events or seen()[1] < 500:
            ingest.changed.clear()
            await asyncio.wait_for(ingest.changed.wait(), 20)
        task.cancel()
        await asyncio.wait([task])
    assert all(len(bodies) == 1 for bodies in ingest.tried.values())
    assert demo.counters.retries > 10
    assert demo.counters.dropped == demo.counters.refused == 0
    by_process: dict[tuple[object, object], list[int]] = defaultdict(list)
    for events in ingest.taken.values():
        for event in events:
            by_process[event["instance"], event["pid"]].append(int(str(event["n"])))
    assert seen()[0] == past_events
    for numbers in by_process.values():
        assert len(numbers) == len(set(numbers))
    live = [numbers for (_, pid), numbers in by_process.items() if int(str(pid)) >= 4_700]
    assert live
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in live)


def test_the_backfill_is_thinned_to_its_budget_and_full_at_the_end() -> None:
    start = START_MS - 90 * 60_000
    shape = backfill.ramp(start, START_MS, 300, 200_000)
    cluster = Cluster(1, start_ms=start, events_per_s=30, shape=shape)
    made = len(cluster.advance(START_MS)) * 10
    assert made == pytest.approx(200_000, rel=0.15)
    assert shape(START_MS) == 1.0
    assert shape(start) < 0.5
    assert backfill.ramp(start, START_MS, 300, 100_000_000)(start) == 1.0


def test_hosts_are_printed_as_a_json_list() -> None:
    command = [sys.executable, "-m", "wildwatch.cli.demo", "--hosts"]
    out = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    assert json.loads(out) == list(HOSTS)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    loaded = _demo_settings(tmp_path, "http://127.0.0.1:1")
    loaded.keys_file.write_text(json.dumps(dict.fromkeys(HOSTS[1:], "k")))
    with pytest.raises(KeysError, match=r"keys.json lacks a key for out-01\.demo\.example"):
        read_keys(loaded)
    loaded.keys_file.write_text("[]")
    with pytest.raises(KeysError, match="not a JSON object"):
        read_keys(loaded)
    loaded.keys_file.unlink()
    with pytest.raises(KeysError, match="cannot be read"):
        read_keys(loaded)


def test_settings_come_from_the_environment() -> None:
    loaded = settings.load(
        Settings,
        {
            "WILDWATCH_DEMO_INGEST_URL": "http://127.0.0.1:8025",
            "WILDWATCH_DEMO_KEYS_FILE": "/keys.json",
            "WILDWATCH_DEMO_EVENTS_PER_S": "12.5",
        },
    )
    assert loaded.demo.keys_file == Path("/keys.json")
    assert loaded.demo.events_per_s == 12.5
    with pytest.raises(settings.SettingsError, match="WILDWATCH_DEMO_INGEST_URL"):
        settings.load(Settings, {"WILDWATCH_DEMO_INGEST_URL": "ftp://x", "WILDWATCH_DEMO_KEYS_FILE": "/k"})


def test_an_older_set_of_pauses_is_never_obeyed() -> None:
    heard: list[frozenset[str]] = []
    pauses = Pauses(heard.append)
    pauses.obey("out-01", Directives(epoch=1, version=5, paused=["192.0.2.1"]))
    pauses.obey("out-02", Directives(epoch=1, version=4, paused=["192.0.2.9"]))
    pauses.obey("out-01", Directives(epoch=1, version=4, paused=[]))
    pauses.obey("out-01", Directives(epoch=2, version=1, paused=[]))
    assert heard == [{"192.0.2.1"}, {"192.0.2.1", "192.0.2.9"}, {"192.0.2.9"}]
