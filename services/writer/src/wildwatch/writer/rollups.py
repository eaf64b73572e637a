"""Partial sums of a transaction's batches, for the minute tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from wildwatch.contracts.mail import MailEvent
from wildwatch.mail.outcome import BLOCKED_CLASSES
from wildwatch.store.latency import bin_of
from wildwatch.store.mail_events import Batch
from wildwatch.store.rollups import FLOW, HOST, HOST_LATENCY, IP, LATENCY, PartialSums

_MINUTE_MS = 60_000
_FIELDS = MailEvent.__struct_fields__


def _getter(*fields: str) -> Any:
    return itemgetter(*(_FIELDS.index(field) for field in fields))


_flow = _getter("time_ms", "zone", "pool", "provider", "action", "bounce_class")
_attempt = _getter(
    "time_ms", "pool", "provider", "action", "bounce_class", "source_ip", "size", "queued_ms", "delivery_ms"
)
_ATTEMPTS = frozenset({"delivered", "deferred", "bounced"})
_COLUMN = {name: index for index, name in enumerate(IP.sums)}
_BLOCKED, _BYTES = _COLUMN["blocked"], _COLUMN["bytes"]
_PART = {
    "dnsbl_block": _COLUMN["block_listed"],
    "rate_limit": _COLUMN["rate_limited"],
    "policy": _COLUMN["policy"],
}


_MAX_SIZE_BYTES = 1 << 40
"""Sizes come from senders, and their sum has to fit into a bigint: a sum that does not would cost the
whole batch its place in the database, and the fold its end."""

_Cells = Counter[tuple[Any, ...]]
_Counters = defaultdict[tuple[Any, ...], list[int]]


def partial_sums(batches: Iterable[Batch]) -> PartialSums:
    """Rows for every minute table, as many as there are different keys among the batches."""
    sums = _Sums()
    for batch in batches:
        sums.add(batch)
    return sums.rows()


class _Sums:
    def __init__(self) -> None:
        self._flow: _Cells = Counter()
        self._hosts: _Counters = defaultdict(lambda: [0, 0])
        self._addresses: _Counters = defaultdict(lambda: [0] * len(IP.sums))
        self._latency: _Cells = Counter()
        self._host_latency: _Cells = Counter()

    def add(self, batch: Batch) -> None:
        cells = Counter(
            (ms - ms % _MINUTE_MS, zone, pool, provider, action, bounce_class)
            for ms, zone, pool, provider, action, bounce_class in map(_flow, batch.rows)
        )
        self._flow.update(cells)
        for (bucket, zone, _, _, action, bounce_class), n in cells.items():
            counts = self._hosts[bucket, batch.host, zone, action]
            counts[0] += n
            if bounce_class in BLOCKED_CLASSES:
                counts[1] += n
        self._add_attempts(batch)

    def _add_attempts(self, batch: Batch) -> None:
        for row in batch.rows:
            ms, pool, provider, action, bounce_class, source_ip, size, queued_ms, smtp_ms = _attempt(row)
            if action not in _ATTEMPTS:
                continue
            bucket = ms - ms % _MINUTE_MS
            counts = self._addresses[bucket, batch.host, pool, source_ip]
            counts[_COLUMN[action]] += 1
            if action == "delivered":
                counts[_BYTES] += min(max(size or 0, 0), _MAX_SIZE_BYTES)
                if queued_ms is not None:
                    bin_ = bin_of(queued_ms)
                    self._latency[bucket, pool, provider, "queue", bin_] += 1
                    self._host_latency[bucket, batch.host, "queue", bin_] += 1
                if smtp_ms is not None:
                    # By host alone: with pools and providers it would be a third of all partial rows.
                    self._host_latency[bucket, batch.host, "smtp", bin_of(smtp_ms)] += 1
                continue
            if bounce_class in BLOCKED_CLASSES:
                counts[_BLOCKED] += 1
            if (part := _PART.get(bounce_class)) is not None:
                counts[part] += 1

    def rows(self) -> PartialSums:
        return {
            FLOW: [(*key, n) for key, n in self._flow.items()],
            HOST: [(*key, *counts) for key, counts in self._hosts.items()],
            IP: [(*key, *counts) for key, counts in self._addresses.items()],
            LATENCY: [(*key, n) for key, n in self._latency.items()],
            HOST_LATENCY: [(*key, n) for key, n in self._host_latency.items()],
        }
