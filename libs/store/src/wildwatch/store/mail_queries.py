"""Questions about mail events: from the minute sums where these can answer, else from the events themselves.

Every question is bounded by a time range and by the read time-out: one that takes longer
raises `TooExpensiveError`, and `RetryableError` means that the database cannot answer now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
import msgspec

from wildwatch.store import queries
from wildwatch.store.mail_answers import (
    EventRow,
    HostTotals,
    OutcomeBucket,
    ProviderTotals,
    ReplyTemplate,
    StripCell,
    epoch_ms,
)
from wildwatch.store.mail_filter import Conditions, MailFilter, TimeRange
from wildwatch.store.mail_rollup_queries import MailRollupQueries
from wildwatch.store.reading import Reader

EventKey = tuple[datetime, str, str, str, str]
"""Where an event stands in the list: time, queue id, seq, action, instance."""


class MailQueries:
    """The questions, asked through one reader."""

    def __init__(self, reader: Reader) -> None:
        self._fetch = reader.fetch
        self._sums = MailRollupQueries(reader.fetch)

    async def outcomes(
        self, range_: TimeRange, filter_: MailFilter, bucket: timedelta
    ) -> list[OutcomeBucket]:
        """Buckets that hold anything, in order of time."""
        if (summed := await self._sums.outcomes(range_, filter_, bucket)) is not None:
            return summed
        c = Conditions([range_.start, range_.end, bucket, list(filter_.blocked_classes)], filter_)
        rows = await self._fetch(queries.with_conditions("outcomes", c.texts), c.parameters)
        return [
            OutcomeBucket(
                queued=row[1],
                delivered=row[2],
                deferred=row[3],
                bounced=row[4],
                blocked=row[5],
                start_ms=epoch_ms(row[0]),
            )
            for row in rows
        ]

    async def hosts(self, range_: TimeRange, filter_: MailFilter, limit: int) -> list[HostTotals]:
        """Totals of at most `limit` hosts, by name."""
        if (summed := await self._sums.hosts(range_, filter_, limit)) is not None:
            return summed
        c = Conditions([range_.start, range_.end, list(filter_.blocked_classes), limit], filter_)
        rows = await self._fetch(queries.with_conditions("hosts", c.texts), c.parameters)
        return [
            HostTotals(
                *row[1:6], host=row[0], p95_ms=row["p95_ms"], last_event_ms=epoch_ms(row["last_event"])
            )
            for row in rows
        ]

    async def providers(self, range_: TimeRange, filter_: MailFilter, limit: int) -> list[ProviderTotals]:
        """Totals of the `limit` providers with the most attempts, and of the rest together."""
        if (summed := await self._sums.providers(range_, filter_, limit)) is not None:
            return summed
        c = Conditions([range_.start, range_.end, list(filter_.blocked_classes), limit], filter_)
        rows = await self._fetch(queries.with_conditions("providers", c.texts), c.parameters)
        return [
            ProviderTotals(
                0,
                *row[2:6],
                provider=row[0],
                names=row["names"],
                p95_ms=row["p95_ms"],
                last_event_ms=epoch_ms(row["last_event"]),
            )
            for row in rows
        ]

    async def provider_strip(
        self, range_: TimeRange, filter_: MailFilter, bucket: timedelta, providers: Sequence[str]
    ) -> list[StripCell]:
        """Attempts and deferrals over time of the named providers, and of the rest together."""
        if (summed := await self._sums.provider_strip(range_, filter_, bucket, providers)) is not None:
            return summed
        fixed = [range_.start, range_.end, bucket, list(filter_.blocked_classes), list(providers)]
        c = Conditions(fixed, filter_)
        rows = await self._fetch(queries.with_conditions("provider_strip", c.texts), c.parameters)
        return [StripCell(row[0], epoch_ms(row[1]), row[2], row[3]) for row in rows]

    async def events(
        self, range_: TimeRange, filter_: MailFilter, limit: int, before: EventKey | None = None
    ) -> list[EventRow]:
        """At most `limit` events, newest first, those after `before` in that order."""
        c = Conditions([range_.start, range_.end, list(filter_.blocked_classes), limit], filter_)
        if before is not None:
            c.before(before)
        rows = await self._fetch(queries.with_conditions("events", c.texts), c.parameters)
        return [_event(row) for row in rows]

    async def replies(self, range_: TimeRange, filter_: MailFilter, limit: int) -> list[ReplyTemplate]:
        """The `limit` most frequent reply templates of deferrals and bounces."""
        c = Conditions([range_.start, range_.end, list(filter_.blocked_classes), limit], filter_)
        rows = await self._fetch(queries.with_conditions("replies", c.texts), c.parameters)
        return [
            ReplyTemplate(
                template=row["template"],
                n=row["n"],
                bounced=row["bounced"],
                bounce_class=row["bounce_class"],
                provider=row["provider"],
                providers=row["providers"],
                addresses=row["addresses"],
                permanent=row["permanent"],
                is_block=row["is_block"],
                first_seen_ms=epoch_ms(row["first_seen"]),
                last_seen_ms=epoch_ms(row["last_seen"]),
            )
            for row in rows
        ]

    async def reply_trend(
        self, range_: TimeRange, filter_: MailFilter, bucket: timedelta, templates: Sequence[str]
    ) -> dict[str, dict[int, int]]:
        """Template → start of bucket, epoch ms → count."""
        c = Conditions([range_.start, range_.end, bucket, list(templates)], filter_)
        rows = await self._fetch(queries.with_conditions("reply_trend", c.texts), c.parameters)
        trend: dict[str, dict[int, int]] = {}
        for row in rows:
            trend.setdefault(row[0], {})[epoch_ms(row[1])] = row[2]
        return trend


def _event(row: asyncpg.Record) -> EventRow:
    values = dict(row)
    extra = values.pop("extra")
    return EventRow(
        time_ms=epoch_ms(values.pop("time")),
        received_ms=_ms_or_none(values.pop("received_at")),
        next_attempt_ms=_ms_or_none(values.pop("next_attempt")),
        extra=msgspec.json.decode(extra) if extra else None,
        **values,
    )


def _ms_or_none(time: datetime | None) -> int | None:
    return None if time is None else epoch_ms(time)
