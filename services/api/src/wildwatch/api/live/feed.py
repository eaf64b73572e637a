"""Once a second, what the writers committed goes to the room `overview`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import msgspec

from wildwatch.api.live.hub import Hub
from wildwatch.api.live.overview import OverviewSum
from wildwatch.api.pipeline.watch import PipelineWatch, ms
from wildwatch.contracts.messages import LiveMail

OVERVIEW = "overview"
ROOMS = (OVERVIEW,)
IDLE_SECONDS = 60
"""So long after the last one left, the room is still built: a reader who reconnects misses nothing."""


class Feed:
    """Collects summaries while somebody is, or was just, in the room."""

    def __init__(self, hub: Hub, pipeline: PipelineWatch, max_rows: int, now: Callable[[], datetime]) -> None:
        self._hub = hub
        self._pipeline = pipeline
        self._sum = OverviewSum(max_rows)
        self._now = now
        self._idle = IDLE_SECONDS

    def add(self, summary: LiveMail) -> None:
        """One writer's summary."""
        if self._idle < IDLE_SECONDS or self._hub.members(OVERVIEW):
            self._sum.add(summary)

    async def tick(self) -> None:
        """Send what was collected; called once a second."""
        self._idle = 0 if self._hub.members(OVERVIEW) else self._idle + 1
        if self._idle >= IDLE_SECONDS:
            self._hub.forget(OVERVIEW)
            return
        now = self._now()
        data = self._sum.take(await self._pipeline.behind_s(now))
        self._hub.send(OVERVIEW, ms(now), None if data is None else msgspec.Raw(msgspec.json.encode(data)))

    async def run(self, stop: asyncio.Event) -> None:
        """Tick at whole seconds until `stop`."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not stop.is_set():
            due = max(due + 1, loop.time())
            try:
                await asyncio.wait_for(stop.wait(), timeout=max(0, due - loop.time()))
            except TimeoutError:
                await self.tick()
