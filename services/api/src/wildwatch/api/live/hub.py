"""Rooms and the connections in them.

Own and small instead of Litestar's channels, because what is needed is what those leave out: many rooms on
one connection, a sequence that a returning reader resumes from or is told `resync`, one encoding of a
message for all readers, and a slow reader that first loses its oldest messages and is then closed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

import msgspec

GOING_AWAY = 1001
TOO_SLOW = 1013
"""Close codes: the service ends; come back later, the reader did not keep up."""


class Message(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What a room sends. `seq` is the epoch second it was made in, so it means the same on every api.

    `resync` instead of `data`: something is missing, read everything anew.
    """

    room: str
    seq: int
    at: int
    data: msgspec.Raw | None = None
    resync: bool = False


class Connection:
    """Messages that wait for one reader: at most `backlog`, the oldest dropped first.

    After `max_drops` drops without a pause the reader is closed; it comes back by itself and resumes.
    """

    def __init__(self, backlog: int, max_drops: int) -> None:
        self._waiting: deque[bytes] = deque(maxlen=backlog)
        self._max_drops = max_drops
        self._drops = 0
        self._wake = asyncio.Event()
        self.rooms: set[str] = set()
        self.close_code: int | None = None

    def put(self, payload: bytes) -> bool:
        """Queue a message; False when an older one was dropped for it."""
        fits = len(self._waiting) < (self._waiting.maxlen or 0)
        self._waiting.append(payload)
        self._drops = 0 if fits else self._drops + 1
        if self._drops >= self._max_drops:
            self.close(TOO_SLOW)
        self._wake.set()
        return fits

    def close(self, code: int) -> None:
        """Nothing more after what already waits."""
        if self.close_code is None:
            self.close_code = code
        self._wake.set()

    async def next(self) -> bytes | None:
        """The next message; None when the connection is to be closed with `close_code`."""
        while True:
            if self.close_code == TOO_SLOW:
                return None
            if self._waiting:
                return self._waiting.popleft()
            if self.close_code is not None:
                return None
            self._wake.clear()
            await self._wake.wait()


@dataclass
class _Room:
    log: deque[tuple[int, bytes]]
    members: set[Connection] = field(default_factory=set)


class Hub:
    """All rooms of this process. A room keeps its last `replay_s` messages for those who return."""

    def __init__(
        self, rooms: tuple[str, ...], *, replay_s: int, backlog: int, max_drops: int, max_connections: int
    ) -> None:
        self._rooms = {name: _Room(deque(maxlen=replay_s)) for name in rooms}
        self._backlog = backlog
        self._max_drops = max_drops
        self._max_connections = max_connections
        self._connections: set[Connection] = set()
        self._is_closing = False
        self.dropped = 0

    @property
    def connections(self) -> int:
        """Open connections."""
        return len(self._connections)

    def members(self, room: str) -> int:
        """Connections in a room."""
        return len(self._rooms[room].members)

    def connect(self) -> Connection | None:
        """A new connection; None when there is no room for one more or the service ends."""
        if self._is_closing or len(self._connections) >= self._max_connections:
            return None
        connection = Connection(self._backlog, self._max_drops)
        self._connections.add(connection)
        return connection

    def disconnect(self, connection: Connection) -> None:
        """Out of all rooms."""
        self._connections.discard(connection)
        for name in connection.rooms:
            self._rooms[name].members.discard(connection)

    def join(self, connection: Connection, name: str, after: int | None, now_ms: int) -> bool:
        """Into a room; False when there is none of that name.

        With `after`, the messages since then follow if all of them are still kept, else a `resync`.
        """
        room = self._rooms.get(name)
        if room is None:
            return False
        connection.rooms.add(name)
        room.members.add(connection)
        if after is None:
            return True
        if room.log and room.log[0][0] <= after + 1 and after <= room.log[-1][0]:
            for seq, payload in room.log:
                if seq > after:
                    connection.put(payload)
        else:
            connection.put(_encode(Message(room=name, seq=now_ms // 1000, at=now_ms, resync=True)))
        return True

    def leave(self, connection: Connection, name: str) -> None:
        """Out of a room."""
        connection.rooms.discard(name)
        if room := self._rooms.get(name):
            room.members.discard(connection)

    def send(self, name: str, now_ms: int, data: msgspec.Raw | None) -> None:
        """Send to everybody in the room, and keep for the returning; without data it is a `resync`."""
        room = self._rooms[name]
        seq = now_ms // 1000
        if room.log and seq <= room.log[-1][0]:
            seq = room.log[-1][0] + 1
        payload = _encode(Message(room=name, seq=seq, at=now_ms, data=data, resync=data is None))
        room.log.append((seq, payload))
        for member in room.members:
            if not member.put(payload):
                self.dropped += 1

    def forget(self, name: str) -> None:
        """Nobody listens and nothing was built: who returns must read everything anew."""
        self._rooms[name].log.clear()

    def close(self) -> None:
        """Tell everybody to come back later, and take nobody in."""
        self._is_closing = True
        for connection in self._connections:
            connection.close(GOING_AWAY)


_encode = msgspec.json.Encoder().encode
