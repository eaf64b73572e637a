"""What the questions about mail answer. Times are epoch milliseconds, shares 0 to 1 of attempts."""

from __future__ import annotations

import msgspec

from wildwatch.mail.outcome import BLOCKED_CLASSES
from wildwatch.mail.provider import DISPLAY_NAMES, OTHER
from wildwatch.store.mail_answers import (
    EventRow,
    HostTotals,
    OutcomeBucket,
    OutcomeCounts,
    ProviderTotals,
    ReplyTemplate,
    StripCell,
)

_OUTCOMES = ("queued", "delivered", "deferred", "bounced", "blocked")
ALL_OTHERS = OTHER


class Shares(msgspec.Struct, rename="camel"):
    """Parts of all attempts; None when there was none."""

    delivered: float | None
    deferred: float | None
    bounced: float | None
    blocked: float | None


class OutcomeSeries(msgspec.Struct, rename="camel"):
    """One count a bucket. None: nothing is known about that bucket yet."""

    queued: list[int | None]
    delivered: list[int | None]
    deferred: list[int | None]
    bounced: list[int | None]
    blocked: list[int | None]


class Outcomes(msgspec.Struct, kw_only=True, rename="camel"):
    """Events by outcome over time. Bucket i starts at `startMs + i * bucketMs`; the last is unfinished."""

    from_ms: int
    to_ms: int
    as_of_ms: int
    start_ms: int
    bucket_ms: int
    totals: OutcomeCounts
    series: OutcomeSeries


class Host(OutcomeCounts, kw_only=True, rename="camel"):
    """What one host sent in the range."""

    host: str
    attempts: int
    shares: Shares
    p95_ms: float | None
    """95 % of delivered messages took less, from creation to delivery."""
    last_event_ms: int


class Hosts(msgspec.Struct, kw_only=True, rename="camel"):
    """Hosts by name."""

    from_ms: int
    to_ms: int
    as_of_ms: int
    hosts: list[Host]


class Strip(msgspec.Struct, rename="camel"):
    """Attempts and deferrals of each cell of the heat strip."""

    attempts: list[int]
    deferred: list[int]


class Provider(OutcomeCounts, kw_only=True, rename="camel"):
    """What went to one provider in the range. `provider` is `other` for all the rest together."""

    provider: str
    name: str
    attempts: int
    shares: Shares
    p95_ms: float | None
    last_event_ms: int
    strip: Strip


class Providers(msgspec.Struct, kw_only=True, rename="camel"):
    """Providers by attempts. Cell i of each strip starts at `stripStartMs + i * stripBucketMs`."""

    from_ms: int
    to_ms: int
    as_of_ms: int
    strip_start_ms: int
    strip_bucket_ms: int
    providers: list[Provider]


class Event(msgspec.Struct, kw_only=True, rename="camel"):
    """One event: what was stored, and what it means."""

    event: EventRow
    provider_name: str | None
    class_detail: str | None
    """What our class says more exactly: the list, the limit, the culprit."""
    meaning: str | None
    """Our class in a sentence."""
    advice: str | None
    """What to do about it."""
    categories_differ: bool
    """ZoneMTA put this reply into a category that does not fit our class."""


class Events(msgspec.Struct, kw_only=True, rename="camel"):
    """Events, newest first; `nextCursor` is None on the last page."""

    from_ms: int
    to_ms: int
    as_of_ms: int
    events: list[Event]
    next_cursor: str | None


class Reply(msgspec.Struct, kw_only=True, rename="camel"):
    """A reply template and how often it came over time."""

    reply: ReplyTemplate
    outcome: str
    provider_name: str | None
    trend: list[int]


class Replies(msgspec.Struct, kw_only=True, rename="camel"):
    """Reply templates, most frequent first. Point i of each trend starts at `startMs + i * bucketMs`."""

    from_ms: int
    to_ms: int
    as_of_ms: int
    start_ms: int
    bucket_ms: int
    replies: list[Reply]


def attempts(counts: OutcomeCounts) -> int:
    """Attempts among the counts: everything but queueing."""
    return counts.delivered + counts.deferred + counts.bounced + counts.blocked


def shares(counts: OutcomeCounts) -> Shares:
    """The counts as parts of all attempts."""
    total = attempts(counts)
    if not total:
        return Shares(None, None, None, None)
    return Shares(
        counts.delivered / total, counts.deferred / total, counts.bounced / total, counts.blocked / total
    )


def total(buckets: list[OutcomeBucket]) -> OutcomeCounts:
    """The sum of all buckets."""
    return OutcomeCounts(*(sum(getattr(bucket, name) for bucket in buckets) for name in _OUTCOMES))


def series(buckets: list[OutcomeBucket], starts_ms: list[int], known_until_ms: int) -> OutcomeSeries:
    """Counts at `starts_ms`: 0 where nothing happened, None after `known_until_ms` where nobody knows."""
    found = {bucket.start_ms: bucket for bucket in buckets}

    def column(name: str) -> list[int | None]:
        return [
            getattr(found[start], name) if start in found else (0 if start < known_until_ms else None)
            for start in starts_ms
        ]

    return OutcomeSeries(*(column(name) for name in _OUTCOMES))


def host(totals: HostTotals) -> Host:
    """Totals with their shares."""
    return Host(
        *msgspec.structs.astuple(totals)[:5],
        host=totals.host,
        attempts=attempts(totals),
        shares=shares(totals),
        p95_ms=totals.p95_ms,
        last_event_ms=totals.last_event_ms,
    )


def providers(totals: list[ProviderTotals], cells: list[StripCell], starts_ms: list[int]) -> list[Provider]:
    """Totals with shares and heat strips, most attempts first, all the others last."""
    strips = {row.provider or ALL_OTHERS: Strip([0] * len(starts_ms), [0] * len(starts_ms)) for row in totals}
    places = {start: i for i, start in enumerate(starts_ms)}
    for cell in cells:
        strip, place = strips.get(cell.provider or ALL_OTHERS), places.get(cell.start_ms)
        if strip is not None and place is not None:
            strip.attempts[place] += cell.attempts
            strip.deferred[place] += cell.deferred
    answer = [
        Provider(
            *msgspec.structs.astuple(row)[:5],
            provider=row.provider or ALL_OTHERS,
            name=provider_name(row.provider) if row.provider else "All others",
            attempts=attempts(row),
            shares=shares(row),
            p95_ms=row.p95_ms,
            last_event_ms=row.last_event_ms,
            strip=strips[row.provider or ALL_OTHERS],
        )
        for row in totals
    ]
    return sorted(answer, key=lambda p: (p.provider == ALL_OTHERS, -p.attempts, p.provider))


def provider_name(slug: str) -> str:
    """How people call the provider."""
    return DISPLAY_NAMES.get(slug, slug)


def reply_outcome(reply: ReplyTemplate) -> str:
    """What most of the messages with this reply came to."""
    if reply.bounce_class in BLOCKED_CLASSES:
        return "blocked"
    return "bounced" if reply.bounced * 2 > reply.n else "deferred"
