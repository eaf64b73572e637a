"""Key-value buckets: write entries, and keep a mirror of a whole bucket in memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

import msgspec
import structlog

from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import CLIENT_ERRORS, BrokerUnavailableError
from wildwatch.contracts.streams import Bucket

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


_READ_TIMEOUT_S = 10.0


class MirrorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How fresh a mirror is kept."""

    poll_interval_s: Annotated[
        float, msgspec.Meta(gt=0, le=10, description="Seconds between looks at a bucket's last sequence.")
    ] = 1.0


class Mirror:
    """All entries of one bucket in memory. Its size is bounded by the bucket's `max_bytes`.

    Watchers hear nothing for 10 to 13 s after a broker restart, so this does not watch: it compares the
    bucket's last sequence every `poll_interval_s` and after each reconnect, and reads it anew when it
    moved. While the broker is away the last known entries stay in force.
    """

    def __init__(self, bus: Bus, bucket: Bucket, settings: MirrorSettings) -> None:
        self._bus = bus
        self._bucket = bucket
        self._settings = settings
        self._seen: tuple[object, int] | None = None
        self._lock = asyncio.Lock()
        self.entries: Mapping[str, bytes] = {}
        self.generation = 0
        """Rises with each change of `entries`, for caches made from them."""

    async def refresh(self) -> None:
        """Read the bucket anew if it changed. Raises `BrokerUnavailableError`."""
        async with self._lock:
            try:
                info = await self._bus.js.stream_info(f"KV_{self._bucket.name}")
                # A bucket made anew counts from one again.
                seen = (info.created, info.state.last_seq)
                if seen == self._seen:
                    return
                self.entries = await self._read_all(info.state.messages)
            except CLIENT_ERRORS as error:
                raise BrokerUnavailableError(f"bucket {self._bucket.name} cannot be read") from error
            self._seen = seen
            self.generation += 1
            logger.info("bucket_read", bucket=self._bucket.name, entries=len(self.entries))

    async def _read_all(self, stored: int) -> dict[str, bytes]:
        """Entries of a bucket that holds `stored` messages, deletions among them."""
        entries: dict[str, bytes] = {}
        if not stored:
            return entries
        bucket = await self._bus.js.key_value(self._bucket.name)
        watcher = await bucket.watchall()
        try:
            async with asyncio.timeout(_READ_TIMEOUT_S):
                while True:
                    entry = await watcher.updates(timeout=_READ_TIMEOUT_S)  # type: ignore[no-untyped-call] # nats-py leaves it unannotated
                    if entry is None:
                        # nats-py's mark for "all seen" also comes when entries are sent but not yet here:
                        # as an empty bucket it would refuse every key until the bucket changes again.
                        continue
                    if entry.operation is None and entry.value is not None:
                        entries[entry.key] = entry.value
                    if entry.delta == 0:
                        return entries
        except TimeoutError as error:
            raise BrokerUnavailableError(f"bucket {self._bucket.name} was not read in time") from error
        finally:
            await watcher.stop()  # type: ignore[no-untyped-call] # nats-py leaves it unannotated

    @contextlib.asynccontextmanager
    async def kept_fresh(self) -> AsyncIterator[None]:
        """Read the bucket once (raising when that fails), then keep it fresh in the background."""
        await self.refresh()

        async def again() -> None:
            with contextlib.suppress(BrokerUnavailableError):
                await self.refresh()

        async def poll() -> None:
            while True:
                await asyncio.sleep(self._settings.poll_interval_s)
                await again()

        self._bus.on_reconnect(again)
        task = asyncio.create_task(poll())
        try:
            yield
        finally:
            task.cancel()


async def put(bus: Bus, bucket: Bucket, key: str, value: bytes) -> None:
    """Write one entry. `key` must be a subject token."""
    try:
        await (await bus.js.key_value(bucket.name)).put(key, value)
    except CLIENT_ERRORS as error:
        raise BrokerUnavailableError(f"bucket {bucket.name} cannot be written") from error


async def remove(bus: Bus, bucket: Bucket, key: str) -> None:
    """Delete one entry; deleting what is not there is no error."""
    try:
        await (await bus.js.key_value(bucket.name)).delete(key)
    except CLIENT_ERRORS as error:
        raise BrokerUnavailableError(f"bucket {bucket.name} cannot be written") from error


async def read(bus: Bus, bucket: Bucket) -> dict[str, bytes]:
    """Every entry of a bucket, once."""
    mirror = Mirror(bus, bucket, MirrorSettings())
    await mirror.refresh()
    return dict(mirror.entries)
