"""Small posts of a host share one JetStream message; each still waits for its PubAck."""

from __future__ import annotations

import asyncio
import hashlib
import time

from prometheus_client import Histogram

from wildwatch.bus.connection import Bus
from wildwatch.bus.publish import Stored, publish
from wildwatch.contracts import subjects, version
from wildwatch.ingest.settings import IngestSettings

_HEAD = f'{{"v":"{version.CURRENT}","batches":['.encode()


class _Open:
    """A message that still takes posts."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, bytes]] = []
        self.size = 0
        self.stored: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
        self.timer: asyncio.TimerHandle | None = None


class Gatherer:
    """Collects encoded batches by host for `gather_s` or `gather_bytes`, whichever comes first.

    Bounded: one open message a host with a key, `max_publishes_in_flight` unacknowledged ones; the posts
    behind them wait, and their bytes are in the budget of bodies.
    """

    def __init__(self, bus: Bus, settings: IngestSettings, publish_seconds: Histogram) -> None:
        self._bus = bus
        self._settings = settings
        self._publish_seconds = publish_seconds
        self._open: dict[str, _Open] = {}
        self._slots = asyncio.Semaphore(settings.max_publishes_in_flight)
        self._publishing: set[asyncio.Task[None]] = set()

    async def store(self, host: str, name: str, batch: bytes) -> Stored:
        """Store one encoded batch. Raises the errors of `wildwatch.bus.publish`."""
        message = self._open.get(host)
        if message is not None and message.size + len(batch) > self._settings.max_message_bytes:
            self._send(host)
            message = None
        if message is None:
            message = self._open[host] = _Open()
            message.timer = asyncio.get_running_loop().call_later(self._settings.gather_s, self._send, host)
        message.parts.append((name, batch))
        message.size += len(batch)
        if message.size >= self._settings.gather_bytes:
            self._send(host)
        # Shielded: a sender that hangs up must not cancel the store of the posts beside its own.
        return await asyncio.shield(message.stored)

    async def flush(self) -> None:
        """Publish everything now and wait for the answers."""
        for host in list(self._open):
            self._send(host)
        await asyncio.gather(*self._publishing, return_exceptions=True)

    def _send(self, host: str) -> None:
        message = self._open.pop(host)
        if message.timer is not None:
            message.timer.cancel()
        task = asyncio.create_task(self._publish(host, message))
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)

    async def _publish(self, host: str, message: _Open) -> None:
        names = "\n".join(sorted(name for name, _ in message.parts))
        payload = b"".join((_HEAD, b",".join(batch for _, batch in message.parts), b"]}"))
        message_id = hashlib.sha256(names.encode()).hexdigest()
        try:
            async with self._slots:
                started = time.monotonic()
                stored = await publish(
                    self._bus, subjects.mail(host), payload, message_id, self._settings.publish_timeout_s
                )
                self._publish_seconds.observe(time.monotonic() - started)
        except Exception as error:  # noqa: BLE001 # whatever it is, every waiting post must learn of it
            message.stored.set_exception(error)
            message.stored.exception()  # read, so that posts which have hung up leave no warning
        else:
            message.stored.set_result(stored)
