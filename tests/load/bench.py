"""`make bench`: what the road carries, as a share of a bare COPY in the same run.

Prints one line of JSON a figure and writes docs/benchmarks.md. Everything is real: durable TimescaleDB,
nats-server with `sync_interval: always`, ingest and writer as processes, a simulated cluster's bodies.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import psutil
from tests.fixtures.road import Road, open_road, post_body, uuid7
from tests.load import bodies
from tests.load.report import Figure, document

from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.cli.embedded.timescaledb import Cluster, ensure_installed
from wildwatch.contracts.mail import MailBatch
from wildwatch.store import mail_events
from wildwatch.store.migrate import migrate

ROWS_PER_TRANSACTION = 10_000
RATE = 10_000
DOCUMENT = Path("docs/benchmarks.md")

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


async def bare_copy(url: str, batches: list[MailBatch]) -> float:
    """Rows a second of COPY alone: one connection, prepared rows, nothing else running."""
    connection = await asyncpg.connect(url)
    try:
        rows = [plain_row(row) for batch in batches for row in mail_events.to_rows(batch).rows]
        started = time.monotonic()
        for at in range(0, len(rows), ROWS_PER_TRANSACTION):
            async with connection.transaction():
                await connection.copy_records_to_table(
                    "mail_event", records=rows[at : at + ROWS_PER_TRANSACTION], columns=mail_events.COLUMNS
                )
        return len(rows) / (time.monotonic() - started)
    finally:
        await connection.close()


class Sender:
    """Posts bodies from a process of its own; see `tests.load.sender`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def load(
        cls, road: Road, keys: dict[str, str], prepared: list[tuple[str, bytes]], *, events_per_s: int,
        connections: int,
    ) -> Sender:  # fmt: skip
        """The process with the bodies in its memory, waiting for `send`."""
        file = road.folder / f"bodies-{uuid7()}.pickle"
        await asyncio.to_thread(file.write_bytes, pickle.dumps(prepared))
        order = {
            "url": f"{road.ingest_url}/v1/events/mail", "keys": keys, "bodies": str(file),
            "events_per_body": bodies.EVENTS_PER_BODY, "events_per_s": events_per_s,
            "connections": connections,
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.load.sender",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=64_000_000,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order).encode() + b"\n")
        await process.stdout.readline()
        file.unlink()
        return cls(process)

    async def send(self) -> dict[str, Any]:
        """Post everything; what the process measured."""
        out, _ = await self._process.communicate(b"go\n")
        result: dict[str, Any] = json.loads(out)
        return result


def cpu_seconds(road: Road) -> dict[str, float]:
    """CPU of each part so far, children included."""
    postmaster = int((road.folder / "postmaster").read_text())
    roots = {
        "ingest": road.ingest.pid,
        "writer": road.writer.pid,
        "nats": road.nats.pid,
        "postgres": postmaster,
    }
    used = {}
    for part, pid in roots.items():
        process = psutil.Process(pid)
        total = 0.0
        for member in (process, *process.children(recursive=True)):
            try:
                times = member.cpu_times()
            except psutil.NoSuchProcess:
                continue
            # Of the postmaster also what its ended backends used.
            total += times.user + times.system + (0 if part != "postgres" else times.children_user)
        used[part] = total
    return used


async def throughput(road: Road, keys: dict[str, str], events: int, seed: int) -> dict[str, float]:
    """Events a second from the first post to the last committed row, and microseconds of CPU an event."""
    prepared = bodies.bodies(events // bodies.EVENTS_PER_BODY, seed)
    before = (await road.rows("select count(*) as n from mail_event"))[0]["n"]
    sender = await Sender.load(road, keys, prepared, events_per_s=0, connections=8)
    cpu = cpu_seconds(road)
    started = time.monotonic()
    await sender.send()
    await road.wait_rows(before + len(prepared) * bodies.EVENTS_PER_BODY, 600)
    seconds = time.monotonic() - started
    used = {part: (now - cpu[part]) / events * 1e6 for part, now in cpu_seconds(road).items()}
    return {"events_per_s": events / seconds} | {f"{part}_us": us for part, us in used.items()}


@contextmanager
def plain_writer(road: Road) -> Iterator[None]:
    """The writer without rollups in place of the road's own."""
    road.writer.stop()
    own, road.writer = road.writer, road.make_writer()
    road.writer.module = "tests.load.plain_writer"
    try:
        with road.writer:
            yield
    finally:
        road.writer = own
        own.start()
        own.wait_ready()


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
                await connection.execute("select pg_sleep(0.01)")
            waits.append(time.monotonic() - at)
            await asyncio.sleep(max(0.0, 0.25 - (time.monotonic() - at)))
    finally:
        await connection.close()
    return waits


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def steady(road: Road, keys: dict[str, str], seconds: int) -> list[Figure]:
    """CPU, answer time and visibility at 10,000 events a second."""
    prepared = bodies.bodies(RATE * seconds // bodies.EVENTS_PER_BODY, seed=3)
    sender = await Sender.load(road, keys, prepared, events_per_s=RATE, connections=16)
    cpu = cpu_seconds(road)
    started = time.monotonic()
    sent, waits = await asyncio.gather(sender.send(), visibility(road, seconds))
    wall = time.monotonic() - started
    used = {part: (now - cpu[part]) / wall for part, now in cpu_seconds(road).items()}
    answers = sent["latencies"]
    return [
        Figure("at_10k_cores", round(sum(used.values()), 3), "<= 0.9", "<= 0.4"),
        *(Figure(f"at_10k_{part}_cores", round(share, 3)) for part, share in used.items()),
        Figure("at_10k_answer_p50_ms", round(percentile(answers, 0.5) * 1000, 1)),
        Figure("at_10k_answer_p99_ms", round(percentile(answers, 0.99) * 1000, 1), "<= 100", "<= 20"),
        Figure("at_10k_visible_p50_ms", round(percentile(waits, 0.5) * 1000, 1)),
        Figure("at_10k_visible_p99_ms", round(percentile(waits, 0.99) * 1000, 1), "<= 2000", "<= 500"),
    ]


async def measure(road: Road, arguments: argparse.Namespace) -> list[Figure]:
    """Every figure, the runs of COPY, road and plain road in turn."""
    sample = bodies.bodies(400)
    keys = {host: await road.add_key(host) for host in sorted({host for host, _ in sample})}
    await asyncio.sleep(2)  # ingest reads the bucket every second
    batches = bodies.batches(sample)
    runs: dict[str, list[dict[str, float]]] = {"copy": [], "road": [], "plain": []}
    for number in range(arguments.runs):
        runs["copy"].append({"events_per_s": await bare_copy(road.database_url, batches)})
        runs["road"].append(await throughput(road, keys, arguments.events, seed=10 + number))
        with plain_writer(road):
            runs["plain"].append(await throughput(road, keys, arguments.events, seed=30 + number))
        print(json.dumps({name: results[-1] for name, results in runs.items()}), flush=True)

    def median(name: str, value: str) -> float:
        return statistics.median(run[value] for run in runs[name])

    copy, through, plain = (median(name, "events_per_s") for name in ("copy", "road", "plain"))
    figures = [
        Figure("bare_copy_rows_per_s", round(copy)),
        Figure("road_events_per_s", round(through)),
        Figure("road_share_of_bare_copy", round(through / copy, 3), ">= 0.33", ">= 0.66"),
        Figure("plain_road_events_per_s", round(plain)),
        Figure("plain_road_share_of_bare_copy", round(plain / copy, 3), ">= 0.40"),
        *(
            Figure(f"road_{value}_per_event", round(median("road", value), 2))
            for value in runs["road"][0]
            if value.endswith("_us")
        ),
    ]
    return figures + (await steady(road, keys, arguments.steady_s) if arguments.steady_s else [])


async def run(folder: Path, arguments: argparse.Namespace) -> tuple[list[Figure], str]:
    """Start the servers, measure, and say which versions they are."""
    with (
        Cluster(ensure_installed(say=print), folder / "timescaledb") as cluster,
        NatsServer(folder / "nats", disk_bytes=40_000_000_000) as nats,
    ):
        url = cluster.create_database("bench")
        await migrate(url)
        recorded = (cluster.data / "postmaster.pid").read_text().split()[0]
        (folder / "postmaster").write_text(recorded)
        async with open_road(nats, url, folder, disk_bytes=4_000_000_000) as road:
            figures = await measure(road, arguments)
            [row] = await road.rows(
                "select current_setting('server_version') as postgres, extversion as timescaledb"
                " from pg_extension where extname = 'timescaledb'"
            )
    return figures, f"PostgreSQL {row['postgres']}, TimescaleDB {row['timescaledb']} (Apache edition)"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="interleaved runs of COPY and road")
    parser.add_argument("--events", type=int, default=300_000, help="events of one run")
    parser.add_argument("--steady-s", type=int, default=60, help="seconds at 10,000 events/s; 0: none")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md as it is")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="wildwatch-bench-"))
    folder.chmod(0o755)
    try:
        figures, versions = asyncio.run(run(folder, arguments))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for figure in figures:
        print(msgspec.json.encode(figure).decode())
    if not arguments.no_write:
        DOCUMENT.write_text(document(figures, versions, load))


if __name__ == "__main__":
    main()
