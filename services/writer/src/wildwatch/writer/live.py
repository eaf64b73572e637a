"""Per-second partial summaries of what this writer committed, for the live page."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterable
from operator import itemgetter

import msgspec

from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import CLIENT_ERRORS
from wildwatch.contracts import subjects
from wildwatch.contracts.mail import MailEvent
from wildwatch.contracts.messages import LiveMail
from wildwatch.mail.outcome import outcome
from wildwatch.store.mail_events import Batch
from wildwatch.writer.settings import WriterSettings

OTHER = "other"

_FIELDS = MailEvent.__struct_fields__
_key = itemgetter(*(_FIELDS.index(name) for name in ("time_ms", "provider", "action", "bounce_class")))
_Cell = tuple[int, str, str]


class LiveSummary:
    """Counts committed rows by second of the event, host or provider, and outcome.

    At most `live_max_names` hosts and providers are told apart and `_MAX_SECONDS` seconds; what is beyond
    is counted under `other` or only in `committed`: a spool of old events must not swell the page.
    """

    _MAX_SECONDS = 120

    def __init__(self, writer: str, settings: WriterSettings, clock: Callable[[], float] = time.time) -> None:
        self._writer = writer
        self._max_names = settings.live_max_names
        self._clock = clock
        self._clear()

    def _clear(self) -> None:
        self._hosts: Counter[_Cell] = Counter()
        self._providers: Counter[_Cell] = Counter()
        self._host_names: set[str] = set()
        self._provider_names: set[str] = set()
        self._committed = 0
        self._oldest_ms: int | None = None

    def add(self, batches: Iterable[Batch]) -> None:
        """Count batches that were committed just now, for the first time."""
        since = int(self._clock()) - self._MAX_SECONDS
        for batch in batches:
            host = self._bounded(batch.host, self._host_names)
            self._committed += len(batch.rows)
            counts = Counter((row[0] // 1000, row[1], row[2], row[3]) for row in map(_key, batch.rows))
            for (second, provider, action, bounce_class), n in counts.items():
                if second < since:
                    continue
                what = outcome(action, bounce_class)
                self._hosts[second, host, what] += n
                if provider is not None:
                    self._providers[second, self._bounded(provider, self._provider_names), what] += n
            if batch.rows:
                oldest = min(row[0] for row in batch.rows)
                self._oldest_ms = oldest if self._oldest_ms is None else min(oldest, self._oldest_ms)

    def take(self) -> LiveMail | None:
        """What was added since the last call, or None."""
        if not self._committed:
            return None
        summary = LiveMail(
            writer=self._writer,
            at_ms=int(self._clock() * 1000),
            committed=self._committed,
            oldest_ms=self._oldest_ms,
            by_host=[(*cell, n) for cell, n in self._hosts.items()],
            by_provider=[(*cell, n) for cell, n in self._providers.items()],
        )
        self._clear()
        return summary

    def _bounded(self, name: str, names: set[str]) -> str:
        if name in names:
            return name
        if len(names) >= self._max_names:
            return OTHER
        names.add(name)
        return name


async def publish(bus: Bus, summary: LiveMail) -> None:
    """Send a summary to whoever listens; it is not stored, and lost while the broker is away."""
    with contextlib.suppress(*CLIENT_ERRORS):
        if bus.is_connected:
            await bus.client.publish(subjects.LIVE_MAIL, msgspec.json.encode(summary))
