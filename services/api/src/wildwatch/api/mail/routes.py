"""`/api/v1/mail/…`"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from wildwatch.api.mail import csv_table, cursor, meaning, schemas
from wildwatch.api.mail.filters import provide_filter
from wildwatch.api.mail.time_range import aligned_starts, bucket_width, time_range
from wildwatch.api.problems import BadParameterError
from wildwatch.api.resources import Resources
from wildwatch.mail.queue_id import created_ms
from wildwatch.store.mail_answers import EventRow
from wildwatch.store.mail_filter import MailFilter, TimeRange

MAX_HOSTS = 500
MAX_PROVIDERS = 40
STRIP_CELLS = 60
TREND_POINTS = 24
MAX_CSV_ROWS = 50_000
QUEUE_ID_LIFE = timedelta(days=5)
"""ZoneMTA gives a message up before; so long after its creation a queue id can still have events."""
CLOCK_SLACK = timedelta(minutes=10)
"""A sender's clock may be this far off."""

From = Annotated[
    str | None,
    QueryParameter(name="from", required=False, description="ISO 8601, epoch ms or `-15m`; default `-1h`."),
]
To = Annotated[
    str | None,
    QueryParameter(name="to", required=False, description="End of the range, exclusive; default `now`."),
]
Bucket = Annotated[
    str | None,
    QueryParameter(
        name="bucket", required=False, description="Width as `30s`, `5m`, `1h`; chosen when absent."
    ),
]
MailRequest = Request[object, object, State]


def _ms(range_: TimeRange) -> tuple[int, int]:
    return int(range_.start.timestamp() * 1000), int(range_.end.timestamp() * 1000)


class MailController(Controller):
    """Read-only questions; every one is bounded by time."""

    path = "/api/v1/mail"
    tags = ("mail",)
    dependencies = {"filter_": Provide(provide_filter)}  # noqa: RUF012 # Litestar's own form

    @get("/outcomes", operation_id="getMailOutcomes")
    async def outcomes(
        self,
        resources: NamedDependency[Resources],
        filter_: NamedDependency[MailFilter],
        from_: From = None,
        to: To = None,
        bucket: Bucket = None,
    ) -> schemas.Outcomes:
        """Events by outcome over time."""
        now = resources.now()
        range_ = time_range(from_, to, now)
        width = bucket_width(bucket, range_)
        buckets = await resources.mail.outcomes(range_, filter_, width)
        starts = aligned_starts(range_, width)
        known_until = await resources.pipeline.known_until(now)
        return schemas.Outcomes(
            from_ms=_ms(range_)[0],
            to_ms=_ms(range_)[1],
            as_of_ms=int(now.timestamp() * 1000),
            start_ms=starts[0],
            bucket_ms=int(width.total_seconds() * 1000),
            totals=schemas.total(buckets),
            series=schemas.series(buckets, starts, int(known_until.timestamp() * 1000)),
        )

    @get("/hosts", operation_id="getMailHosts")
    async def hosts(
        self,
        resources: NamedDependency[Resources],
        filter_: NamedDependency[MailFilter],
        from_: From = None,
        to: To = None,
    ) -> schemas.Hosts:
        """Totals by outcome of each host."""
        now = resources.now()
        range_ = time_range(from_, to, now)
        found = await resources.mail.hosts(range_, filter_, MAX_HOSTS)
        return schemas.Hosts(
            from_ms=_ms(range_)[0],
            to_ms=_ms(range_)[1],
            as_of_ms=int(now.timestamp() * 1000),
            hosts=[schemas.host(row) for row in found],
        )

    @get("/providers", operation_id="getMailProviders")
    async def providers(
        self,
        resources: NamedDependency[Resources],
        filter_: NamedDependency[MailFilter],
        from_: From = None,
        to: To = None,
    ) -> schemas.Providers:
        """Totals by outcome of each provider, with the share of deferrals over time."""
        now = resources.now()
        range_ = time_range(from_, to, now)
        width = bucket_width(None, range_, STRIP_CELLS)
        found = await resources.mail.providers(range_, filter_, MAX_PROVIDERS)
        named = [row.provider for row in found if row.provider is not None]
        cells = await resources.mail.provider_strip(range_, filter_, width, named)
        # The oldest cell is a part of a bucket where the range does not start at its border.
        starts = aligned_starts(range_, width)[-STRIP_CELLS:]
        return schemas.Providers(
            from_ms=_ms(range_)[0],
            to_ms=_ms(range_)[1],
            as_of_ms=int(now.timestamp() * 1000),
            strip_start_ms=starts[0],
            strip_bucket_ms=int(width.total_seconds() * 1000),
            providers=schemas.providers(found, cells, starts),
        )

    @get("/replies", operation_id="getMailReplies")
    async def replies(
        self,
        resources: NamedDependency[Resources],
        filter_: NamedDependency[MailFilter],
        from_: From = None,
        to: To = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> schemas.Replies:
        """Replies that kept mail from being delivered, with their changing parts masked."""
        now = resources.now()
        range_ = time_range(from_, to, now)
        width = bucket_width(None, range_, TREND_POINTS - 1)
        starts = aligned_starts(range_, width)
        found = await resources.mail.replies(range_, filter_, limit)
        trend = await resources.mail.reply_trend(range_, filter_, width, [reply.template for reply in found])
        return schemas.Replies(
            from_ms=_ms(range_)[0],
            to_ms=_ms(range_)[1],
            as_of_ms=int(now.timestamp() * 1000),
            start_ms=starts[0],
            bucket_ms=int(width.total_seconds() * 1000),
            replies=[
                schemas.Reply(
                    reply=reply,
                    outcome=schemas.reply_outcome(reply),
                    provider_name=schemas.provider_name(reply.provider) if reply.provider else None,
                    trend=[trend.get(reply.template, {}).get(start, 0) for start in starts],
                )
                for reply in found
            ],
        )

    @get("/events", operation_id="getMailEvents", media_type="application/json")
    async def events(  # noqa: PLR0917 # Litestar calls it by name
        self,
        request: MailRequest,
        resources: NamedDependency[Resources],
        filter_: NamedDependency[MailFilter],
        from_: From = None,
        to: To = None,
        after: Annotated[str | None, QueryParameter(name="cursor", required=False)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
        format_: Annotated[
            Literal["json", "csv"] | None, QueryParameter(name="format", required=False)
        ] = None,
    ) -> schemas.Events:
        """Events, newest first. `Accept: text/csv` or `format=csv` gives a table of at most 50,000 rows."""
        now = resources.now()
        range_ = _event_range(filter_, from_, to, now)
        if format_ == "csv" or (format_ is None and _wants_csv(request)):
            rows = await resources.mail.events(range_, filter_, MAX_CSV_ROWS)
            return _csv(rows)  # type: ignore[return-value] # the OpenAPI document describes the JSON form
        before = cursor.parse(after) if after else None
        if before is not None:
            range_ = TimeRange(range_.start, min(range_.end, before[0] + timedelta(microseconds=1)))
        rows = await resources.mail.events(range_, filter_, limit + 1, before)
        page = rows[:limit]
        return schemas.Events(
            from_ms=_ms(range_)[0],
            to_ms=_ms(range_)[1],
            as_of_ms=int(now.timestamp() * 1000),
            events=[meaning.explain(row) for row in page],
            next_cursor=cursor.after(page[-1]) if len(rows) > limit else None,
        )


def _event_range(filter_: MailFilter, from_: str | None, to: str | None, now: datetime) -> TimeRange:
    """Asked range; without one, the life of the queue ids that are asked for, else the last hour."""
    ids = filter_.include.get("queue_id")
    if from_ or to or not ids:
        return time_range(from_, to, now)
    created = [created_ms(value) for value in ids]
    known = [datetime.fromtimestamp(ms / 1000, UTC) for ms in created if ms is not None]
    if len(known) < len(ids):
        raise BadParameterError("queueId", "a queue id has 18 hexadecimal digits; give `from` for other ids")
    return TimeRange(min(known) - CLOCK_SLACK, max(known) + QUEUE_ID_LIFE)


def _wants_csv(request: MailRequest) -> bool:
    return request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip() == "text/csv"


def _csv(rows: list[EventRow]) -> Response[bytes]:
    return Response(
        csv_table.write(rows),
        media_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": 'attachment; filename="mail-events.csv"', "Vary": "Accept"},
    )
