"""Checks of this machine: Python, Node, disks, clock."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from wildwatch.cli.checks.result import Result, failed, passed, warned

_WARN_FREE_SHARE = 0.15
_FAIL_FREE_SHARE = 0.05
_NODE_MAJOR = 20
_MIN_PYTHON = (3, 11)


def python() -> Result:
    """Python is new enough."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _MIN_PYTHON:
        return failed("python", found, "Install Python 3.11 or newer")
    return passed("python", found)


def node(node: str = "node") -> Result:
    """Node is there and new enough; only building the page needs it."""
    program = shutil.which(node)
    said = ""
    if program is not None:
        asked = [program, "--version"]
        said = subprocess.run(asked, check=False, capture_output=True, text=True).stdout.strip()  # noqa: S603 # our own question to a program of the system
    match = re.match(r"v(\d+)\.", said)
    if match and int(match[1]) >= _NODE_MAJOR:
        return passed("node", said.removeprefix("v"))
    mend = f"Install Node {_NODE_MAJOR} or newer; only building the page needs it"
    return warned("node", said or "not found", mend)


def disks(folders: dict[str, Path]) -> list[Result]:
    """Free room of the volume of each folder, a volume once."""
    results, seen = [], set()
    for name, folder in folders.items():
        if not folder.exists() or (device := folder.stat().st_dev) in seen:
            continue
        seen.add(device)
        disk = shutil.disk_usage(folder)
        share = disk.free / disk.total
        found = f"{folder}: {disk.free / 1e9:.1f} GB free ({share:.0%})"
        if share < _FAIL_FREE_SHARE:
            mend = "Free some: below 5 % ingest refuses posts; then restart nats-server if it stopped storing"
            results.append(failed(f"disk of {name}", found, mend))
        elif share < _WARN_FREE_SHARE:
            results.append(warned(f"disk of {name}", found, "Free some disk, or shorten the retention"))
        else:
            results.append(passed(f"disk of {name}", found))
    return results


def folder_is_private(secrets: Path) -> Result:
    """Secrets are readable by their owner alone."""
    if not secrets.exists():
        return warned("secrets", f"{secrets} is missing", "Start once by `make run`")
    open_files = [str(path) for path in secrets.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    if open_files:
        return failed(
            "secrets", f"{open_files[0]} may be read by others", f"chmod 600 {' '.join(open_files)}"
        )
    if not os.access(secrets, os.R_OK):
        return failed("secrets", f"{secrets} cannot be read", "Run as the user that started Wildwatch")
    return passed("secrets", f"{secrets} is private")


def clock(offset_s: float, against: str) -> Result:
    """Our clock agrees with another one."""
    found = f"{offset_s:+.1f} s against {against}"
    if abs(offset_s) > 60:
        return failed("clock", found, "Set the clock, and let chrony or systemd-timesyncd keep it")
    if abs(offset_s) > 2:
        return warned("clock", found, "Let chrony or systemd-timesyncd keep the clock")
    return passed("clock", found)
