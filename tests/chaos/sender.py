"""A host that sends a sealed post until it is answered 202, however long that takes."""

from __future__ import annotations

import asyncio
from collections import Counter

import aiohttp
import msgspec
from tests.chaos.posts import SealedPost

PASSING = frozenset({"no-room", "no-disk", "no-broker", "busy", "too-fast"})
"""Problems that say: keep it and come again. Any other answer is a fault of ingest."""


class Sender:
    """Posts for one key. `answers` counts what was heard, broken connections included."""

    def __init__(self, url: str, key: str, *, timeout_s: float, answers: Counter[str] | None = None) -> None:
        self._url = f"{url}/v1/events/mail"
        self._key = key
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self.answers: Counter[str] = Counter() if answers is None else answers

    async def deliver(self, session: aiohttp.ClientSession, post: SealedPost) -> None:
        """Returns when every copy was answered as it must be."""
        await asyncio.gather(*(self._deliver(session, post) for _ in range(post.copies)))

    async def _deliver(self, session: aiohttp.ClientSession, post: SealedPost) -> None:
        failures = 0
        while True:
            try:
                status, retry_after, answer = await self._post(session, post)
            except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
                self.answers[type(error).__name__] += 1
                failures += 1
                await asyncio.sleep(min(1.0, 0.05 * 2 ** min(failures, 10)))
                continue
            if status in (202, 422):
                self.answers[str(status)] += 1
                check(post, status, answer)
                return
            kind = str(answer.get("type", "")).rpartition("/")[2]
            self.answers[f"{status} {kind}"] += 1
            assert status in (429, 503), (status, answer)
            assert kind in PASSING, (status, answer)
            assert retry_after is not None, "a 503 or 429 without Retry-After"
            assert 1 <= float(retry_after) <= 60
            await asyncio.sleep(float(retry_after))

    async def _post(
        self, session: aiohttp.ClientSession, post: SealedPost
    ) -> tuple[int, str | None, dict[str, object]]:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Encoding": post.encoding}
        async with session.post(self._url, data=post.body, headers=headers, timeout=self._timeout) as answer:
            body = await answer.read()
            return answer.status, answer.headers.get("Retry-After"), msgspec.json.decode(body)


def check(post: SealedPost, status: int, answer: dict[str, object]) -> None:
    """An answer that tells what was taken must tell it right, at every retry."""
    if post.ns:
        assert status == 202, answer
        assert answer["accepted"] == len(post.ns), answer
        rejected = answer["rejected"]
    else:
        assert status == 422, answer
        rejected = answer["extra"]["rejected"]  # type: ignore[index]
    assert [one["index"] for one in rejected] == post.rejected, answer  # type: ignore[attr-defined]
