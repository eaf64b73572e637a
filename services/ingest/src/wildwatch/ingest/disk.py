"""Free disk under the broker, when it is on this machine: a full disk kills a stream until a restart,
so posts are refused while there is still room."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import structlog
from prometheus_client import Gauge

from wildwatch.ingest.problems import Kind, Refusal
from wildwatch.ingest.settings import IngestSettings

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


_LOOK_EVERY_S = 0.05
"""A small disk fills within a second of full rate; a look costs microseconds."""


class DiskGuard:
    """Knows the free share of one disk, at most `_LOOK_EVERY_S` old whenever somebody posts."""

    def __init__(self, settings: IngestSettings, gauge: Gauge, monotonic: Callable[[], float]) -> None:
        self._path = settings.store_path
        self._least = settings.min_free_disk_share
        self._retry_after_s = settings.retry_after_s
        self._gauge = gauge
        self._monotonic = monotonic
        self._looked_at = -_LOOK_EVERY_S
        self._free_share = 1.0

    def check(self) -> None:
        """Raise `Refusal` 503 when too little is free."""
        if self._monotonic() - self._looked_at >= _LOOK_EVERY_S:
            self.look()
        if self._free_share < self._least:
            raise Refusal(
                Kind.NO_DISK,
                f"less than {self._least:.0%} of its disk is free; the monitoring host needs room",
                retry_after_s=self._retry_after_s,
            )

    def look(self) -> None:
        """Measure once."""
        self._looked_at = self._monotonic()
        if not self._path:
            return
        try:
            usage = shutil.disk_usage(self._path)
        except OSError as error:
            logger.warning("disk_not_measured", error=error.strerror)
            return
        self._free_share = usage.free / usage.total
        self._gauge.set(self._free_share)
