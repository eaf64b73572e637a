"""A writer's workplace: messages put on `MAIL` by hand, and what became of them."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from tests.fixtures.durable import redeliver_after
from tests.fixtures.processes import ServiceProcess
from tests.fixtures.road import HOST, Road, uuid7

from wildwatch.bus import connection, dead, depth, provision
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.contracts import subjects
from wildwatch.contracts.mail import MailBatch, MailEvent, MailMessage
from wildwatch.contracts.messages import DeadLetter
from wildwatch.contracts.streams import WRITER_MAIL

_numbers = itertools.count(1)


def event(n: int, **members: Any) -> MailEvent:
    """A delivered event."""
    now_ms = int(time.time() * 1000)
    return MailEvent(
        **{"time_ms": now_ms, "action": "delivered", "queue_id": f"q{n}", "seq": "001", "n": n, **members}
    )


def batch(events: list[MailEvent], name: str | None = None) -> MailBatch:
    """A batch as ingest passes it on."""
    now_ms = int(time.time() * 1000)
    return MailBatch(
        batch=name or uuid7(), host=HOST, received_ms=now_ms, sent_ms=now_ms, rules_version=1, events=events
    )


class Bench:
    """The broker, the database and writers on them. `bus` is the admin's."""

    def __init__(self, road: Road, bus: connection.Bus) -> None:
        self.road = road
        self.bus = bus
        self.writers: list[ServiceProcess] = []

    def start_writer(self, **settings: str) -> ServiceProcess:
        """One more writer, ready."""
        writer = self.road.make_writer(**settings)
        self.writers.append(writer)
        self.road.writer = writer
        writer.start()
        writer.wait_ready()
        return writer

    async def publish(self, *batches: MailBatch) -> int:
        """One message of these batches; its sequence."""
        return await self.publish_bytes(msgspec.json.encode(MailMessage(batches=list(batches))))

    async def publish_bytes(self, payload: bytes) -> int:
        ack = await self.bus.js.publish(subjects.mail(HOST), payload)
        return ack.seq

    async def rows(self) -> list[int]:
        """`n` of every row, in order, twice when it is there twice."""
        return [row["n"] for row in await self.road.rows("select n from mail_event order by n")]

    async def letters(self) -> list[DeadLetter]:
        return [buried.letter async for buried in dead.browse(self.bus)]

    async def drained(self, timeout_s: float = 30) -> None:
        """Until nothing is unacknowledged."""

        async def nothing_left() -> bool:
            lag = await depth.durable_lag(self.bus, WRITER_MAIL)
            return not lag.pending and not lag.ack_pending

        await eventually(nothing_left, timeout_s, self.said)

    async def ack_pending(self) -> int:
        return (await depth.durable_lag(self.bus, WRITER_MAIL)).ack_pending

    def said(self) -> str:
        return "\n".join(writer.log.read_text()[-3000:] for writer in self.writers[-1:])

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncpg.Connection]:
        connected = await asyncpg.connect(self.road.database_url)
        try:
            yield connected
        finally:
            await connected.close()

    @asynccontextmanager
    async def locked_table(self) -> AsyncIterator[None]:
        """Nobody may write events: transactions stop in the middle, after the ledger and before the COPY."""
        async with self.connected() as holder, holder.transaction():
            await holder.execute("lock table mail_event in exclusive mode")
            yield

    async def someone_waits_for_table(self) -> None:
        async with self.connected() as witness:

            async def waits() -> bool:
                return bool(
                    await witness.fetchval(
                        "select exists (select from pg_locks where not granted"
                        " and relation = 'mail_event'::regclass)"
                    )
                )

            await eventually(waits, 20, self.said)


async def eventually(condition: Any, timeout_s: float, said: Any = str) -> None:
    """Poll an async condition; the test fails with what `said` says when it never holds."""
    deadline = time.monotonic() + timeout_s
    while not await condition():
        assert time.monotonic() < deadline, f"not within {timeout_s:.0f} s; {said()}"
        await asyncio.sleep(0.05)


@asynccontextmanager
async def open_bench(
    nats: NatsServer, database_url: str, folder: Path, *, ack_wait_s: float = 2
) -> AsyncIterator[Bench]:
    """A bench without a writer yet; all that were started are killed at the end."""
    road = Road(nats, database_url, folder)
    async with connection.connect(road.admin_settings, "admin") as bus:
        await provision.provision(bus, provision.StreamSettings(disk_bytes=256_000_000))
        await redeliver_after(bus, ack_wait_s)
        bench = Bench(road, bus)
        try:
            yield bench
        finally:
            for writer in bench.writers:
                writer.kill()


def incompressible(size: int) -> bytes:
    """Bytes that are neither JSON nor UTF-8."""
    return b"\xff" + os.urandom(size - 1)
