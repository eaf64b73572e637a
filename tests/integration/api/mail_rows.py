"""Rows of mail_event, written as the writer writes them."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

import asyncpg

from wildwatch.contracts.mail import MailBatch, MailEvent
from wildwatch.contracts.post import batch_name
from wildwatch.store import mail_events
from wildwatch.writer.rollups import partial_sums

_serial = itertools.count(1)


def event(time_ms: int, action: str, **members: Any) -> MailEvent:
    """One event with a queue id of its own and of its time."""
    number = next(_serial)
    return MailEvent(
        time_ms=time_ms,
        action=action,
        **{
            "queue_id": f"{(time_ms << 12) + number % 4096:014x}{number % 65_536:04x}",
            "seq": "" if action == "queued" else "001",
            "instance": "a",
            **members,
        },
    )


class Rows:
    """Stores events at once."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._is_prepared = False

    async def store(self, events: list[MailEvent], host: str = "mta1") -> None:
        """As one batch of `host`."""
        if not self._is_prepared:
            await mail_events.prepare(self._connection)
            self._is_prepared = True
        newest = max(one.time_ms for one in events)
        batch = MailBatch(
            batch=_name(newest), host=host, received_ms=newest, sent_ms=newest, rules_version=1, events=events
        )
        await mail_events.write(self._connection, [mail_events.to_rows(batch)], 30.0, partial_sums)


def _name(ms: int) -> str:
    return batch_name(ms, uuid.uuid4().int)
