"""Asks services how they are, over their health ports."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
import msgspec


class Readiness(msgspec.Struct, frozen=True):
    """Whether a service is ready, and in words what it waits for."""

    ready: bool
    text: str


class _Answer(msgspec.Struct, rename="camel"):
    ready: bool
    waiting_for: dict[str, str] = {}


async def services(health_urls: Mapping[str, str]) -> dict[str, Readiness]:
    """Service → readiness, asked all at once, 2 s at most."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as client:
        answers = await asyncio.gather(*(_one(client, url) for url in health_urls.values()))
    return dict(zip(health_urls, answers, strict=True))


async def _one(client: aiohttp.ClientSession, url: str) -> Readiness:
    try:
        async with client.get(f"{url}/readyz") as response:
            answer = msgspec.json.decode(await response.read(), type=_Answer)
    except (aiohttp.ClientError, OSError, TimeoutError, msgspec.DecodeError):
        return Readiness(False, "does not answer")
    if answer.ready:
        return Readiness(True, "ready")
    return Readiness(False, "waits: " + "; ".join(answer.waiting_for.values()))
