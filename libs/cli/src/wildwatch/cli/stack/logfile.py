"""What a child writes, kept in a file of bounded size."""

from __future__ import annotations

from pathlib import Path

MAX_BYTES = 10_000_000
KEPT = 3
"""`name.log` and this many older parts, so a child's log never takes more than (KEPT + 1) times MAX_BYTES."""


class RotatingLog:
    """Appends bytes to `path`; when it is full it becomes `path.1` and the oldest part is forgotten."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._max_bytes = max_bytes
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")

    def write(self, data: bytes) -> None:
        """Append and make visible at once."""
        if self._file.tell() + len(data) > self._max_bytes:
            self._rotate()
        self._file.write(data)
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def tail(self, lines: int = 5, most: int = 4_000) -> list[str]:
        """The last few lines."""
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - most))
            return file.read().decode(errors="replace").splitlines()[-lines:]

    def _rotate(self) -> None:
        self._file.close()
        for number in range(KEPT, 0, -1):
            newer = self.path if number == 1 else self.path.with_name(f"{self.path.name}.{number - 1}")
            if newer.exists():
                newer.replace(self.path.with_name(f"{self.path.name}.{number}"))
        self._file = self.path.open("ab")
