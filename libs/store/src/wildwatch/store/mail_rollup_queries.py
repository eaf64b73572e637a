"""Questions about mail that the minute sums can answer, in milliseconds whatever the rate of events.

A question qualifies when its range is longer than a few minutes, its buckets are whole minutes, and it asks
for nothing the sums do not tell apart; all others read the events themselves. Both count the same events:
ranges of qualifying questions start at a whole minute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import asyncpg

from wildwatch.store import queries
from wildwatch.store.latency import percentile_ms
from wildwatch.store.mail_answers import HostTotals, OutcomeBucket, ProviderTotals, StripCell, epoch_ms
from wildwatch.store.mail_filter import Conditions, MailFilter, TimeRange

MINUTE = timedelta(minutes=1)
LEAST_RANGE = timedelta(minutes=5)
"""Shorter ranges are read from the events: whole minutes would be too coarse for them."""

OTHER = "other"
_FLOW = frozenset({"action", "outcome", "provider", "class", "zone"})
_FLOW_LATENCY = frozenset({"provider"})
_HOST = frozenset({"host", "zone", "action"})
_HOST_LATENCY = frozenset({"host"})

Fetch = Callable[[str, Sequence[Any]], Awaitable[list[asyncpg.Record]]]


def starts_whole(range_: TimeRange) -> bool:
    """Whether the range is one for minute sums."""
    start = range_.start
    return range_.end - start > LEAST_RANGE and not (start.second or start.microsecond)


class MailRollupQueries:
    """Each question is answered, or None says that the sums cannot."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def outcomes(
        self, range_: TimeRange, filter_: MailFilter, bucket: timedelta
    ) -> list[OutcomeBucket] | None:
        """As `MailQueries.outcomes`."""
        if not starts_whole(range_) or bucket % MINUTE:
            return None
        fixed: list[Any] = [range_.start, range_.end, bucket]
        if _asks_only(filter_, _FLOW):
            c = Conditions([*fixed, list(filter_.blocked_classes)], filter_)
            rows = await self._fetch(queries.with_conditions("outcomes_by_flow", c.texts), c.parameters)
        elif _asks_only(filter_, _HOST):
            c = Conditions(fixed, filter_)
            rows = await self._fetch(queries.with_conditions("outcomes_by_host", c.texts), c.parameters)
        else:
            return None
        return [OutcomeBucket(**_counts(row), start_ms=epoch_ms(row["start"])) for row in rows]

    async def hosts(self, range_: TimeRange, filter_: MailFilter, limit: int) -> list[HostTotals] | None:
        """As `MailQueries.hosts`; the last event is known to the minute."""
        if not (starts_whole(range_) and _asks_only(filter_, _HOST_LATENCY)):
            return None
        c = Conditions([range_.start, range_.end, limit], filter_)
        rows = await self._fetch(queries.with_conditions("hosts_by_minute", c.texts), c.parameters)
        c = Conditions([range_.start, range_.end], filter_)
        bins = _bins(await self._fetch(queries.with_conditions("host_latency", c.texts), c.parameters))
        return [
            HostTotals(
                **_counts(row),
                host=row["host"],
                p95_ms=percentile_ms(bins[row["host"]], 0.95),
                last_event_ms=_last_ms(row, range_),
            )
            for row in rows
        ]

    async def providers(
        self, range_: TimeRange, filter_: MailFilter, limit: int
    ) -> list[ProviderTotals] | None:
        """As `MailQueries.providers`; the last event is known to the minute."""
        if not (starts_whole(range_) and _asks_only(filter_, _FLOW_LATENCY)):
            return None
        c = Conditions([range_.start, range_.end, list(filter_.blocked_classes)], filter_)
        rows = await self._fetch(queries.with_conditions("providers_by_minute", c.texts), c.parameters)
        c = Conditions([range_.start, range_.end], filter_)
        bins = _bins(await self._fetch(queries.with_conditions("provider_latency", c.texts), c.parameters))
        named = [row for row in rows[:limit] if row["provider"] != OTHER]
        rest = [row for row in rows if row not in named]
        answers = [_provider([row], row["provider"], bins, range_) for row in named]
        if rest:
            answers.append(_provider(rest, None, bins, range_))
        return sorted(answers, key=lambda answer: (-_attempts(answer), answer.provider or OTHER))

    async def provider_strip(
        self, range_: TimeRange, filter_: MailFilter, bucket: timedelta, providers: Sequence[str]
    ) -> list[StripCell] | None:
        """As `MailQueries.provider_strip`."""
        if not (starts_whole(range_) and _asks_only(filter_, _FLOW)) or bucket % MINUTE:
            return None
        fixed = [range_.start, range_.end, bucket, list(filter_.blocked_classes), list(providers)]
        c = Conditions(fixed, filter_)
        rows = await self._fetch(queries.with_conditions("provider_strip_by_minute", c.texts), c.parameters)
        return [StripCell(row[0], epoch_ms(row[1]), row[2], row[3]) for row in rows]


def _asks_only(filter_: MailFilter, names: frozenset[str]) -> bool:
    return names.issuperset(filter_.include) and names.issuperset(filter_.exclude)


def _counts(row: asyncpg.Record) -> dict[str, int]:
    return {name: row[name] for name in ("queued", "delivered", "deferred", "bounced", "blocked")}


def _bins(rows: Iterable[asyncpg.Record]) -> defaultdict[str, dict[int, int]]:
    bins: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for name, bin_, events in rows:
        bins[name][bin_] = events
    return bins


def _provider(
    rows: Sequence[asyncpg.Record],
    name: str | None,
    bins: defaultdict[str, dict[int, int]],
    range_: TimeRange,
) -> ProviderTotals:
    latency: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        for bin_, n in bins[row["provider"]].items():
            latency[bin_] += n
    return ProviderTotals(
        delivered=sum(row["delivered"] for row in rows),
        deferred=sum(row["deferred"] for row in rows),
        bounced=sum(row["bounced"] for row in rows),
        blocked=sum(row["blocked"] for row in rows),
        provider=name,
        names=len(rows),
        p95_ms=percentile_ms(latency, 0.95),
        last_event_ms=max(_last_ms(row, range_) for row in rows),
    )


def _attempts(answer: ProviderTotals) -> int:
    return answer.delivered + answer.deferred + answer.bounced + answer.blocked


def _last_ms(row: asyncpg.Record, range_: TimeRange) -> int:
    return min(epoch_ms(row["last_minute"]) + 60_000, epoch_ms(range_.end))
