"""An unpacked PostgreSQL with TimescaleDB that runs from its own folder, with its own loader."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wildwatch.cli.embedded import cache as cache_folder
from wildwatch.cli.embedded import packages
from wildwatch.cli.errors import StartError

_PROGRAMS = ("postgres", "initdb", "pg_ctl", "psql", "pg_dump", "pg_restore")
_UNWANTED = (
    "./usr/share/man",
    "./usr/share/doc",
    "./usr/share/locale",
    "./etc",
    "./usr/lib/systemd",
    "./usr/lib/*/gconv",
    "*/bitcode",
    "*/llvmjit*",
)

# The server programs find their files relative to the name they are called by, and each other beside it,
# so each wrapper stands where its program stood and passes its own name on.
_WRAPPER = """#!/bin/sh
bin=${{0%/*}}
root=${{bin%/usr/lib/postgresql/{major}/bin}}
exec "$root/{loader}" --library-path "$root/{libraries}" --argv0 "$0" "$bin/../programs/{program}" "$@"
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """Programs are in `bin`. The folder is read-only for whoever runs it, and may be moved."""

    root: Path
    major: int

    @property
    def bin(self) -> Path:
        """Where `postgres`, `initdb`, `pg_ctl`, `psql`, `pg_dump` and `pg_restore` are."""
        return self.root / f"usr/lib/postgresql/{self.major}/bin"

    def works(self) -> bool:
        """Whether the server program starts at all (it names its version)."""
        try:
            said = subprocess.run(  # noqa: S603 - our own installation
                [str(self.bin / "postgres"), "--version"],
                check=False,
                capture_output=True,
                text=True,
                timeout=20,
            )
        except OSError:
            return False
        return said.returncode == 0 and f" {self.major}." in said.stdout


def ensure_installed(
    cache: Path | None = None, say: Callable[[str], None] = lambda _line: None
) -> Installation:
    """The installation in `cache`, fetched when it is not there yet (about 40 MB, once).

    Raises `StartError` where it cannot be had: another distribution, no network, no room.
    """
    cache = cache or cache_folder.folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with cache_folder.locked(cache / "timescaledb.lock"):
            return _present(cache) or _install(cache, say)
    except OSError as error:
        raise StartError(
            f"{cache} cannot be used: {error.strerror}", "Set WILDWATCH_CACHE to a folder you may write to"
        ) from error


def _present(cache: Path) -> Installation | None:
    for root in sorted(cache.glob("timescaledb-pg*"), reverse=True):
        major = root.name.removeprefix("timescaledb-pg").partition("-")[0]
        if major.isdigit() and (installation := Installation(root, int(major))).works():
            return installation
    return None


def _install(cache: Path, say: Callable[[str], None]) -> Installation:
    where = packages.source()
    say(f"Fetching PostgreSQL with TimescaleDB ({where.suite}, about 40 MB, once) into {cache}")
    work = Path(tempfile.mkdtemp(prefix="fetching-", dir=cache))
    try:
        major, archives = packages.fetch(where, work / "apt")
        say(f"Unpacking {len(archives)} packages of PostgreSQL {major}")
        fresh = work / "root"
        fresh.mkdir()
        for archive in archives:
            _unpack(archive, fresh)
        _wrap_programs(fresh, major)
        _open_to_all(fresh)
        candidate = Installation(fresh, major)
        if not candidate.works():
            raise StartError(
                "The unpacked PostgreSQL does not start",
                "Use `docker compose up` or set WILDWATCH_DATABASE_URL",
            )
        final = cache / f"timescaledb-pg{major}-{where.suite}"
        if final.exists():  # it did not work, or we would not be here
            shutil.rmtree(final)
        fresh.rename(final)
        return Installation(final, major)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _unpack(archive: Path, into: Path) -> None:
    tar = ["tar", "-x", "-C", str(into), "--keep-directory-symlink", "--no-same-owner"]
    with subprocess.Popen(  # noqa: S603 - fixed program
        ["dpkg-deb", "--fsys-tarfile", str(archive)],  # noqa: S607 - found on PATH, checked before
        stdout=subprocess.PIPE,
    ) as opened:
        unpacked = subprocess.run(  # noqa: S603 - fixed program
            [*tar, *(f"--exclude={pattern}" for pattern in _UNWANTED)],
            check=False,
            stdin=opened.stdout,
            capture_output=True,
            text=True,
        )
    if opened.returncode or unpacked.returncode:
        reason = (unpacked.stderr.strip().splitlines() or ["dpkg-deb failed"])[-1]
        raise StartError(f"{archive.name} could not be unpacked: {reason}", "Check the free disk space")


def _wrap_programs(root: Path, major: int) -> None:
    bin_folder = root / f"usr/lib/postgresql/{major}/bin"
    programs = bin_folder.parent / "programs"
    programs.mkdir()
    loader = next(
        (
            p
            for pattern in ("usr/lib64/ld-linux-*.so.?", "usr/lib/ld-linux-*.so.?")
            for p in root.glob(pattern)
        ),
        None,
    )
    libraries = next(root.glob("usr/lib/*-linux-gnu"), None)
    if loader is None or libraries is None:
        raise StartError("The fetched packages lack the C library", "Remove the cache folder and start again")
    for program in _PROGRAMS:
        shutil.move(bin_folder / program, programs / program)
        wrapper = bin_folder / program
        wrapper.write_text(
            _WRAPPER.format(
                major=major,
                loader=loader.relative_to(root),
                libraries=libraries.relative_to(root),
                program=program,
            )
        )
        wrapper.chmod(0o755)


def _open_to_all(root: Path) -> None:
    """The server may run as another uid than the one that unpacked it."""
    root.chmod(0o755)
    for folder, folders, files in os.walk(root):
        for name in [*folders, *files]:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
