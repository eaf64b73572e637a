"""The edge: real time, and HTTP to ingest. Live events first; the past comes in beside them, paced."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import time

import aiohttp
import msgspec

from wildwatch.cli.demo import backfill, directives
from wildwatch.cli.demo.cluster import Cluster, Event
from wildwatch.cli.demo.places import HOSTS
from wildwatch.cli.demo.post import seal
from wildwatch.cli.demo.sender import Backoff, Counters, HostSender
from wildwatch.cli.demo.settings import DemoSettings
from wildwatch.runtime import logging

TICK_S = 0.1
REPORT_S = 60.0
MAX_GAP_MS = 600_000
"""After a longer stop (a suspended laptop) the cluster starts anew at the present."""
_STEP_MS = 1_000
_BACKFILL_STEP_EVENTS = 400
"""About 15 ms of work: so long may the past keep the event loop from the present."""
_BACKFILL_LANE_BATCHES = 3


class KeysError(Exception):
    """The keys file cannot be used; the message says what to do."""


def read_keys(settings: DemoSettings) -> dict[str, str]:
    """API key by host, for every host."""
    name = settings.keys_file.name
    try:
        keys = msgspec.json.decode(settings.keys_file.read_bytes(), type=dict[str, str])
    except OSError as error:
        raise KeysError(f"WILDWATCH_DEMO_KEYS_FILE: {name} cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise KeysError(f"WILDWATCH_DEMO_KEYS_FILE: {name} is not a JSON object of host and key") from error
    missing = [host for host in HOSTS if not keys.get(host)]
    if missing:
        raise KeysError(f"WILDWATCH_DEMO_KEYS_FILE: {name} lacks a key for {', '.join(missing)}")
    return keys


class Demo:
    """One running demo. `clock` gives epoch ms; `sleep` is how it waits."""

    def __init__(
        self,
        settings: DemoSettings,
        keys: dict[str, str],
        *,
        clock: Callable[[], int] = lambda: int(time() * 1_000),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.counters = Counters()
        self._settings = settings
        self._keys = keys
        self._clock = clock
        self._sleep = sleep
        self._log = logging.get(__name__)
        self._incarnation = 1
        self._live = self._new_cluster(clock())
        self._past: Cluster | None = None
        self._paused: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Until cancelled. Ingest may be away at any time."""
        settings = self._settings
        timeout = aiohttp.ClientTimeout(total=settings.request_timeout_s)
        connector = aiohttp.TCPConnector(limit=0)
        async with (
            aiohttp.ClientSession(timeout=timeout, connector=connector) as session,
            asyncio.TaskGroup() as tasks,
        ):
            live = {host: self._sender(host, session, settings.spool_bytes // len(HOSTS)) for host in HOSTS}
            for sender in live.values():
                tasks.create_task(sender.run())
            if settings.obey_pauses:
                pauses = directives.Pauses(self._pause)
                for host in HOSTS:
                    tasks.create_task(
                        directives.follow(host, self._keys[host], session, settings.ingest_url, pauses)
                    )
            tasks.create_task(self._go_live(live))
            if settings.backfill_minutes:
                tasks.create_task(self._fill_in(session, self._live.now_ms))
            tasks.create_task(self._report())

    def _new_cluster(self, start_ms: int) -> Cluster:
        settings = self._settings
        return Cluster(
            settings.seed,
            start_ms=start_ms,
            events_per_s=settings.events_per_s,
            incarnation=self._incarnation,
            max_pending=settings.max_pending,
        )

    def _sender(self, host: str, session: aiohttp.ClientSession, spool_bytes: int) -> HostSender:
        settings = self._settings
        return HostSender(
            host=host,
            key=self._keys[host],
            session=session,
            ingest_url=settings.ingest_url,
            spool_bytes=spool_bytes,
            backoff=Backoff(settings.backoff_min_s, settings.backoff_max_s),
            counters=self.counters,
            is_silent=lambda: self._live.script.at(self._clock()).silent_host == host,
            sleep=self._sleep,
        )

    def _pause(self, addresses: frozenset[str]) -> None:
        self._log.info("addresses_paused", count=len(addresses))
        self._paused = addresses

    async def _go_live(self, senders: dict[str, HostSender]) -> None:
        waiting: dict[str, list[dict[str, object]]] = {host: [] for host in HOSTS}
        sealed_ms = self._clock()
        while True:
            now = self._clock()
            if now - self._live.now_ms > MAX_GAP_MS:
                self._incarnation += 1
                self._live = self._new_cluster(now)
            while self._live.now_ms < now - TICK_S * 1_000:
                # In steps, so that a backlog does not hold up the senders.
                events = self._advance(min(now, self._live.now_ms + _STEP_MS))
                for host, entry in events:
                    entries = waiting[host]
                    entries.append(entry)
                    if len(entries) >= self._settings.batch_events:
                        await self._seal(senders[host], waiting)
                await asyncio.sleep(0)
            if now - sealed_ms >= self._settings.batch_ms:
                sealed_ms = now
                for host, entries in waiting.items():
                    if entries:
                        await self._seal(senders[host], waiting)
            await self._sleep(TICK_S)

    def _advance(self, until_ms: int) -> list[Event]:
        self._live.pause(self._paused)
        events = self._live.advance(until_ms)
        if self._past is not None:
            self._past.pause(self._paused)
            events += self._past.advance(until_ms)
        return events

    async def _seal(self, sender: HostSender, waiting: dict[str, list[dict[str, object]]]) -> None:
        entries = waiting[sender.host]
        waiting[sender.host] = []
        await sender.put(seal(sender.host, entries, self._clock()))

    async def _fill_in(self, session: aiohttp.ClientSession, end_ms: int) -> None:
        """Brings in the past, then hands its unfinished deliveries to the present."""
        settings = self._settings
        start_ms = end_ms - settings.backfill_minutes * 60_000
        past = Cluster(
            settings.seed,
            start_ms=start_ms,
            events_per_s=settings.events_per_s,
            incarnation=0,
            max_pending=settings.max_pending,
            shape=backfill.ramp(start_ms, end_ms, settings.events_per_s, settings.backfill_max_events),
        )
        began = asyncio.get_running_loop().time()
        brought = 0
        # Room is awaited batch by batch, so nothing of the past is ever dropped.
        async with asyncio.TaskGroup() as tasks:
            senders = {host: self._sender(host, session, 2**40) for host in HOSTS}
            running = [tasks.create_task(sender.run()) for sender in senders.values()]
            waiting: dict[str, list[dict[str, object]]] = {host: [] for host in HOSTS}
            step_ms = max(int(_BACKFILL_STEP_EVENTS / settings.events_per_s * 1_000), 100)
            while past.now_ms < end_ms:
                events = past.advance(min(past.now_ms + step_ms, end_ms))
                brought += len(events)
                for host, entry in events:
                    entries = waiting[host]
                    entries.append(entry)
                    if len(entries) >= settings.batch_events:
                        await senders[host].fewer_than(_BACKFILL_LANE_BATCHES)
                        await self._seal(senders[host], waiting)
                ahead_s = brought / settings.backfill_events_per_s - (
                    asyncio.get_running_loop().time() - began
                )
                await self._sleep(max(ahead_s, 0.001))
            for host, entries in waiting.items():
                if entries:
                    await self._seal(senders[host], waiting)
            past.stop_arrivals()
            self._past = past
            for sender in senders.values():
                await sender.fewer_than(1)
            for task in running:
                task.cancel()
        self._log.info("backfill_done", events=brought, minutes=settings.backfill_minutes)

    async def _report(self) -> None:
        while True:
            await self._sleep(REPORT_S)
            self._log.info(
                "demo_counters",
                pending=self._live.pending,
                given_up=self._live.given_up,
                **msgspec.structs.asdict(self.counters),
            )
