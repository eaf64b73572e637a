"""The folder `var/`: one `up` at a time, and room on its disk."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wildwatch.cli.errors import StartError

MIN_FREE_SHARE = 0.05
"""Below this share of free disk ingest refuses posts, so there is no point in starting."""
_MIN_FREE_BYTES = 500_000_000


@contextmanager
def claimed(var: Path) -> Iterator[None]:
    """Make `var` and hold its lock. Raises `StartError` when another `up` does, or it cannot be written."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        handle = (var / "up.lock").open("a+")
    except OSError as error:
        raise StartError(
            f"{var} cannot be written: {error.strerror}", "Set WILDWATCH_VAR to another folder"
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            pid = handle.read().strip() or "unknown"
            raise StartError(
                f"Wildwatch already runs on {var} (pid {pid})", "Stop that one, or set WILDWATCH_VAR"
            ) from None
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield


def require_room(path: Path) -> None:
    """Raise `StartError` when the disk of `path` is nearly full."""
    disk = shutil.disk_usage(path)
    if disk.free < max(_MIN_FREE_BYTES, disk.total * MIN_FREE_SHARE):
        raise StartError(
            f"The disk of {path} is nearly full: {disk.free / 1e9:.1f} of {disk.total / 1e9:.1f} GB free",
            f"Free some until {MIN_FREE_SHARE:.0%} is free, or set WILDWATCH_VAR to a folder on another disk",
        )


def stream_budget(var: Path, wanted: int) -> int:
    """Disk bytes for the streams: as set, else 30 % of what was free at the first start, then kept."""
    if wanted:
        return wanted
    kept = var / "nats" / "disk-budget"
    try:
        return int(kept.read_text())
    except (FileNotFoundError, ValueError):
        budget = max(shutil.disk_usage(var).free * 3 // 10, 64_000_000)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(f"{budget}\n")
        return budget
