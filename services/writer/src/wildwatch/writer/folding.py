"""Keeps the minute tables small: merges the partial sums of minutes that have gone quiet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from wildwatch.store.errors import StoreError
from wildwatch.store.locks import try_lock
from wildwatch.store.pool import Pool, acquire
from wildwatch.store.rollups import MINUTE_TABLES, RollupTable, fold

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class FoldSettings(msgspec.Struct, frozen=True, kw_only=True):
    """When partial sums are merged, and how many at a time."""

    interval_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds between folds of the minute tables.")
    ] = 20.0
    quiet_s: Annotated[
        float, msgspec.Meta(ge=0, description="Seconds after its end from which a minute is folded.")
    ] = 30.0
    max_minutes: Annotated[
        int,
        msgspec.Meta(ge=1, description="Minutes merged in one transaction; the next one follows at once."),
    ] = 10


class FoldMetrics:
    """What folding counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.rows = Counter(
            "wildwatch_fold_rows_total", "Partial rows merged, and rows made of them", ["table", "side"],
            registry=registry,
        )  # fmt: skip
        self.finished = Gauge(
            "wildwatch_fold_finished_timestamp_seconds", "When a fold last finished here", registry=registry
        )


async def keep_folded(
    pool: Pool,
    settings: FoldSettings,
    metrics: FoldMetrics,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Fold every `interval_s`, in one process of all, for ever."""
    while True:
        await asyncio.sleep(settings.interval_s)
        try:
            async with acquire(pool) as holder, try_lock(holder, "rollup-fold") as is_ours:
                if is_ours:
                    for table in MINUTE_TABLES:
                        await fold_table(pool, table, settings, metrics, now())
                    metrics.finished.set(time.time())
        except StoreError as error:
            logger.info("fold_failed", error=str(error))


async def fold_table(
    pool: Pool, table: RollupTable, settings: FoldSettings, metrics: FoldMetrics, now: datetime
) -> None:
    """Fold one table until nothing quiet is left. Raises `StoreError`."""
    quiet_before = now - timedelta(seconds=settings.quiet_s)
    while True:
        async with acquire(pool) as connection:
            before, after = await fold(connection, table, quiet_before, settings.max_minutes)
        metrics.rows.labels(table.name, "before").inc(before)
        metrics.rows.labels(table.name, "after").inc(after)
        if not before:
            return
