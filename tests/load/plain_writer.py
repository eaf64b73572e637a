"""The writer without rollups, to measure what they cost: `python -m tests.load.plain_writer`."""

from __future__ import annotations

from wildwatch.writer import committer, main


def _none(_: object) -> dict[object, object]:
    return {}


if __name__ == "__main__":
    committer.partial_sums = _none  # type: ignore[assignment] # the one place that knows of them
    main.main()
