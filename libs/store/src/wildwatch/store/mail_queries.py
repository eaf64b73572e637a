"""Questions about mail events. Today they read `mail_event` itself.

Rows are encoded in camelCase, as the API answers them; times are epoch milliseconds, durations
milliseconds. Every question is bounded by a time range and by the read time-out: one that takes longer
raises `TooExpensiveError`, and `RetryableError` means that the database cannot answer now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from wildwatch.store import queries
from wildwatch.store.mail_filter import Conditions, MailFilter, TimeRange
from wildwatch.store.reading import Reader


class OutcomeCounts(msgspec.Struct, rename="camel"):
    """How many events had each outcome. An attempt is one of the last four."""

    queued: int = 0
    delivered: int = 0
    deferred: int = 0
    bounced: int = 0
    blocked: int = 0


class OutcomeBucket(OutcomeCounts, rename="camel"):
    """The outcomes of one bucket of time."""

    start_ms: int = 0


class HostTotals(OutcomeCounts, kw_only=True, rename="camel"):
    """What one host sent."""

    host: str
    p95_ms: float | None
    last_event_ms: int


class ProviderTotals(OutcomeCounts, kw_only=True, rename="camel"):
    """What went to one provider. `provider` is None for all the others and unknown ones together."""

    provider: str | None
    names: int
    p95_ms: float | None
    last_event_ms: int


class StripCell(msgspec.Struct, rename="camel"):
    """One cell of a provider's heat strip."""

    provider: str | None
    start_ms: int
    attempts: int
    deferred: int


class ReplyTemplate(msgspec.Struct, kw_only=True, rename="camel"):
    """A reply with its changing parts masked, as often as it was given in the range."""

    template: str
    n: int
    bounced: int
    bounce_class: str | None
    provider: str | None
    providers: int
    addresses: int
    permanent: bool | None
    is_block: bool
    first_seen_ms: int
    last_seen_ms: int


class EventRow(msgspec.Struct, kw_only=True, rename="camel"):
    """One mail event as it is stored, with its outcome (None for what is no attempt and no queueing)."""

    time_ms: int
    received_ms: int | None
    time_suspect: bool
    host: str
    instance: str
    action: str
    outcome: str | None
    queue_id: str
    seq: str
    message_id: str | None
    zone: str | None
    pool: str | None
    source_ip: str | None
    mx: str | None
    mx_ip: str | None
    provider: str | None
    sender: str | None
    sender_domain: str | None
    return_path: str | None
    recipient: str | None
    recipient_domain: str | None
    mailbox: str | None
    client_ip: str | None
    interface: str | None
    smtp_code: int | None
    enhanced_code: str | None
    response: str | None
    reply_template: str | None
    bounce_class: str | None
    permanent: bool | None
    zonemta_category: str | None
    attempt: int | None
    next_attempt_ms: int | None
    queued_ms: int | None
    delivery_ms: int | None
    size: int | None
    spam_score: float | None
    tls: str | None
    rules_version: int | None
    extra: dict[str, Any] | None


EventKey = tuple[datetime, str, str, str, str]
"""Where an event stands in the list: time, queue id, seq, action, instance."""


class MailQueries:
    """The questions, asked through one reader."""

    def __init__(self, reader: Reader) -> None:
        self._fetch = reader.fetch

    async def outcomes(
        self, range_: TimeRange, filter_: MailFilter, bucket: timedelta
    ) -> list[OutcomeBucket]:
        """Buckets that hold anything, in order of time."""
        c = Conditions([range_.start, range_.end, bucket, list(filter_.blocked_classes)], filter_)
        rows = await self._fetch(queries.with_conditions("outcomes", c.texts), c.parameters)
        return [
            OutcomeBucket(
                queued=row[1],
                delivered=row[2],
                deferred=row[3],
                bounced=row[4],
                blocked=row[5],
                start_ms=_ms(row[0]),
            )
            for row in rows
        ]

    async def hosts(self, range_: TimeRange, filter_: MailFilter, limit: int) -> list[HostTotals]:
        """Totals of at most `limit` hosts, by name."""
        c = Conditions([range_.start, range_.end, list(filter_.blocked_classes), limit], filter_)
        rows = await self._fetch(queries.with_conditions("hosts", c.texts), c.parameters)
        return [
            HostTotals(*row[1:6], host=row[0], p95_ms=row["p95_ms"], last_event_ms=_ms(row["last_event"]))
            for row in rows
        ]

    async def providers(self, range_: TimeRange, filter_: MailFilter, limit: int) -> list[ProviderTotals]:
        """Totals of the `limit` providers with the most attempts, and of the rest together."""
        c = Conditions([range_.start, range_.end, list(filter_.blocked_classes), limit], filter_)
        rows = await self._fetch(queries.with_conditions("providers", c.texts), c.parameters)
        return [
            ProviderTotals(
                0,
                *row[2:6],
                provider=row[0],
                names=row["names"],
                p95_ms=row["p95_ms"],
                last_event_ms=_ms(row["last_event"]),
            )
            for row in rows
        ]

    async def provider_strip(
        self, range_: TimeRange, filter_: MailFilter, bucket: timedelta, providers: Sequence[str]
    ) -> list[StripCell]:
        """Attempts and deferrals over time of the named providers, and of the rest together."""
        fixed = [range_.start, range_.end, bucket, list(filter_.blocked_classes), list(providers)]
        c = Conditions(fixed, filter_)
        rows = await self._fetch(queries.with_conditions("provider_strip", c.texts), c.parameters)
        return [StripCell(row[0], _ms(row[1]), row[2], row[3]) for row in rows]

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
                first_seen_ms=_ms(row["first_seen"]),
                last_seen_ms=_ms(row["last_seen"]),
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
            trend.setdefault(row[0], {})[_ms(row[1])] = row[2]
        return trend


def _event(row: asyncpg.Record) -> EventRow:
    values = dict(row)
    extra = values.pop("extra")
    return EventRow(
        time_ms=_ms(values.pop("time")),
        received_ms=_ms_or_none(values.pop("received_at")),
        next_attempt_ms=_ms_or_none(values.pop("next_attempt")),
        extra=msgspec.json.decode(extra) if extra else None,
        **values,
    )


def _ms(time: datetime) -> int:
    return (time - _EPOCH) // _MILLISECOND


def _ms_or_none(time: datetime | None) -> int | None:
    return None if time is None else _ms(time)


_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECOND = timedelta(milliseconds=1)
