"""`make bench`: what the road carries, as a share of a bare COPY in the same run.

Prints one line of JSON a figure and writes them, with the machine they were measured on, into
docs/benchmarks.md. Everything is real: durable TimescaleDB, nats-server with `sync_interval: always`,
ingest and writer as processes, bodies of a simulated cluster over HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from tests.fixtures.road import Road, open_road, post_body, uuid7
from tests.load import bodies
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.cli.embedded.timescaledb import Cluster, ensure_installed
from wildwatch.contracts.mail import MailBatch
from wildwatch.store import mail_events
from wildwatch.store.migrate import migrate

ROWS_PER_TRANSACTION = 10_000
RATE = 10_000


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def bare_copy(url: str, batches: list[MailBatch], prepare: bool) -> float:
    """Rows a second of COPY alone: one connection, prepared rows, nothing else running."""
    connection = await asyncpg.connect(url)
    try:
        rows = [row for batch in batches for row in mail_events.to_rows(batch).rows]
        if prepare:
            await mail_events.prepare(connection)
        else:
            rows = [plain_row(row) for row in rows]
        started = time.monotonic()
        for at in range(0, len(rows), ROWS_PER_TRANSACTION):
            async with connection.transaction():
                await connection.copy_records_to_table(
                    "mail_event", records=rows[at : at + ROWS_PER_TRANSACTION], columns=mail_events.COLUMNS
                )
        return len(rows) / (time.monotonic() - started)
    finally:
        await connection.close()


_TIMES = [mail_events.COLUMNS.index(name) for name in ("time", "next_attempt", "received_at")]
_EXTRA = mail_events.COLUMNS.index("extra")


def plain_row(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row with the objects that asyncpg's own encoders take."""
    values = list(row)
    for index in _TIMES:
        if values[index] is not None:
            values[index] = datetime.fromtimestamp(values[index] / 1000, tz=UTC)
    if values[_EXTRA] is not None:
        values[_EXTRA] = json.dumps(values[_EXTRA])
    return tuple(values)


class Load:
    """Posts bodies from another process."""

    def __init__(self, road: Road, keys: dict[str, str], prepared: list[tuple[str, bytes]]) -> None:
        self._file = road.folder / f"bodies-{uuid7()}.pickle"
        self._file.write_bytes(pickle.dumps(prepared))
        self._order = {
            "url": f"{road.ingest_url}/v1/events/mail",
            "keys": keys,
            "bodies": str(self._file),
            "events_per_body": bodies.EVENTS_PER_BODY,
        }

    async def run(self, events_per_s: int, connections: int) -> dict[str, Any]:
        order = {**self._order, "events_per_s": events_per_s, "connections": connections}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.load.sender",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=64_000_000,
        )  # fmt: skip
        out, _ = await process.communicate(json.dumps(order).encode() + b"\n")
        self._file.unlink()
        result: dict[str, Any] = json.loads(out)
        return result


def cpu_seconds(pids: dict[str, list[int]]) -> dict[str, float]:
    """CPU of each part so far, children included."""
    used = {}
    for part, roots in pids.items():
        total = 0.0
        for pid in roots:
            process = psutil.Process(pid)
            for member in (process, *process.children(recursive=True)):
                try:
                    times = member.cpu_times()
                except psutil.NoSuchProcess:
                    continue
                total += times.user + times.system
        used[part] = total
    return used


async def throughput(road: Road, keys: dict[str, str], n_bodies: int, seed: int) -> dict[str, float]:
    """Events a second from the first post to the last committed row."""
    load = Load(road, keys, bodies.bodies(n_bodies, seed))
    before = (await road.rows("select count(*) as n from mail_event"))[0]["n"]
    cpu = cpu_seconds(parts(road))
    started = time.monotonic()
    sent = await load.run(0, 8)
    await road.wait_rows(before + n_bodies * bodies.EVENTS_PER_BODY, 300)
    seconds = time.monotonic() - started
    events = n_bodies * bodies.EVENTS_PER_BODY
    used = {part: (now - cpu[part]) / events * 1e6 for part, now in cpu_seconds(parts(road)).items()}
    return {
        "events_per_s": events / seconds,
        "ingest_events_per_s": events / sent["seconds"],
        **{f"{part}_us": us for part, us in used.items()},
    }


def parts(road: Road) -> dict[str, list[int]]:
    postmaster = int((road.folder / "postmaster").read_text())
    return {
        "ingest": [road.ingest.pid],
        "writer": [road.writer.pid],
        "nats": [road.nats.pid],
        "postgres": [postmaster],
    }


async def visibility(road: Road, seconds: float) -> list[float]:
    """Seconds from posting one event to its being in a query, probed four times a second."""
    connection = await asyncpg.connect(road.database_url)
    waits = []
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            at = time.monotonic()
            ts = int(time.time() * 1000)
            queue_id = f"{ts << 12:014x}ffff"
            event = {"id": queue_id, "seq": "001", "action": "ACCEPTED", "ts": ts, "to": "probe@example.net"}
            await road.post(post_body([event]))
            while not await connection.fetchval(
                "select 1 from mail_event where queue_id = $1 and time > now() - interval '1 hour'", queue_id
            ):
                await asyncio.sleep(0.01)
            waits.append(time.monotonic() - at)
            await asyncio.sleep(max(0.0, 0.25 - (time.monotonic() - at)))
    finally:
        await connection.close()
    return waits


async def steady(road: Road, keys: dict[str, str], seconds: int) -> dict[str, float]:
    """CPU, answer time and visibility at 10,000 events a second."""
    load = Load(road, keys, bodies.bodies(RATE * seconds // bodies.EVENTS_PER_BODY, seed=3))
    cpu = cpu_seconds(parts(road))
    started = time.monotonic()
    sent, waits = await asyncio.gather(load.run(RATE, 16), visibility(road, seconds))
    wall = time.monotonic() - started
    used = {part: (now - cpu[part]) / wall for part, now in cpu_seconds(parts(road)).items()}
    return {
        "cores": sum(used.values()),
        **{f"{part}_cores": share for part, share in used.items()},
        "answer_p50_ms": percentile(sent["latencies"], 0.5) * 1000,
        "answer_p99_ms": percentile(sent["latencies"], 0.99) * 1000,
        "visible_p50_ms": percentile(waits, 0.5) * 1000,
        "visible_p99_ms": percentile(waits, 0.99) * 1000,
    }


async def measure(road: Road, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    sample = bodies.bodies(400)
    keys = {host: await road.add_key(host) for host in sorted({host for host, _ in sample})}
    await asyncio.sleep(2)  # ingest reads the bucket every second
    batches = bodies.rows(sample)
    copies: list[float] = []
    fast_copies: list[float] = []
    runs: list[dict[str, float]] = []
    for number in range(arguments.runs):
        copies.append(await bare_copy(road.database_url, batches, prepare=False))
        fast_copies.append(await bare_copy(road.database_url, batches, prepare=True))
        runs.append(await throughput(road, keys, arguments.events // bodies.EVENTS_PER_BODY, seed=10 + number))
        print(json.dumps({"run": number, "copy": copies[-1], "fast_copy": fast_copies[-1], **runs[-1]}), flush=True)
    copy = statistics.median(copies)
    through = statistics.median(run["events_per_s"] for run in runs)
    figures: list[dict[str, Any]] = [
        {"figure": "bare_copy_rows_per_s", "value": round(copy)},
        {"figure": "bare_copy_own_encoders_rows_per_s", "value": round(statistics.median(fast_copies))},
        {"figure": "road_events_per_s", "value": round(through)},
        {"figure": "road_share_of_bare_copy", "value": round(through / copy, 3), "must": ">= 0.40", "dream": ">= 0.66"},
    ]
    figures += [
        {"figure": f"road_{part}_us_per_event", "value": round(statistics.median(run[f"{part}_us"] for run in runs), 2)}
        for part in parts(road)
    ]
    if arguments.steady_s:
        at_rate = await steady(road, keys, arguments.steady_s)
        bounds = {
            "cores": ("<= 0.9", "<= 0.4"),
            "answer_p99_ms": ("<= 100", "<= 20"),
            "visible_p99_ms": ("<= 2000", "<= 500"),
        }
        for name, value in at_rate.items():
            must, dream = bounds.get(name, (None, None))
            figures.append(
                {"figure": f"at_10k_{name}", "value": round(value, 3)}
                | ({"must": must, "dream": dream} if must else {})
            )
    return figures


def machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} × {model}, {memory:.0f} GiB, Linux {platform.release()}, Python {platform.python_version()}"


def document(figures: list[dict[str, Any]], versions: str) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; figures of one run on one machine, everything on it, durable settings on.",
        "The share of a bare COPY is what compares between machines.",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}; {versions}.",
        "",
        "| figure | value | must | dream |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{f['figure']}` | {f['value']:,} | {f.get('must', '')} | {f.get('dream', '')} |" for f in figures
    ]
    return "\n".join(lines) + "\n"


async def main(arguments: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="wildwatch-bench-"))
    folder.chmod(0o755)
    try:
        with Cluster(ensure_installed(say=print), folder / "timescaledb") as cluster, NatsServer(folder / "nats", disk_bytes=40_000_000_000) as nats:
            url = cluster.create_database("bench")
            await migrate(url)
            (folder / "postmaster").write_text((cluster.data / "postmaster.pid").read_text().split()[0])
            async with open_road(nats, url, folder, disk_bytes=4_000_000_000) as road:
                figures = await measure(road, arguments)
                versions = (await road.rows("select version() || ', TimescaleDB ' || extversion as v from pg_extension where extname = 'timescaledb'"))[0]["v"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for figure in figures:
        print(json.dumps(figure))
    if arguments.write:
        Path("docs/benchmarks.md").write_text(document(figures, versions.split(" on ")[0] + versions[versions.rfind(", Times"):]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="interleaved runs of COPY and road")
    parser.add_argument("--events", type=int, default=300_000, help="events of one run")
    parser.add_argument("--steady-s", type=int, default=30, help="seconds at 10,000 events a second; 0 leaves it out")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    asyncio.run(main(parser.parse_args()))
