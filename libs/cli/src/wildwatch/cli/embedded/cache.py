"""Where fetched server programs are kept, shared by every checkout of one user."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def folder(environ: dict[str, str] | None = None) -> Path:
    """`WILDWATCH_CACHE`, else the user's cache folder; for root one that another uid may read."""
    env = os.environ if environ is None else environ
    if chosen := env.get("WILDWATCH_CACHE"):
        return Path(chosen).expanduser().resolve()
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root, and nobody may enter /root
        return Path("/var/cache/wildwatch")
    base = env.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().resolve() / "wildwatch"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold `path` as an exclusive lock; a second process waits, so a fetch happens once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
