"""What is known about the pipeline, asked at most once in a while however many people look."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

import msgspec

from wildwatch.bus import dead, depth
from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import BrokerUnavailableError
from wildwatch.contracts import streams
from wildwatch.contracts.messages import DeadLetter
from wildwatch.mail.outcome import BLOCKED_CLASSES
from wildwatch.store.mail_answers import ProviderTotals
from wildwatch.store.mail_filter import MailFilter, TimeRange
from wildwatch.store.mail_queries import MailQueries
from wildwatch.store.pipeline_queries import EventSize, Newest, PipelineQueries

LAG_TTL_S = 1.0
STREAMS_TTL_S = 2.0
DEAD_TTL_S = 10.0
SIZE_TTL_S = 30.0
TROUBLE_TTL_S = 5.0
MAX_DEAD_LETTERS = 2_000
"""The newest so many dead letters are grouped; older ones are counted in the stream's depth alone."""

WINDOW = timedelta(minutes=15)
"""What the verdict on mail looks at."""
MAX_PROVIDERS = 40

T = TypeVar("T")


class Kept(Generic[T]):
    """One answer, asked for anew when older than `ttl_s`; those who ask meanwhile share one question."""

    def __init__(self, ask: Callable[[], Awaitable[T]], ttl_s: float) -> None:
        self._ask = ask
        self._ttl_s = ttl_s
        self._lock = asyncio.Lock()
        self._answer: tuple[float, T] | None = None

    async def get(self) -> T:
        """Raises what the question raises; a failure is not kept."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if self._answer is None or now - self._answer[0] >= self._ttl_s:
                self._answer = (now, await self._ask())
            return self._answer[1]


class DeadGroup(msgspec.Struct, rename="camel"):
    """Dead letters of one signature, with the newest as the example."""

    reason: str
    stream: str
    count: int
    last_ms: int
    by: str
    host: str
    example: str


class PipelineWatch:
    """Streams, the writer's durable, dead letters, the database."""

    def __init__(
        self,
        bus: Bus,
        database: PipelineQueries,
        mail: MailQueries,
        edition: str,
        now: Callable[[], datetime],
    ) -> None:
        self._bus = bus
        self._mail = mail
        self._now = now
        self.edition = edition
        self._lag = Kept(self._ask_lag, LAG_TTL_S)
        self._streams = Kept(self._ask_streams, STREAMS_TTL_S)
        self._dead = Kept(self._ask_dead, DEAD_TTL_S)
        self._size = Kept(database.size, SIZE_TTL_S)
        self._newest = Kept(database.newest, LAG_TTL_S)
        self._recent = Kept(database.events_last_minute, STREAMS_TTL_S)
        self._recent_totals = Kept(self._ask_totals, TROUBLE_TTL_S)

    async def lag(self) -> depth.DurableLag:
        """The writer's durable. Raises `BrokerUnavailableError`."""
        return await self._lag.get()

    async def streams(self) -> list[depth.StreamDepth]:
        """Every declared stream. Raises `BrokerUnavailableError`."""
        return await self._streams.get()

    async def dead_letters(self) -> list[DeadGroup]:
        """The newest dead letters by signature, most frequent first. Raises `BrokerUnavailableError`."""
        return await self._dead.get()

    async def size(self) -> EventSize:
        """Raises `StoreError`."""
        return await self._size.get()

    async def newest(self) -> Newest | None:
        """Raises `StoreError`."""
        return await self._newest.get()

    async def events_last_minute(self) -> int:
        """Raises `StoreError`."""
        return await self._recent.get()

    async def recent_totals(self) -> list[ProviderTotals]:
        """What went to each provider within the last `WINDOW`. Raises `StoreError`."""
        return await self._recent_totals.get()

    async def known_until(self, now: datetime) -> datetime:
        """Up to when figures are complete: now, or when the oldest message came that is not stored yet.

        While the broker does not answer nobody knows what waits, so it is the newest event's time.
        """
        try:
            lag = await self.lag()
        except BrokerUnavailableError:
            newest = await self.newest()
            return newest.time if newest else now
        return lag.oldest or now

    async def behind_s(self, now: datetime) -> float | None:
        """Seconds the writer is behind; None while the broker does not answer."""
        try:
            lag = await self.lag()
        except BrokerUnavailableError:
            return None
        return max(0.0, (now - lag.oldest).total_seconds()) if lag.oldest else 0.0

    async def _ask_totals(self) -> list[ProviderTotals]:
        now = self._now()
        filter_ = MailFilter(blocked_classes=tuple(sorted(BLOCKED_CLASSES)))
        return await self._mail.providers(TimeRange(now - WINDOW, now), filter_, MAX_PROVIDERS)

    async def _ask_lag(self) -> depth.DurableLag:
        return await depth.durable_lag(self._bus, streams.WRITER_MAIL)

    async def _ask_streams(self) -> list[depth.StreamDepth]:
        return list(
            await asyncio.gather(*(depth.stream_depth(self._bus, stream) for stream in streams.STREAMS))
        )

    async def _ask_dead(self) -> list[DeadGroup]:
        last_seq = await depth.last_seq(self._bus, streams.DEAD)
        counts: Counter[tuple[str, str]] = Counter()
        newest: dict[tuple[str, str], DeadLetter] = {}
        async for buried in dead.browse(self._bus, max(0, last_seq - MAX_DEAD_LETTERS), MAX_DEAD_LETTERS):
            letter = buried.letter
            counts[letter.stream, letter.reason] += 1
            newest[letter.stream, letter.reason] = letter
        return [
            DeadGroup(reason, stream, n, letter.at_ms, letter.by, letter.host, letter.detail)
            for (stream, reason), n in counts.most_common()
            for letter in (newest[stream, reason],)
        ]


def ms(time: datetime) -> int:
    """Epoch milliseconds."""
    return (time - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
