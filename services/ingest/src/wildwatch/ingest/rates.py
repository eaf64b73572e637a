"""How fast one key may send: a token bucket of events a key."""

from __future__ import annotations

from collections.abc import Callable

from wildwatch.ingest.problems import Kind, Refusal
from wildwatch.ingest.settings import IngestSettings


class Rates:
    """One bucket a key that has posted; bounded by the number of keys."""

    def __init__(self, settings: IngestSettings, monotonic: Callable[[], float]) -> None:
        self._per_s = settings.max_events_per_key_per_s
        self._burst = settings.max_events_per_key_per_s * settings.rate_burst_s
        self._monotonic = monotonic
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str, events: int) -> None:
        """Take `events` tokens. Raises `Refusal` 429 that says when there will be enough."""
        now = self._monotonic()
        tokens, at = self._buckets.get(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._per_s)
        # A post larger than the whole burst must still be possible, once the bucket is full.
        needed = min(events, self._burst)
        if tokens < needed:
            self._buckets[key] = (tokens, now)
            raise Refusal(
                Kind.TOO_FAST,
                f"{self._per_s} events a second are the most",
                retry_after_s=(needed - tokens) / self._per_s,
            )
        self._buckets[key] = (tokens - events, now)
