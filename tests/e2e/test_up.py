"""`wildwatch up`: one command starts everything, keeps it running, and ends it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import psutil
import pytest
from tests.fixtures.road import delivered, post_body

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

_PORTS = ("DASHBOARD", "INGEST", "NATS", "NATS_MONITOR", "POSTGRES", "HEALTH")
_READY_S = 60


class Up:
    """One `wildwatch up` on a folder of its own, on free ports."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.output = var.parent / "up.out"
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self, **settings: str) -> dict[str, str]:
        free = {f"WILDWATCH_{name}_PORT": "0" for name in _PORTS}
        return {
            **os.environ, "WILDWATCH_VAR": str(self.var), "WILDWATCH_NATS_DISK": "1000000000",
            **free, **settings,
        }  # fmt: skip

    def start(self, **settings: str) -> float:
        """Until it says that it runs; returns the seconds that took."""
        began = time.monotonic()
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wildwatch.cli.main", "up"],
                env=self.environment(**settings), stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.wait_said("Ctrl-C stops everything")
        return time.monotonic() - began

    def said(self) -> str:
        return self.output.read_text()

    def wait_said(self, pattern: str) -> None:
        _until(lambda: self._ended() or re.search(pattern, self.said()), f"{pattern!r} in the output")
        assert re.search(pattern, self.said()), self.said()

    def local(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.var / "local.json").read_text())
        return document

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Signal it; returns the seconds until it ended, which it must do with exit code 0."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(40) == 0, self.said()
        return time.monotonic() - began

    def service(self, name: str) -> psutil.Process:
        """The child that runs `wildwatch.<name>.main`."""
        return self._child(f"wildwatch.{name}.main")

    def nats_server(self) -> psutil.Process:
        """The child that is the embedded nats-server."""
        return self._child(str(self.var / "nats/nats.conf"))

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def _child(self, argument: str) -> psutil.Process:
        for child in psutil.Process(self.pid).children():
            if argument in child.cmdline():
                return child
        raise AssertionError(f"no child was started with {argument}")

    def leftovers(self) -> list[str]:
        """Command lines of processes that still work on the folder."""
        found = []
        for process in psutil.process_iter(["cmdline", "environ", "status"]):
            line = " ".join(process.info["cmdline"] or [])
            told = (process.info["environ"] or {}).get("WILDWATCH_VAR") == str(self.var)
            if process.pid != os.getpid() and (str(self.var) in line or told):
                found.append(line)
        return found

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop()

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


@pytest.fixture
def up(servers_folder: Path) -> Iterator[Up]:
    folder = servers_folder / f"up-{time.monotonic_ns()}"
    folder.mkdir()
    running = Up(folder / "var")
    yield running
    running.end()
    shutil.rmtree(folder)


async def test_everything_runs_and_the_second_start_is_quick_and_keeps_the_data(up: Up) -> None:
    up.start()
    local = up.local()
    assert stat.S_IMODE((up.var / "local.json").stat().st_mode) == 0o600
    assert await _post(local) == 202
    await _wait_rows(local["database_url"], 2)

    assert up.stop(signal.SIGINT) < 25
    assert up.leftovers() == []
    assert not (up.var / "local.json").exists()

    # Ten seconds on a machine that does nothing else; on a busy one its own share of the time.
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert up.start() < 10 * busy
    again = up.local()
    assert again["ingest_key"] == local["ingest_key"]
    await _wait_rows(again["database_url"], 2)
    assert await _post(again) == 202
    await _wait_rows(again["database_url"], 4)
    up.stop()


async def test_what_dies_is_started_again_and_said(up: Up) -> None:
    up.start()
    local = up.local()
    up.service("writer").send_signal(signal.SIGKILL)
    up.wait_said(r"writer ended \(SIGKILL.*starting it again")
    up.nats_server().send_signal(signal.SIGKILL)
    up.wait_said("The NATS server ended by itself")
    await _post_until_taken(local)
    await _wait_rows(local["database_url"], 2)
    assert up.stop() < 25


def test_a_second_one_on_the_same_folder_is_refused(up: Up) -> None:
    up.start()
    second = _run(up, "up")
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"already runs on {up.var} (pid {up.pid})" in second.stderr
    assert _run(up, "status").stdout.split() == ["ingest", "ready", "writer", "ready", "api", "ready"]


def test_killed_itself_it_leaves_nothing_that_hinders_the_next_start(up: Up) -> None:
    up.start()
    assert up.process is not None
    up.process.kill()
    up.process.wait()
    assert up.start() < 20
    up.stop()
    assert up.leftovers() == []


def test_a_busy_port_is_said_with_its_holder_and_the_mend(up: Up) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        refused = _run(up, "up", WILDWATCH_INGEST_PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"Port {port} for ingest is taken by " in refused.stderr
    assert f"(pid {os.getpid()})" in refused.stderr
    assert "WILDWATCH_INGEST_PORT" in refused.stderr


def test_a_wrong_setting_is_named(up: Up) -> None:
    refused = _run(up, "up", WILDWATCH_DASHBOARD_PORT="eighty", WILDWATCH_NATS_REPLICAS="9")
    assert refused.returncode == 1
    assert "WILDWATCH_DASHBOARD_PORT" in refused.stderr
    assert "WILDWATCH_NATS_REPLICAS" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_keys_and_doctor_on_what_runs(up: Up) -> None:
    up.start()
    made = _run(up, "key", "add", "--host", "MTA1.example.net", "--network", "192.0.2.0/24")
    key = made.stdout.strip()
    assert key.startswith("ww_")
    listed = _run(up, "key", "list").stdout
    prefix = key[:11]
    assert re.search(
        rf"^{prefix} +mta1\.example\.net +mail,directives +192\.0\.2\.0/24 +valid", listed, re.MULTILINE
    )
    assert key not in listed
    assert _run(up, "key", "revoke", prefix).returncode == 0
    assert _run(up, "key", "revoke", prefix).returncode == 1

    sound = _run(up, "doctor", "--json")
    results = {result["check"]: result for result in json.loads(sound.stdout)}
    assert sound.returncode == 0, sound.stdout
    assert {"python", "database", "migrations", "locks", "nats", "stream MAIL", "writer"} <= results.keys()

    frozen = up.service("api")
    frozen.suspend()
    sick = _run(up, "doctor")
    frozen.resume()
    assert sick.returncode == 1
    assert "FAIL  api: does not answer" in sick.stdout
    up.stop()


def _run(up: Up, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "wildwatch.cli.main", *arguments],
        check=False, env=up.environment(**settings), capture_output=True, text=True, timeout=60,
    )  # fmt: skip


async def _post(local: dict[str, Any]) -> int:
    body = post_body([delivered(1), delivered(2)], host=local["ingest_host"])
    headers = {"Authorization": f"Bearer {local['ingest_key']}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as client:
        url = f"{local['ingest_url']}/v1/events/mail"
        async with client.post(url, data=body, headers=headers) as answer:
            return answer.status


async def _post_until_taken(local: dict[str, Any]) -> None:
    deadline = time.monotonic() + 30
    while (status := await _post(local)) != 202:
        assert time.monotonic() < deadline, f"still {status}"


async def _wait_rows(url: str, wanted: int) -> None:
    connection = await asyncpg.connect(url)
    deadline = time.monotonic() + 20
    try:
        while (found := await connection.fetchval("SELECT count(*) FROM mail_event")) < wanted:
            assert time.monotonic() < deadline, f"{found} of {wanted} rows"
    finally:
        await connection.close()
    assert found == wanted


def _until(is_true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + _READY_S
    while not is_true():
        assert time.monotonic() < deadline, f"waited {_READY_S} s for {what}"
        time.sleep(0.05)
