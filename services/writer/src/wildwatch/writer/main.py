"""The writer: builds, runs, closes."""

from __future__ import annotations

import asyncio
import os
import socket

from wildwatch.bus import connection as nats
from wildwatch.bus.consume import bind
from wildwatch.contracts.streams import WRITER_MAIL
from wildwatch.runtime import service
from wildwatch.store import mail_events
from wildwatch.store.pool import Pool, open_pool
from wildwatch.writer import pipeline
from wildwatch.writer.buffer import Buffer
from wildwatch.writer.committer import Committer
from wildwatch.writer.folding import FoldMetrics, keep_folded
from wildwatch.writer.live import LiveSummary
from wildwatch.writer.metrics import Metrics
from wildwatch.writer.settings import Settings

_CANCEL_TIMEOUT_S = 1.0


async def serve(settings: Settings, process: service.Process) -> None:
    """Write until told to stop, then commit what is held and hand back the rest."""
    own = settings.writer
    metrics = Metrics(process.registry)
    summary = LiveSummary(f"{socket.gethostname()}-{os.getpid()}", own)
    async with (
        open_pool(settings.database, "writer", init=mail_events.prepare) as pool,
        nats.connect(settings.nats, "writer") as bus,
    ):
        consumer = await bind(bus, WRITER_MAIL)
        buffer = Buffer(own.max_buffer_bytes, metrics.buffer_bytes.set)
        committer = Committer(pool, bus, settings=own, metrics=metrics, live=summary)
        fetching = asyncio.create_task(pipeline.fetch(consumer, bus, buffer, own, metrics, stop=process.stop))
        committing = [
            asyncio.create_task(pipeline.commit(buffer, committer, own))
            for _ in range(own.transactions_in_flight)
        ]
        beside = [
            asyncio.create_task(pipeline.tell(bus, summary, own)),
            asyncio.create_task(pipeline.watch_lag(consumer, metrics)),
            asyncio.create_task(pipeline.keep_trimmed(bus, pool, settings.trim, metrics)),
            asyncio.create_task(keep_folded(pool, settings.fold, FoldMetrics(process.registry))),
        ]
        tasks = [fetching, *committing, *beside]
        process.started()
        stop = asyncio.create_task(process.stop.wait())
        done, _ = await asyncio.wait({stop, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        if process.stop.is_set():
            # A fetch under way is awaited: what the broker sent for it would else lie until ack_wait.
            await asyncio.wait({fetching}, timeout=own.fetch_wait_s + 1)
        fetching.cancel()
        left = await buffer.drained(own.drain_timeout_s if process.stop.is_set() else 0)
        stop.cancel()
        await _end(tasks, pool)
        for message in left:
            # Not committed, or not known: another writer gets it now, and the ledger knows the truth.
            await message.delivery.put_back(0)
        for task in done - {stop}:
            task.result()  # a task that ended by itself failed: let its error end the process


async def _end(tasks: list[asyncio.Task[None]], pool: Pool) -> None:
    """Cancel until they end: a rollback that fails on a silent or lost connection hides a cancellation."""
    for _ in range(3):
        for task in tasks:
            task.cancel()
        _, going_on = await asyncio.wait(tasks, timeout=_CANCEL_TIMEOUT_S)
        if not going_on:
            return
        pool.terminate()


def main() -> None:
    """Entry point of `wildwatch-writer`."""
    service.run("writer", Settings, serve)


if __name__ == "__main__":
    main()
