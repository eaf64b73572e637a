"""Nothing happens at import: every module is loaded with sockets, processes, threads and writing shut."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

SHUT = """
import builtins, importlib, os, signal, socket, subprocess, sys, threading
import asyncio, logging

modules = sys.stdin.read().split()
# What they stand on may do at import what it likes.
import aiohttp.web, asyncpg, litestar, msgspec, nats, prometheus_client, structlog, typer, uvloop, zstandard

failures = []
module = ""

def allowed(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        writing = isinstance(mode, str) and set(mode) & set("wax+")
        if not writing or str(path).endswith(".pyc") or "__pycache__" in str(path):
            return True
    return False

WATCHED = {
    "open", "socket.__new__", "socket.connect", "socket.bind", "subprocess.Popen", "os.system", "os.fork",
    "os.mkdir", "os.remove", "os.rename", "os.putenv", "signal.signal", "os.kill", "urllib.Request",
}

import traceback

def hook(event, arguments):
    if module and event in WATCHED and not allowed(event, arguments):
        frames = [f.filename for f in traceback.extract_stack()]
        if any("/src/wildwatch/" in name for name in frames):
            failures.append(f"{module}: {event} {arguments!r}")

sys.addaudithook(hook)
environ = dict(os.environ)
handlers = list(logging.getLogger().handlers)
for module in modules:
    threads = set(threading.enumerate())
    importlib.import_module(module)
    if set(threading.enumerate()) - threads:
        failures.append(f"{module}: started a thread")
    if dict(os.environ) != environ:
        failures.append(f"{module}: changed the environment")
    if logging.getLogger().handlers != handlers:
        failures.append(f"{module}: set up logging")
module = ""
print("\\n".join(failures))
"""


def modules() -> list[str]:
    found = []
    for source in sorted(ROOT.glob("libs/*/src")) + sorted(ROOT.glob("services/*/src")):
        for path in sorted(source.rglob("*.py")):
            parts = path.relative_to(source).with_suffix("").parts
            if parts[-1] != "__main__":
                found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def test_importing_anything_does_nothing() -> None:
    assert len(modules()) > 100
    done = subprocess.run(
        [sys.executable, "-c", SHUT], input="\n".join(modules()), check=False, capture_output=True, text=True,
        timeout=100, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == ""
    assert done.stderr.strip() == ""


def test_contracts_load_without_anything_but_msgspec() -> None:
    """Tools outside depend on contracts alone."""
    program = (
        "import sys; before = set(sys.modules)\n"
        "import wildwatch.contracts.mail, wildwatch.contracts.messages\n"
        "import wildwatch.contracts.post, wildwatch.contracts.streams\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*(new - sys.stdlib_module_names))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert set(done.stdout.split()) - {"typing_extensions"} == {"msgspec", "wildwatch"}  # msgspec's own
