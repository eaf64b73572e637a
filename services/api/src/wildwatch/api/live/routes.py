"""`WS /api/v1/live`: join and leave rooms over one connection.

From the client: `{"join": "overview"}`, `{"join": "overview", "after": 1795318946}`, `{"leave": "overview"}`.
To the client: `wildwatch.api.live.hub.Message`, or `{"error": "…"}` for what was not understood.
"""

from __future__ import annotations

import asyncio

import msgspec
from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect

from wildwatch.api.live.hub import GOING_AWAY, TOO_SLOW, Connection, Hub
from wildwatch.api.pipeline.watch import ms
from wildwatch.api.resources import Resources


class _Wish(msgspec.Struct):
    join: str | None = None
    leave: str | None = None
    after: int | None = None


_decode = msgspec.json.Decoder(_Wish).decode
Socket = WebSocket[object, object, State]


@websocket("/api/v1/live")
async def live(socket: Socket, resources: NamedDependency[Resources]) -> None:
    """One browser."""
    await socket.accept()
    connection = resources.hub.connect()
    if connection is None:
        await socket.close(code=TOO_SLOW, reason="no room for one more live connection")
        return
    reading = asyncio.create_task(_read(socket, connection, resources))
    writing = asyncio.create_task(_write(socket, connection))
    try:
        await asyncio.wait({reading, writing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        resources.hub.disconnect(connection)
        for task in (reading, writing):
            task.cancel()
        await asyncio.gather(reading, writing, return_exceptions=True)


async def _read(socket: Socket, connection: Connection, resources: Resources) -> None:
    try:
        while True:
            _obey(await socket.receive_data(mode="text"), connection, resources)
    except WebSocketDisconnect:
        return


def _obey(text: str | bytes, connection: Connection, resources: Resources) -> None:
    hub: Hub = resources.hub
    try:
        wish = _decode(text)
    except (msgspec.DecodeError, UnicodeError):
        connection.put(b'{"error":"send {\\"join\\": room} or {\\"leave\\": room}"}')
        return
    if wish.leave is not None:
        hub.leave(connection, wish.leave)
    if wish.join is not None and not hub.join(connection, wish.join, wish.after, ms(resources.now())):
        connection.put(b'{"error":"there is no such room"}')


async def _write(socket: Socket, connection: Connection) -> None:
    try:
        while (payload := await connection.next()) is not None:
            await socket.send_data(payload.decode(), mode="text")
        await socket.close(
            code=connection.close_code or GOING_AWAY,
            reason="too slow" if connection.close_code == TOO_SLOW else "the service ends, come back soon",
        )
    except (WebSocketDisconnect, RuntimeError, OSError):
        return  # the reader left in the middle of a message
