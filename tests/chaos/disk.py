"""A small file system that a test may fill."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

WITHOUT_MOUNT = "WILDWATCH_TEST_WITHOUT_MOUNT"


class SmallDisk:
    """A tmpfs mounted on `path`, and a ballast that takes and gives room."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    @property
    def free_bytes(self) -> int:
        return shutil.disk_usage(self.path).free

    def leave(self, n_bytes: int) -> None:
        """Take room until only so much is left."""
        with self._ballast.open("ab") as ballast:
            while (surplus := self.free_bytes - n_bytes) > 0:
                ballast.write(bytes(min(surplus, 1_000_000)))
                ballast.flush()

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(path: Path, n_bytes: int) -> Iterator[SmallDisk]:
    """Mount it; without root the test fails and says so, unless `WILDWATCH_TEST_WITHOUT_MOUNT` is set."""
    if os.geteuid() != 0:
        if os.environ.get(WITHOUT_MOUNT):
            pytest.skip(f"no root to mount a small disk, and {WITHOUT_MOUNT} allows to go without")
        pytest.fail(f"mounting a small disk needs root; set {WITHOUT_MOUNT}=1 to go without this test")
    path.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={n_bytes},mode=755", "wildwatch-test", str(path)], check=True
    )
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)
