"""Events as a CSV table: RFC 4180, one column a field, times as ISO 8601."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from wildwatch.store.mail_answers import EventRow

_COLUMNS = tuple(name for name in EventRow.__struct_fields__ if name != "extra")
_TIMES = {"time_ms": "time", "received_ms": "received_at", "next_attempt_ms": "next_attempt"}
# A cell that begins with one of these is run as a formula by spreadsheets; replies come from strangers.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(rows: list[EventRow]) -> bytes:
    """The whole table, UTF-8."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([_TIMES.get(name, name) for name in _COLUMNS])
    for row in rows:
        table.writerow([_cell(name, getattr(row, name)) for name in _COLUMNS])
    return out.getvalue().encode()


def _cell(name: str, value: object) -> object:
    if value is None:
        return ""
    if name in _TIMES and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
