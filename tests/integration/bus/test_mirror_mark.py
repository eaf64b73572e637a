"""A mark that comes too early is no empty bucket."""

from __future__ import annotations

from typing import Any

import pytest
from nats.js.kv import KeyValue

from wildwatch.bus import connection, keyvalue, provision
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.contracts.streams import API_KEYS


async def test_entries_are_read_although_the_client_marks_the_end_before_they_arrive(
    fresh_nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """nats-py marks the end when the server has sent everything, here or not: seen under load."""
    watch = KeyValue.watch

    async def hasty(self: KeyValue, *arguments: Any, **named: Any) -> Any:
        watcher = await watch(self, *arguments, **named)
        watcher._updates._queue.appendleft(None)  # type: ignore[attr-defined] # asyncio's own deque
        return watcher

    monkeypatch.setattr(KeyValue, "watch", hasty)
    settings = connection.NatsSettings(
        url=(fresh_nats_server.url,), seed_file=str(fresh_nats_server.seed_file("admin"))
    )
    async with connection.connect(settings, "admin") as bus:
        await provision.provision(bus, provision.StreamSettings(disk_bytes=64_000_000))
        for number in range(3):
            await keyvalue.put(bus, API_KEYS, f"key{number}", b"value")
        await keyvalue.remove(bus, API_KEYS, "key1")
        assert await keyvalue.read(bus, API_KEYS) == {"key0": b"value", "key2": b"value"}
        for key in ("key0", "key2"):
            await keyvalue.remove(bus, API_KEYS, key)
        assert await keyvalue.read(bus, API_KEYS) == {}
