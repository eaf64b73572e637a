"""One host's way into ingest: sealed batches in order, one at a time, the same bytes until they are taken."""

from __future__ import annotations

import asyncio
import email.utils
from collections import deque
from collections.abc import Awaitable, Callable
from random import Random
from time import time

import aiohttp
import msgspec

from wildwatch.cli.demo.post import SealedBatch
from wildwatch.contracts.post import PostAnswer
from wildwatch.runtime import logging

MAX_RETRY_AFTER_S = 300.0
_POISON = frozenset({400, 413, 422})
_BAD_KEY = frozenset({401, 403})

_decode_answer = msgspec.json.Decoder(PostAnswer).decode


class Counters(msgspec.Struct):
    """What became of events, over all hosts. Logged once a minute."""

    accepted: int = 0
    rejected: int = 0
    """Refused one by one by ingest."""
    refused: int = 0
    """In batches ingest will never take (400, 413, 422)."""
    dropped: int = 0
    """Pushed out of the full spool, oldest first."""
    retries: int = 0


class Backoff(msgspec.Struct, frozen=True):
    """Waits double from `min_s` to `max_s`, each shortened at random by up to half."""

    min_s: float
    max_s: float

    def wait_s(self, failures: int, draw: float) -> float:
        whole = min(self.min_s * 2.0 ** min(failures - 1, 30), self.max_s)
        return whole * (0.5 + draw / 2)


class HostSender:
    """Keeps at most `spool_bytes` of batches; a further one pushes out the oldest that is not under way.

    `is_silent` says whether the host is cut off: it then keeps spooling and sends nothing.
    """

    def __init__(
        self,
        *,
        host: str,
        key: str,
        session: aiohttp.ClientSession,
        ingest_url: str,
        spool_bytes: int,
        backoff: Backoff,
        counters: Counters,
        is_silent: Callable[[], bool] = lambda: False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.host = host
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
        }
        self._session = session
        self._url = ingest_url.rstrip("/") + "/v1/events/mail"
        self._limit = spool_bytes
        self._backoff = backoff
        self._counters = counters
        self._is_silent = is_silent
        self._sleep = sleep
        self._random = Random()  # noqa: S311 - jitter
        self._spool: deque[SealedBatch] = deque()
        self._bytes = 0
        self._under_way: SealedBatch | None = None
        self._changed = asyncio.Condition()
        self._log = logging.get(__name__).bind(host=host)

    @property
    def spooled_batches(self) -> int:
        """The one under way included."""
        return len(self._spool) + (self._under_way is not None)

    async def put(self, batch: SealedBatch) -> None:
        """Spool; never waits for room."""
        self._spool.append(batch)
        self._bytes += len(batch.body)
        while self._bytes > self._limit and len(self._spool) > 1:
            oldest = self._spool.popleft()
            self._bytes -= len(oldest.body)
            self._counters.dropped += oldest.events
        await self._notify()

    async def fewer_than(self, batches: int) -> None:
        """Returns when fewer batches than that are spooled or under way."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.spooled_batches < batches)

    async def run(self) -> None:
        """Sends for ever; cancel it to stop."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: bool(self._spool))
            while self._is_silent():
                await self._sleep(1.0)
            batch = self._under_way = self._spool.popleft()
            self._bytes -= len(batch.body)
            try:
                await self._deliver(batch)
            finally:
                self._under_way = None
            await self._notify()

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _deliver(self, batch: SealedBatch) -> None:
        failures = 0
        while True:
            status, retry_after_s = await self._post(batch)
            if status in (200, 202):
                if failures:
                    self._log.info("batch_taken_after_retries", batch=batch.name, failures=failures)
                return
            if status in _POISON:
                self._counters.refused += batch.events
                self._log.warning("batch_refused", batch=batch.name, status=status)
                return
            failures += 1
            self._counters.retries += 1
            if failures == 1 or failures % 20 == 0:
                self._log.warning("batch_not_taken", batch=batch.name, status=status, failures=failures)
            # A key may still be on its way to ingest, so a bad one is tried again, but slowly.
            steps = max(failures, 5) if status in _BAD_KEY else failures
            wait_s = self._backoff.wait_s(steps, self._random.random())
            await self._sleep(retry_after_s + wait_s if retry_after_s else wait_s)

    async def _post(self, batch: SealedBatch) -> tuple[int, float]:
        """(status, seconds of Retry-After); status 0 is a network error."""
        try:
            async with self._session.post(self._url, data=batch.body, headers=self._headers) as answer:
                body = await answer.read()
                if answer.status in (200, 202):
                    self._count(batch, body)
                return answer.status, _retry_after_s(answer.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, 0.0

    def _count(self, batch: SealedBatch, body: bytes) -> None:
        try:
            answer = _decode_answer(body)
        except msgspec.DecodeError:
            self._counters.accepted += batch.events
            return
        self._counters.rejected += len(answer.rejected)
        self._counters.accepted += batch.events - len(answer.rejected)
        if answer.rejected:
            first = answer.rejected[0].error
            self._log.warning("events_rejected", batch=batch.name, count=len(answer.rejected), first=first)


def _retry_after_s(header: str | None) -> float:
    """Seconds or an HTTP date (RFC 9110 10.2.3), at most five minutes; 0 when absent or unreadable."""
    if header is None:
        return 0.0
    try:
        wait_s = float(header)
    except ValueError:
        try:
            wait_s = email.utils.parsedate_to_datetime(header).timestamp() - time()
        except ValueError:
            return 0.0
    return min(max(wait_s, 0.0), MAX_RETRY_AFTER_S)
