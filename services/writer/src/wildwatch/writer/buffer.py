"""Messages between the broker and the database: bounded by bytes, handed over by size or age."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import msgspec

from wildwatch.bus.consume import Delivery
from wildwatch.store.mail_events import Batch


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

    async def take(self, max_rows: int, max_age_s: float) -> list[Prepared]:
        """Messages for one transaction: at least one; more until `max_rows` or `max_age_s` after the first.

        The last message may go beyond `max_rows`.
        """
        async with self._turn:
            taken: list[Prepared] = []
            rows = 0
            try:
                async with asyncio.timeout(None) as age:
                    while rows < max_rows:
                        message = await self._next()
                        if not taken:
                            age.reschedule(asyncio.get_running_loop().time() + max_age_s)
                        taken.append(message)
                        rows += message.rows
            except TimeoutError:
                pass
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
