"""Obeys pauses as ZoneMTA's plugin does: long polls for each host, and the last known set stays in force."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
import msgspec

from wildwatch.runtime import logging

WAIT_S = 25
RETRY_S = 15.0
REFUSED_RETRY_S = 120.0
"""After an answer that says there is nothing for this key."""


class Directives(msgspec.Struct):
    """The full set for one host. An older `(epoch, version)` is never obeyed."""

    epoch: int
    version: int
    paused: list[str] = []


class Pauses:
    """The paused addresses of all hosts together; `changed` hears the whole set."""

    def __init__(self, changed: Callable[[frozenset[str]], None]) -> None:
        self._changed = changed
        self._by_host: dict[str, Directives] = {}

    def obey(self, host: str, directives: Directives) -> None:
        known = self._by_host.get(host)
        if known and (directives.epoch, directives.version) <= (known.epoch, known.version):
            return
        self._by_host[host] = directives
        self._changed(frozenset(ip for one in self._by_host.values() for ip in one.paused))

    def version(self, host: str) -> int:
        known = self._by_host.get(host)
        return known.version if known else 0


async def follow(
    host: str, key: str, session: aiohttp.ClientSession, ingest_url: str, pauses: Pauses
) -> None:
    """Polls for ever; cancel it to stop."""
    url = ingest_url.rstrip("/") + "/v1/directives"
    log = logging.get(__name__).bind(host=host)
    timeout = aiohttp.ClientTimeout(total=WAIT_S + 15)
    decode = msgspec.json.Decoder(Directives).decode
    while True:
        query = {"after": str(pauses.version(host)), "wait": str(WAIT_S)}
        try:
            async with session.get(
                url, params=query, headers={"Authorization": f"Bearer {key}"}, timeout=timeout
            ) as answer:
                body = await answer.read()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            await asyncio.sleep(RETRY_S)
            continue
        if status == 200:
            try:
                directives = decode(body)
            except msgspec.DecodeError:
                log.warning("directives_unreadable")
            else:
                is_new = directives.version > pauses.version(host)
                pauses.obey(host, directives)
                # A server that does not hold the request must not be asked in a tight loop.
                await asyncio.sleep(0.2 if is_new else 1.0)
                continue
        await asyncio.sleep(REFUSED_RETRY_S if status in (401, 403, 404) else RETRY_S)
