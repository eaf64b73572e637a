"""The live WebSocket: rooms, sequence, replay, slow readers."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.integration.api.conftest import Api
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from wildwatch.api.live.hub import GOING_AWAY, TOO_SLOW, Connection, Hub
from wildwatch.contracts.messages import LiveMail

PATIENCE_S = 10


def live(api: Api, origin: str | None = None) -> connect:
    url = api.client.base_url.copy_with(scheme="ws", path="/api/v1/live")
    return connect(str(url), origin=Origin(origin) if origin else None, compression=None)


async def receive(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        found: dict[str, Any] = json.loads(await socket.recv())
        return found


async def send(socket: ClientConnection, **wish: Any) -> None:
    await socket.send(json.dumps(wish))


def summary(second: int, n: int, writer: str = "w1") -> LiveMail:
    row = (second, "mta1", "delivered", n)
    return LiveMail(writer=writer, at_ms=second * 1000, committed=n, by_host=[row], by_provider=[])


async def joined(socket: ClientConnection) -> None:
    await send(socket, join="overview")
    # A wish that is not understood is answered after those before it were done.
    await socket.send("done?")
    assert "error" in await receive(socket)


async def test_summaries_of_all_writers_become_one_message_a_second(api: Api) -> None:
    async with live(api) as socket:
        await joined(socket)
        second = int(api.clock.time.timestamp())
        api.feed.add(summary(second, 3, "w1"))
        api.feed.add(summary(second, 4, "w2"))
        await api.feed.tick()
        message = await receive(socket)
        assert message["room"] == "overview"
        assert message["seq"] == second
        assert message["data"]["hosts"] == [[second, "mta1", "delivered", 7]]
        assert (message["data"]["committed"], message["data"]["behindS"]) == (7, 0)


async def test_who_returns_gets_what_was_missed_and_else_resync(api: Api) -> None:
    async with live(api) as socket:
        await joined(socket)
        for n in range(3):
            api.feed.add(summary(int(api.clock.time.timestamp()), n))
            await api.feed.tick()
            api.clock.time += timedelta(seconds=1)
        seqs = [(await receive(socket))["seq"] for _ in range(3)]
    async with live(api) as again:
        await send(again, join="overview", after=seqs[0])
        missed = [await receive(again) for _ in range(2)]
        assert [message["seq"] for message in missed] == seqs[1:]
    async with live(api) as late:
        await send(late, join="overview", after=seqs[0] - 500)
        assert (await receive(late))["resync"] is True


async def test_leaving_and_wrong_wishes(api: Api) -> None:
    async with live(api) as socket:
        await send(socket, join="cellar")
        assert "no such room" in (await receive(socket))["error"]
        await joined(socket)
        assert api.hub.members("overview") == 1
        await send(socket, leave="overview")
        await socket.send("[]")
        assert "error" in await receive(socket)
        assert api.hub.members("overview") == 0


async def test_too_much_at_once_is_a_resync(api: Api) -> None:
    async with live(api) as socket:
        await joined(socket)
        second = int(api.clock.time.timestamp())
        rows = [(second, f"host-{i}", "delivered", 1) for i in range(1_001)]
        api.feed.add(LiveMail(writer="w", at_ms=0, committed=1_001, by_host=rows))
        await api.feed.tick()
        message = await receive(socket)
        assert message["resync"] is True
        assert "data" not in message


async def test_other_sites_cannot_listen(api: Api) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with live(api, "https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_the_end_of_the_service_is_told(api: Api) -> None:
    async with live(api) as socket:
        await joined(socket)
        api.hub.close()
        with pytest.raises(ConnectionClosed) as closed:
            await receive(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == GOING_AWAY


def hub(**changes: int) -> Hub:
    bounds = {"replay_s": 60, "backlog": 2, "max_drops": 3, "max_connections": 2} | changes
    return Hub(("overview",), **bounds)


def seat(in_: Hub) -> Connection:
    connection = in_.connect()
    assert connection is not None
    return connection


async def test_a_slow_reader_loses_the_oldest_and_is_then_closed() -> None:
    rooms = hub()
    slow = seat(rooms)
    rooms.join(slow, "overview", None, 0)
    for second in range(1, 5):
        rooms.send("overview", second * 1000, None)
    assert rooms.dropped == 2
    assert b'"seq":3' in (await slow.next() or b"")
    for second in range(5, 9):
        rooms.send("overview", second * 1000, None)
    assert await slow.next() is None
    assert slow.close_code == TOO_SLOW


async def test_there_is_room_for_so_many_and_no_more() -> None:
    rooms = hub()
    first = seat(rooms)
    seat(rooms)
    assert rooms.connect() is None
    rooms.disconnect(first)
    assert rooms.connect() is not None


async def test_sequence_rises_even_when_the_clock_does_not() -> None:
    rooms = hub()
    reader = seat(rooms)
    rooms.join(reader, "overview", None, 0)
    rooms.send("overview", 5_000, None)
    rooms.send("overview", 5_000, None)
    assert b'"seq":5' in (await reader.next() or b"")
    assert b'"seq":6' in (await reader.next() or b"")
