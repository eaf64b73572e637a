"""What the minute sums answer is what the events themselves answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tests.integration.rollups.test_partial_sums import batch

from wildwatch.mail.outcome import BLOCKED_CLASSES
from wildwatch.store import mail_events
from wildwatch.store.mail_answers import ProviderTotals
from wildwatch.store.mail_filter import MailFilter, TimeRange
from wildwatch.store.mail_queries import MailQueries
from wildwatch.store.mail_rollup_queries import MailRollupQueries
from wildwatch.store.reading import Reader
from wildwatch.writer.rollups import partial_sums

MINUTE = timedelta(minutes=1)
FILTERS: list[dict[str, Any]] = [
    {},
    {"include": {"provider": ["google"]}},
    {"exclude": {"provider": ["google"]}},
    {"include": {"host": ["mta1", "mta2"]}},
    {"include": {"zone": [""]}},
    {"include": {"outcome": ["blocked"]}},
    {"include": {"class": ["rate_limit"]}, "exclude": {"zone": ["default"]}},
]


class _OnlyEvents(MailRollupQueries):
    """Sums that can answer nothing, so that the events are asked."""

    async def outcomes(self, *_: Any) -> None: ...
    async def hosts(self, *_: Any) -> None: ...
    async def providers(self, *_: Any) -> None: ...
    async def provider_strip(self, *_: Any) -> None: ...


@pytest.mark.parametrize("asked", FILTERS, ids=str)
async def test_sums_answer_what_events_answer(database_url: str, asked: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    async with asyncpg.create_pool(database_url) as pool:
        writing = await asyncpg.connect(database_url)
        await mail_events.prepare(writing)
        rows = [mail_events.to_rows(batch(seed, now)) for seed in range(40)]
        await mail_events.write(writing, rows, 30.0, partial_sums)
        await writing.close()
        summed = MailQueries(Reader(pool))
        raw = MailQueries(Reader(pool))
        raw._sums = _OnlyEvents(raw._fetch)
        range_ = TimeRange((now - timedelta(minutes=9)).replace(second=0, microsecond=0), now)
        filter_ = MailFilter(**asked, blocked_classes=tuple(BLOCKED_CLASSES))

        assert await summed.outcomes(range_, filter_, MINUTE) == await raw.outcomes(range_, filter_, MINUTE)
        for ours, theirs in zip(
            await summed.hosts(range_, filter_, 10), await raw.hosts(range_, filter_, 10), strict=True
        ):
            assert (ours.host, ours.delivered, ours.deferred, ours.bounced, ours.blocked, ours.queued) == (
                theirs.host, theirs.delivered, theirs.deferred, theirs.bounced, theirs.blocked, theirs.queued
            )  # fmt: skip
            assert ours.p95_ms == (theirs.p95_ms and pytest.approx(theirs.p95_ms, rel=0.15))
        theirs_by_name = {answer.provider: answer for answer in await raw.providers(range_, filter_, 1)}
        for answer in await summed.providers(range_, filter_, 1):
            assert _counts(answer) == _counts(theirs_by_name.pop(answer.provider))
        assert not theirs_by_name
        strips = [
            sorted(
                await asked_of.provider_strip(range_, filter_, MINUTE, ["yahoo"]),
                key=lambda cell: (cell.provider or "", cell.start_ms),
            )
            for asked_of in (summed, raw)
        ]
        assert strips[0] == strips[1]


def _counts(answer: ProviderTotals) -> tuple[int, ...]:
    return answer.names, answer.delivered, answer.deferred, answer.bounced, answer.blocked
