"""As whom the database runs: PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wildwatch.cli.errors import StartError


@dataclass(frozen=True, slots=True)
class Identity:
    """The uid and gid of the database's processes; `drops` when they are not our own."""

    uid: int
    gid: int
    drops: bool

    def run(
        self, command: Sequence[str], *, env: Mapping[str, str] | None = None, timeout_s: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end with its output captured. Never raises for an exit code."""
        return subprocess.run(  # noqa: S603 - the programs are our own installation's
            list(command),
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout_s,
            user=self.uid if self.drops else None,
            group=self.gid if self.drops else None,
            extra_groups=() if self.drops else None,
        )

    def own(self, path: Path) -> None:
        """Give `path` to this identity."""
        if self.drops:
            os.chown(path, self.uid, self.gid)

    def require_way_to(self, path: Path) -> None:
        """Raise `StartError` when a folder on the way to `path` is closed to this identity."""
        if not self.drops:
            return
        for folder in reversed(path.resolve().parents):
            if folder.exists() and not self._may_enter(folder):
                raise StartError(
                    f"The database runs as uid {self.uid} and may not enter {folder}",
                    "Set WILDWATCH_VAR to a folder it may enter, such as /var/lib/wildwatch, "
                    "or run as an ordinary user",
                )

    def _may_enter(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)


def choose(data: Path) -> Identity:
    """Ourselves, or for root the owner of existing data, or `nobody`."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), drops=False)
    if (data / "PG_VERSION").exists() and (status := data.stat()).st_uid != 0:
        return Identity(status.st_uid, status.st_gid, drops=True)
    nobody = pwd.getpwnam("nobody")
    return Identity(nobody.pw_uid, nobody.pw_gid, drops=True)
