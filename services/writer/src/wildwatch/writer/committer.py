"""From prepared messages to committed rows, whatever the database says.

* It may work later: try again for ever with growing pauses; the broker keeps what comes meanwhile.
* The data is bad: halve the messages down to the one, set its bad rows aside as dead letters (their
  PubAck seen), commit the rest. Each step makes the problem smaller, so this ends.

A message is acknowledged only after its rows are committed.
"""

from __future__ import annotations

import time
from typing import Any

import msgspec
import stamina
import structlog

from wildwatch.bus import dead
from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import RetryableError as BusRetryableError
from wildwatch.contracts import subjects
from wildwatch.contracts.messages import DeadLetter
from wildwatch.contracts.streams import MAIL
from wildwatch.store import mail_events
from wildwatch.store.errors import BadDataError, RetryableError
from wildwatch.store.mail_events import Batch
from wildwatch.store.pool import Pool, acquire
from wildwatch.writer.buffer import Prepared
from wildwatch.writer.live import LiveSummary
from wildwatch.writer.metrics import Metrics
from wildwatch.writer.rollups import partial_sums
from wildwatch.writer.settings import WriterSettings

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

REFUSED_ROW = "row-refused-by-database"
REFUSED_BATCH = "batch-refused-by-database"
_DETAIL = {
    REFUSED_ROW: "the database accepts the rest of the batch without it",
    REFUSED_BATCH: "the database refuses too many of its rows, or accepts them only one by one",
}


class Committer:
    """Writes groups of messages; several of its calls may run at once."""

    def __init__(
        self, pool: Pool, bus: Bus, *, settings: WriterSettings, metrics: Metrics, live: LiveSummary
    ) -> None:
        self._pool = pool
        self._bus = bus
        self._settings = settings
        self._metrics = metrics
        self._live = live

    async def commit(self, group: list[Prepared]) -> None:
        """Returns when every message of `group` is committed (or dead) and acknowledged."""
        try:
            await self._write([batch for message in group for batch in message.batches])
        except BadDataError as error:
            if len(group) > 1:
                middle = len(group) // 2
                await self.commit(group[:middle])
                await self.commit(group[middle:])
                return
            logger.warning("bad_rows_sought", error=str(error), stream_seq=group[0].delivery.stream_seq)
            for batch in group[0].batches:
                await self._write_what_is_good(batch)
        for message in group:
            await message.delivery.acknowledge()
        newest_ms = max(message.received_ms for message in group)
        self._metrics.commit_age_seconds.observe(max(0.0, time.time() - newest_ms / 1000))

    async def _write(self, batches: list[Batch]) -> None:
        async for attempt in self._patiently(RetryableError):
            with attempt:
                if attempt.num > 1:
                    self._metrics.retries.inc()
                started = time.monotonic()
                async with acquire(self._pool) as connection:
                    new = await mail_events.write(
                        connection, batches, self._settings.copy_timeout_s, partial_sums
                    )
                self._metrics.transaction_seconds.observe(time.monotonic() - started)
        fresh = [batch for batch in {batch.name: batch for batch in batches}.values() if batch.name in new]
        rows = sum(len(batch.rows) for batch in fresh)
        self._metrics.rows.inc(rows)
        self._metrics.transaction_rows.observe(rows)
        self._metrics.batches.labels("committed").inc(len(fresh))
        self._metrics.batches.labels("duplicate").inc(len(batches) - len(fresh))
        self._live.add(fresh)

    async def _write_what_is_good(self, batch: Batch) -> None:
        try:
            await self._write([batch])
        except BadDataError:
            pass
        else:
            return
        async for attempt in self._patiently(RetryableError):
            with attempt:
                async with acquire(self._pool) as connection:
                    bad = await mail_events.bad_rows(
                        connection, batch.rows, self._settings.max_bad_rows, self._settings.copy_timeout_s
                    )
        if len(bad) >= self._settings.max_bad_rows:
            await self._bury(batch, None, REFUSED_BATCH)
            return
        for index in bad:
            await self._bury(batch, index, REFUSED_ROW)
        refused = set(bad)
        good = [row for index, row in enumerate(batch.rows) if index not in refused]
        try:
            await self._write([msgspec.structs.replace(batch, rows=good)])
        except BadDataError:
            # Each row was accepted alone but not together: nothing smaller is left to try.
            await self._bury(batch, None, REFUSED_BATCH)

    async def _bury(self, batch: Batch, index: int | None, reason: str) -> None:
        rows = batch.rows if index is None else [batch.rows[index]]
        text, encoding = dead.payload_text(mail_events.to_payload(batch, rows))
        letter = DeadLetter(
            stream=MAIL.name, subject=subjects.mail(batch.host), reason=reason,
            detail=_DETAIL[reason], at_ms=int(time.time() * 1000), by="writer",
            host=batch.host, batch=str(batch.name), index=index, payload=text, encoding=encoding,
            form="mail_batch",
        )  # fmt: skip
        async for attempt in self._patiently(BusRetryableError):
            with attempt:
                await dead.bury(self._bus, letter)
        self._metrics.dead.labels(reason).inc()

    def _patiently(self, kind: type[Exception]) -> Any:
        return stamina.retry_context(
            on=kind, attempts=None, timeout=None, wait_initial=0.1, wait_max=self._settings.retry_wait_max_s
        )
