"""Fetches the packages of a PostgreSQL with TimescaleDB from the distribution's own mirror.

apt does the work in a private folder: it resolves the closure against an empty dpkg status and verifies
every hash up to the archive's signature. Nothing is installed and root is not needed.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wildwatch.cli.errors import StartError

_COMPOSE = (
    "Use `docker compose up`, or set WILDWATCH_DATABASE_URL to a PostgreSQL with the timescaledb extension"
)

_DEBIAN_SUITES = {"bookworm": "trixie", "trixie": "trixie", "forky": "forky", "sid": "sid"}
_UBUNTU_SUITES = {"jammy": "resolute", "noble": "resolute"}
"""Where the running suite has no TimescaleDB of its own, the next one that has; else the suite itself."""

_NOT_NEEDED = re.compile(r"lib(llvm|clang|z3-|perl|proc2|gdbm|sem|ncurses|text|jansson|gcc-s1-dev)")
"""Parts of the closure the server never loads: the JIT, perl for the cluster tools, and company."""
_NEEDED = re.compile(r"(lib.*|zlib1g|postgresql-\d+|postgresql-client-\d+|postgresql-\d+-timescaledb)")

_FETCH_TIMEOUT_S = 600


@dataclass(frozen=True, slots=True)
class Source:
    """Where the packages come from: an archive, a suite of it and the keyring that signs it."""

    mirror: str
    suite: str
    components: str
    keyring: Path


def source(os_release: Path = Path("/etc/os-release")) -> Source:
    """The source for this host, its mirror read from the host's own apt configuration."""
    release = _read_os_release(os_release)
    family = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    if missing := [tool for tool in ("apt-get", "apt-cache", "dpkg-deb") if shutil.which(tool) is None]:
        raise StartError(f"TimescaleDB cannot be fetched here: no {', '.join(missing)}", _COMPOSE)
    if platform.machine() not in {"x86_64", "aarch64"}:
        raise StartError(f"TimescaleDB is not packaged for {platform.machine()}", _COMPOSE)
    codename = release.get("VERSION_CODENAME", "")
    if "ubuntu" in family:
        codename = release.get("UBUNTU_CODENAME", codename)
        suite, components, keyring = _UBUNTU_SUITES.get(codename, codename), "main universe", "ubuntu"
    elif "debian" in family:
        suite, components, keyring = _DEBIAN_SUITES.get(codename, ""), "main", "debian"
    else:
        suite = ""
    if not suite:
        name = release.get("PRETTY_NAME", "this system")
        raise StartError(f"TimescaleDB cannot be fetched on {name}: no suite known for it", _COMPOSE)
    key = Path(f"/usr/share/keyrings/{keyring}-archive-keyring.gpg")
    if not key.exists():
        raise StartError(f"{key} is missing", f"Install {keyring}-archive-keyring, then start again")
    return Source(_mirror(keyring), suite, components, key)


def fetch(where: Source, work: Path) -> tuple[int, list[Path]]:
    """Download the closure into `work`; returns PostgreSQL's major version and the .deb files."""
    options = _private_apt(where, work)
    _apt(["apt-get", *options, "update"], f"reading the package index of {where.suite}")
    names = _apt(["apt-cache", *options, "pkgnames", "postgresql-"], "listing packages")
    majors = [int(m[1]) for m in re.finditer(r"^postgresql-(\d+)-timescaledb$", names, re.MULTILINE)]
    if not majors:
        raise StartError(f"{where.mirror} {where.suite} carries no postgresql-NN-timescaledb", _COMPOSE)
    major = max(majors)
    plan = _apt(
        ["apt-get", *options, "-s", "install", f"postgresql-{major}-timescaledb"], "resolving dependencies"
    )
    wanted = [
        name
        for name in re.findall(r"^Inst (\S+)", plan, re.MULTILINE)
        if _NEEDED.fullmatch(name) and not _NOT_NEEDED.match(name)
    ]
    archives = work / "cache/archives"
    _apt(["apt-get", *options, "download", *wanted], "downloading packages", cwd=archives)
    return major, sorted(archives.glob("*.deb"))


def _private_apt(where: Source, work: Path) -> list[str]:
    etc = work / "etc"
    for part in ("lists/partial", "cache/archives/partial"):
        (work / part).mkdir(parents=True)
    for part in ("preferences.d", "apt.conf.d", "trusted.gpg.d"):
        (etc / part).mkdir(parents=True)
    (work / "status").touch()
    (etc / "sources.list").write_text(
        f"deb [signed-by={where.keyring}] {where.mirror} {where.suite} {where.components}\n"
    )
    settings = {
        "Dir::Etc": etc,
        "Dir::State": work,
        "Dir::State::status": work / "status",
        "Dir::Cache": work / "cache",
        "Acquire::Languages": "none",
        "Acquire::Retries": 3,
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
        "Debug::NoLocking": 1,
    }
    return ["-q", *(f"-o{name}={value}" for name, value in settings.items())]


def _apt(command: Sequence[str], doing: str, cwd: Path | None = None) -> str:
    result = subprocess.run(  # noqa: S603 - fixed programs, arguments without a shell
        list(command),
        check=False,
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_FETCH_TIMEOUT_S,
    )
    if result.returncode:
        said = [line for line in result.stderr.splitlines() if line.startswith(("E:", "W:"))]
        reason = said[-1] if said else f"{command[0]} exited with {result.returncode}"
        raise StartError(
            f"Fetching TimescaleDB failed while {doing}: {reason}", f"Try again when online. {_COMPOSE}"
        )
    return result.stdout


def _mirror(distribution: str) -> str:
    listing = _apt(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
        "reading apt's sources",
    )
    ending = re.compile(r"/debian/?" if distribution == "debian" else r"/ubuntu(-ports)?/?")
    for address in listing.split():
        if ending.search(address) and "security" not in address:
            return address
    if distribution == "debian":
        return "http://deb.debian.org/debian"
    ports = platform.machine() != "x86_64"
    return "http://ports.ubuntu.com/ubuntu-ports" if ports else "http://archive.ubuntu.com/ubuntu"


def _read_os_release(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name: value.strip().strip('"') for name, value in pairs}
