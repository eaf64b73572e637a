"""Free ports on the loopback, and who holds a busy one."""

from __future__ import annotations

import socket
from pathlib import Path

from wildwatch.cli.errors import StartError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int, address: str = LOOPBACK) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
        return True


def require_free(port: int, what: str, setting: str, address: str = LOOPBACK) -> None:
    """Raise `StartError`, naming the process that holds `port` where that can be known."""
    if port == 0 or is_free(port, address):
        return
    holder = holder_of(port)
    by = f" by {holder}" if holder else ""
    raise StartError(f"Port {port} for {what} is taken{by}", f"Stop that, or set {setting} to another port")


def holder_of(port: int) -> str | None:
    """`name (pid)` of the process listening on `port`, as far as this user may see."""
    inodes = _listening_inodes(port)
    if not inodes:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        try:
            links = [str(handle.readlink()) for handle in (process / "fd").iterdir()]
        except OSError:
            continue
        if any(link in inodes for link in links):
            return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
    return None


def _listening_inodes(port: int) -> set[str]:
    inodes: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in (line.split() for line in lines):
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    return inodes
