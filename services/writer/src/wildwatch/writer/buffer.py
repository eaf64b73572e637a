"""Messages between the broker and the database: bounded by bytes, handed over by size or age."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import msgspec

from wildwatch.bus.consume import Delivery
from wildwatch.store.mail_events import Batch
from wildwatch.writer.settings import WriterSettings


class Prepared(msgspec.Struct, eq=False):
    """A delivered message whose batches are rows already."""

    delivery: Delivery
    batches: list[Batch]
    rows: int
    received_ms: int
    """When ingest received the newest of its batches."""


class Buffer:
    """Holds prepared messages until a transaction takes them.

    `put` waits while `max_bytes` are held (one message always fits); the broker keeps the rest. `take`
    is called by several committers and serves one of them at a time, in order.
    """

    def __init__(self, max_bytes: int, on_size: Callable[[int], None]) -> None:
        self._max_bytes = max_bytes
        self._on_size = on_size
        self._held: deque[Prepared] = deque()
        self._bytes = 0
        self._under_way: list[Prepared] = []
        self._changed = asyncio.Condition()
        self._turn = asyncio.Lock()

    async def put(self, message: Prepared) -> None:
        """Add a message, waiting for room."""
        size = len(message.delivery.payload)
        async with self._changed:
            await self._changed.wait_for(lambda: not self._bytes or self._bytes + size <= self._max_bytes)
            self._held.append(message)
            self._account(size)
            self._changed.notify_all()

    async def take(self, settings: WriterSettings) -> list[Prepared]:
        """Messages for one transaction: at least one, and then as many as come until it is due.

        It is due at `max_transaction_rows` (the last message may go beyond), or when the first message has
        waited `max_transaction_age_s`. While there is little to write it goes after
        `light_transaction_age_s`: freshness costs little then, whereas with much to write fewer and larger
        transactions save the rollups most of their rows.
        """
        async with self._turn:
            first = await self._next()
            taken, rows = [first], first.rows
            begun = asyncio.get_running_loop().time()
            for age_s in (settings.light_transaction_age_s, settings.max_transaction_age_s):
                try:
                    async with asyncio.timeout_at(begun + age_s):
                        while rows < settings.max_transaction_rows:
                            message = await self._next()
                            taken.append(message)
                            rows += message.rows
                except TimeoutError:
                    pass
                if rows < settings.light_transaction_rows:
                    break
            return taken

    async def finished(self, group: list[Prepared]) -> None:
        """The transaction of `group` is over, one way or the other."""
        async with self._changed:
            self._under_way = [message for message in self._under_way if message not in group]
            self._changed.notify_all()

    async def drained(self, timeout_s: float) -> list[Prepared]:
        """Wait until everything put was finished; returns what was not after `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(lambda: not self._held and not self._under_way)
        except TimeoutError:
            pass
        return [*self._under_way, *self._held]

    async def _next(self) -> Prepared:
        async with self._changed:
            await self._changed.wait_for(lambda: self._held)
            message = self._held.popleft()
            self._under_way.append(message)
            self._account(-len(message.delivery.payload))
            self._changed.notify_all()
            return message

    def _account(self, size: int) -> None:
        self._bytes += size
        self._on_size(self._bytes)
