"""`from`, `to` and `bucket` of every question that has a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from wildwatch.api.problems import BadParameterError
from wildwatch.store.mail_filter import TimeRange
from wildwatch.store.mail_rollup_queries import LEAST_RANGE

DEFAULT_FROM = "-1h"
MAX_POINTS = 1_000
FINE_RANGE_S = 16 * 60
"""Ranges up to this long get buckets below a minute, which are counted from the events themselves."""
LEAST_BUCKET_S = 60
AUTO_POINTS = 180
"""About how many buckets are chosen when none are asked for."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_RELATIVE = re.compile(r"-(\d{1,6})([smhdw])")
_BUCKET = re.compile(r"(\d{1,6})([smhdw])")
_STEPS_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
_HOW = "give ISO 8601 as 2026-11-22T02:00:00Z, epoch milliseconds, `now`, or relative as -15m"


def moment(text: str, field: str, now: datetime) -> datetime:
    """One end of a range. Raises `BadParameterError` naming `field`."""
    if text == "now":
        return now
    if match := _RELATIVE.fullmatch(text):
        return now - timedelta(seconds=int(match[1]) * _UNITS[match[2]])
    try:
        if re.fullmatch(r"\d{9,14}", text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        time = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError) as error:
        raise BadParameterError(field, f"{text[:40]!r} is no time: {_HOW}") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def time_range(from_: str | None, to: str | None, now: datetime) -> TimeRange:
    """The last hour unless asked otherwise; one of over five minutes starts at a whole minute, as the sums it
    is answered from do. Raises `BadParameterError`."""
    end = moment(to, "to", now) if to else now
    start = moment(from_ or DEFAULT_FROM, "from", now)
    if start >= end:
        raise BadParameterError("from", "the range is empty: `from` must lie before `to`")
    if end - start > LEAST_RANGE:
        start = start.replace(second=0, microsecond=0)
    return TimeRange(start, end)


def bucket_width(text: str | None, range_: TimeRange, points: int = AUTO_POINTS) -> timedelta:
    """The asked width, or the smallest round one that gives at most `points` buckets.

    Raises `BadParameterError` for a width that would give more than `MAX_POINTS`.
    """
    length_s = (range_.end - range_.start).total_seconds()
    if text:
        match = _BUCKET.fullmatch(text)
        if not match or int(match[1]) == 0:
            raise BadParameterError("bucket", f"{text[:40]!r} is no width: give it as 30s, 5m, 1h or 1d")
        width_s = int(match[1]) * _UNITS[match[2]]
        if length_s / width_s > MAX_POINTS:
            least = _step(length_s / MAX_POINTS)
            raise BadParameterError(
                "bucket", f"more than {MAX_POINTS} points: ask for buckets of at least {least} s"
            )
        return timedelta(seconds=width_s)
    least_s = LEAST_BUCKET_S if length_s > FINE_RANGE_S else 0
    return timedelta(seconds=max(least_s, _step(length_s / points)))


def aligned_starts(range_: TimeRange, width: timedelta) -> list[int]:
    """Starts of all buckets the range touches, epoch ms: multiples of the width."""
    width_ms = int(width.total_seconds() * 1000)
    first = int(range_.start.timestamp() * 1000) // width_ms * width_ms
    return list(range(first, int(range_.end.timestamp() * 1000), width_ms))


def _step(wanted_s: float) -> int:
    for step in _STEPS_S:
        if step >= wanted_s:
            return step
    days = -(-wanted_s // 86_400)
    return int(days) * 86_400
