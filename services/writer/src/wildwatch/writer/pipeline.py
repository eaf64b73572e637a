"""Fetch, prepare, gather, commit, acknowledge: the writer's road, as tasks under one group."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import structlog

from wildwatch.bus import dead
from wildwatch.bus.connection import Bus
from wildwatch.bus.consume import Consumer, Delivery
from wildwatch.bus.errors import RetryableError
from wildwatch.bus.trim import TrimSettings, trim
from wildwatch.contracts import mail
from wildwatch.contracts.messages import DeadLetter
from wildwatch.contracts.streams import MAIL
from wildwatch.contracts.version import NewerMajorError
from wildwatch.store import mail_events
from wildwatch.store.errors import BadDataError, StoreError
from wildwatch.store.locks import try_lock
from wildwatch.store.pool import Pool, acquire
from wildwatch.writer import live
from wildwatch.writer.buffer import Buffer, Prepared
from wildwatch.writer.committer import Committer
from wildwatch.writer.metrics import Metrics
from wildwatch.writer.settings import WriterSettings

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

UNREADABLE = "message-unreadable"


async def fetch(
    consumer: Consumer, bus: Bus, buffer: Buffer, settings: WriterSettings, metrics: Metrics, *,
    stop: asyncio.Event,
) -> None:  # fmt: skip
    """Fetch and prepare messages until `stop`; waits when the buffer is full or the broker is away.

    Cancelled, it hands back what it has fetched and not put into the buffer.
    """
    while not stop.is_set():
        try:
            deliveries = await consumer.fetch(settings.fetch_messages, settings.fetch_wait_s)
        except RetryableError as error:
            logger.info("fetch_failed", error=str(error))
            await asyncio.sleep(settings.fetch_wait_s)
            continue
        for position, delivery in enumerate(deliveries):
            try:
                if (prepared := await _prepare(delivery, bus, settings, metrics)) is not None:
                    await buffer.put(prepared)
            except asyncio.CancelledError:
                for left in deliveries[position:]:
                    await left.put_back(0)
                raise


async def _prepare(
    delivery: Delivery, bus: Bus, settings: WriterSettings, metrics: Metrics
) -> Prepared | None:
    try:
        message = mail.decode(delivery.payload)
        batches = [mail_events.to_rows(batch) for batch in message.batches]
    except NewerMajorError:
        metrics.put_back.inc()
        await delivery.put_back(settings.newer_major_delay_s)
        return None
    except (msgspec.DecodeError, UnicodeError, RecursionError, BadDataError) as error:
        # Whatever stays unhandled here ends the writer, and the message comes again to end the next one.
        await _bury(delivery, error, bus, metrics)
        return None
    return Prepared(
        delivery,
        batches,
        sum(len(batch.rows) for batch in batches),
        max((batch.received_ms for batch in message.batches), default=0),
    )


async def _bury(delivery: Delivery, error: Exception, bus: Bus, metrics: Metrics) -> None:
    text, encoding = dead.payload_text(delivery.payload)
    letter = DeadLetter(
        stream=MAIL.name, subject=delivery.subject, reason=UNREADABLE, detail=str(error)[:500],
        at_ms=int(time.time() * 1000), by="writer",
        stream_seq=delivery.stream_seq, payload=text, encoding=encoding,
    )  # fmt: skip
    try:
        await dead.bury(bus, letter)
    except RetryableError:
        await delivery.put_back(5)
        return
    metrics.dead.labels(UNREADABLE).inc()
    await delivery.give_up()


async def commit(buffer: Buffer, committer: Committer, settings: WriterSettings) -> None:
    """Take groups from the buffer and commit them, for ever."""
    while True:
        group = await buffer.take(settings)
        await committer.commit(group)
        await buffer.finished(group)


async def tell(bus: Bus, summary: live.LiveSummary, settings: WriterSettings) -> None:
    """Publish the live summary each second, for ever."""
    while True:
        await asyncio.sleep(settings.live_interval_s)
        if (taken := summary.take()) is not None:
            await live.publish(bus, taken)


async def watch_lag(consumer: Consumer, metrics: Metrics, interval_s: float = 5.0) -> None:
    """Keep the gauges of the durable's lag, for ever."""
    while True:
        try:
            pending, unacknowledged = await consumer.lag()
        except RetryableError:
            pass
        else:
            metrics.pending.set(pending)
            metrics.unacknowledged.set(unacknowledged)
        await asyncio.sleep(interval_s)


async def keep_trimmed(
    bus: Bus, pool: Pool, settings: TrimSettings, metrics: Metrics,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:  # fmt: skip
    """Trim the stream every `interval_s`, in one process of all, for ever."""
    while True:
        await asyncio.sleep(settings.interval_s)
        try:
            async with acquire(pool) as connection, try_lock(connection, "trim") as is_ours:
                if is_ours:
                    metrics.trimmed.inc(await trim(bus, MAIL, settings, now()))
        except (RetryableError, StoreError) as error:
            logger.info("trim_failed", error=str(error))
