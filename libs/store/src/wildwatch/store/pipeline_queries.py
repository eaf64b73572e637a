"""Questions about the database itself: how fresh, how full."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wildwatch.store import queries
from wildwatch.store.reading import Reader


class Newest(msgspec.Struct, frozen=True):
    """The event with the newest time of its own, and when ingest received it."""

    time: datetime
    received_at: datetime | None


class EventSize(msgspec.Struct, frozen=True):
    """Bytes of `mail_event` with its indexes, its chunks, and bytes of the whole database."""

    event_bytes: int
    chunks: int
    database_bytes: int


class PipelineQueries:
    """The questions, asked through one reader."""

    def __init__(self, reader: Reader) -> None:
        self._fetch = reader.fetch

    async def newest(self) -> Newest | None:
        """None when there was no event within the last 7 days."""
        rows = await self._fetch(queries.statement("newest"))
        return Newest(rows[0]["time"], rows[0]["received_at"]) if rows else None

    async def events_last_minute(self) -> int:
        """Events whose own time lies within the last minute."""
        rows = await self._fetch(queries.statement("recent_count"))
        return int(rows[0][0])

    async def size(self) -> EventSize:
        """How much the events take."""
        rows = await self._fetch(queries.statement("mail_event_size"))
        return EventSize(rows[0]["bytes"], rows[0]["chunks"], rows[0]["database_bytes"])
