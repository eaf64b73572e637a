"""The past at start: how thick it is."""

from __future__ import annotations

from collections.abc import Callable

from wildwatch.cli.demo.volume import factors_at

_MINUTE_MS = 60_000
_THINNEST = 0.02


def ramp(start_ms: int, end_ms: int, events_per_s: float, max_events: int) -> Callable[[int], float]:
    """A shape for `Cluster` that keeps `start_ms … end_ms` within about `max_events`.

    Full at the end, so that past and present join without a step, and thinner towards the start where needed.
    """
    minutes = range(start_ms, end_ms, _MINUTE_MS)
    volumes = [(minute, sum(factors_at(minute).values()) * events_per_s * 60) for minute in minutes]
    length = max(end_ms - start_ms, 1)

    def at(time_ms: int, steepness: float) -> float:
        part = min(max((time_ms - start_ms) / length, 0.0), 1.0)
        return max(_THINNEST, 1.0 - steepness * (1.0 - part))

    if sum(volume for _, volume in volumes) <= max_events:
        return lambda _: 1.0
    # The line through (end, 1) that leaves the asked volume, found by halving; steeper lines leave less.
    low, high = 0.0, 1.0 / 0.01
    for _ in range(40):
        steepness = (low + high) / 2
        total = sum(volume * at(minute, steepness) for minute, volume in volumes)
        low, high = (steepness, high) if total > max_events else (low, steepness)
    return lambda time_ms: at(time_ms, high)
