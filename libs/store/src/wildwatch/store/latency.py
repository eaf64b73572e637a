"""Logarithmic bins for times in milliseconds: two to a doubling, exact below four.

Sums of bins over any range and group give percentiles; what is interpolated within a bin is off by a few
percent, and by a third at the very most.
"""

from __future__ import annotations

from collections.abc import Mapping


def bin_of(ms: int) -> int:
    """The bin of a time; negative times count as 0."""
    if ms < 4:
        return max(ms, 0)
    octave = ms.bit_length()
    return ((octave - 1) << 1) + ((ms >> (octave - 2)) & 1)


def bounds_ms(bin_: int) -> tuple[int, int]:
    """`[from, to)` of a bin, milliseconds."""
    if bin_ < 4:
        return bin_, bin_ + 1
    octave = (bin_ >> 1) + 1
    width = 1 << (octave - 2)
    start = (1 << (octave - 1)) + (bin_ & 1) * width
    return start, start + width


def percentile_ms(counts: Mapping[int, int], share: float) -> float | None:
    """The time below which `share` (0 to 1) of `counts` (bin → n) lie, or None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    rank = share * total
    seen = 0
    for bin_ in sorted(counts):
        n = counts[bin_]
        if seen + n >= rank:
            start, end = bounds_ms(bin_)
            return start + (end - start) * max(0.0, rank - seen) / n
        seen += n
    return float(bounds_ms(max(counts))[1])
