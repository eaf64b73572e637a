"""ZoneMTA from npm, exactly as the lock file beside this says, once into the cache."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from wildwatch.cli.embedded import cache

_HERE = Path(__file__).parent
_FILES = ("package.json", "package-lock.json", ".npmrc")
_INSTALL_TIMEOUT_S = 600


def ensure_installed() -> Path:
    """The folder of the installed `@zone-eu/zone-mta`; RuntimeError when Node or npm is missing or fails."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise RuntimeError(f"{tool} is missing: install Node.js 20 or newer")
    digest = hashlib.sha256(b"".join((_HERE / name).read_bytes() for name in _FILES)).hexdigest()[:16]
    target = cache.folder() / f"zonemta-{digest}"
    package = target / "node_modules/@zone-eu/zone-mta"
    with cache.locked(target.with_suffix(".lock")):
        if not (target / "complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            for name in _FILES:
                shutil.copy(_HERE / name, target)
            _npm_ci(target)
            (target / "complete").touch()
    return package


def _npm_ci(folder: Path) -> None:
    # no scripts: the one package that has any builds an optional tracing probe
    done = subprocess.run(
        ["npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=_INSTALL_TIMEOUT_S,
    )
    if done.returncode:
        raise RuntimeError(f"npm ci failed for ZoneMTA:\n{done.stderr[-2000:]}")
