"""A host that sends for as long as a block lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Self

import aiohttp
from tests.chaos.posts import Mill, SealedPost
from tests.chaos.sender import Sender
from tests.fixtures.road import HOST, Road


async def eventually(condition: Callable[[], bool], timeout_s: float = 30) -> None:
    """Poll until it holds."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 # what is awaited lies in another process
            await asyncio.sleep(0.01)


class Load:
    """Posts over several connections, patiently; the block ends when all of them are acknowledged."""

    def __init__(
        self, road: Road, *, lanes: int = 8, events: int = 100, padding: Callable[[], str] = str
    ) -> None:
        self._mill = Mill(HOST, 1, padding)
        self._stop = asyncio.Event()
        self._n_lanes = lanes
        self._events = events
        self.sent: list[SealedPost] = []
        self.sender = Sender(road.ingest_url, road.key, timeout_s=10)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        self._lanes = [asyncio.create_task(self._lane()) for _ in range(self._n_lanes)]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop.set()
        if kind is not None:
            for lane in self._lanes:
                lane.cancel()
        try:
            await asyncio.gather(*self._lanes, return_exceptions=kind is not None)
        finally:
            await self._session.close()

    async def accepted(self, posts: int) -> None:
        """Wait until so many more posts were accepted."""
        await self.answered("202", posts)

    async def answered(self, answer: str, posts: int) -> None:
        """Wait until so many more posts got this answer."""
        wanted = self.sender.answers[answer] + posts
        await eventually(lambda: self.sender.answers[answer] >= wanted or self._failed(), 60)

    def _failed(self) -> bool:
        for lane in self._lanes:
            if lane.done() and (error := lane.exception()):
                raise error
        return False

    async def _lane(self) -> None:
        while not self._stop.is_set():
            post = self._mill.ordinary(self._events, compressed=False)
            self.sent.append(post)
            await self.sender.deliver(self._session, post)
