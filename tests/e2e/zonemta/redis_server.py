"""A private redis-server: the host's own, else the distribution's package unpacked into the cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from wildwatch.cli.embedded import cache

_FETCH_TIMEOUT_S = 300
_NEEDED = re.compile(r"^Inst (lib\S+|redis-server|redis-tools|lua-\S+)", re.MULTILINE)


def command() -> tuple[list[str], dict[str, str]]:
    """The program and the environment it needs; RuntimeError, naming the package, when there is no way."""
    if installed := shutil.which("redis-server"):
        return [installed], {}
    target = cache.folder() / "redis"
    with cache.locked(target.with_suffix(".lock")):
        if not (target / "usr/bin/redis-server").exists():
            _fetch(target)
    libraries = [str(path) for path in (target / "usr/lib").glob("*-linux-gnu*")]
    return [str(target / "usr/bin/redis-server")], {"LD_LIBRARY_PATH": os.pathsep.join(libraries)}


def _fetch(target: Path) -> None:
    work = target.with_suffix(".fetching")
    shutil.rmtree(work, ignore_errors=True)
    (work / "root").mkdir(parents=True)
    plan = _run(["apt-get", "-s", "--no-install-recommends", "install", "redis-server"], work)
    _run(["apt-get", "-q", "-oAPT::Sandbox::User=root", "download", *_NEEDED.findall(plan)], work)
    for package in work.glob("*.deb"):
        _run(["dpkg-deb", "-x", str(package), str(work / "root")], work)
    shutil.rmtree(target, ignore_errors=True)
    (work / "root").rename(target)
    shutil.rmtree(work)


def _run(arguments: list[str], cwd: Path) -> str:
    try:
        done = subprocess.run(
            arguments,
            cwd=cwd,
            check=True,
            capture_output=True,
            text=True,
            timeout=_FETCH_TIMEOUT_S,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()[-1:]
        raise RuntimeError(
            f"redis-server is neither installed nor to be had: {said}. "
            "Install the package redis-server, or run apt-get update so that it can be fetched"
        ) from error
    return done.stdout
