"""Secrets of the embedded servers: made once, kept in files that only their owner may read."""

from __future__ import annotations

import os
import secrets as randomness
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], str] = lambda: randomness.token_urlsafe(24)) -> str:
    """The secret in `path`; made and written (mode 0600, atomically) when there is none yet."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        value = make()
        write_private(path, value + "\n")
        return value


def write_private(path: Path, text: str) -> None:
    """Replace `path` atomically by `text`, readable by its owner alone from the first byte."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
