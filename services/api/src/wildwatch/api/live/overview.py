"""The room `overview`: what all writers committed within the last second, added up."""

from __future__ import annotations

from collections import Counter

import msgspec

from wildwatch.contracts.messages import LiveMail

Row = tuple[int, str, str, int]
"""`(second, name, outcome, n)`; `second` is epoch seconds of the events' own time."""


class OverviewData(msgspec.Struct, rename="camel"):
    """One second of the room. `behind_s` is None while the broker does not answer."""

    hosts: list[Row]
    providers: list[Row]
    committed: int
    behind_s: float | None


class OverviewSum:
    """Adds up summaries between two messages.

    Holds at most `max_rows` cells of each kind; beyond that `overflowed` is set, and readers are told to
    read everything anew instead of being shown a part.
    """

    def __init__(self, max_rows: int) -> None:
        self._max_rows = max_rows
        self._clear()

    def _clear(self) -> None:
        self._hosts: Counter[tuple[int, str, str]] = Counter()
        self._providers: Counter[tuple[int, str, str]] = Counter()
        self._committed = 0
        self.overflowed = False

    def add(self, summary: LiveMail) -> None:
        """Count one writer's summary."""
        self._committed += summary.committed
        for into, rows in ((self._hosts, summary.by_host), (self._providers, summary.by_provider)):
            for second, name, outcome, n in rows:
                into[second, name, outcome] += n
            if len(into) > self._max_rows:
                into.clear()
                self.overflowed = True

    def take(self, behind_s: float | None) -> OverviewData | None:
        """What was added since the last call; None after an overflow."""
        overflowed = self.overflowed
        data = OverviewData(
            [(*cell, n) for cell, n in sorted(self._hosts.items())],
            [(*cell, n) for cell, n in sorted(self._providers.items())],
            self._committed,
            behind_s,
        )
        self._clear()
        return None if overflowed else data
