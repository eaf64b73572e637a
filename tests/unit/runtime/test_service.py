"""The frame of every service: how it starts, says what it waits for, and ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.fixtures.processes import free_port

DUMMY = Path(__file__).with_name("dummy.py")


class Running:
    """The dummy under its own process id."""

    def __init__(self, way: str, log: Path, **environ: str) -> None:
        self.port = free_port()
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(DUMMY), way], stdout=output, stderr=output,
                env={"PATH": os.environ["PATH"], "WILDWATCH_HEALTH_LISTEN_PORT": str(self.port), **environ},
            )  # fmt: skip

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def wait_said(self, event: str) -> None:
        deadline = time.monotonic() + 20
        while f'"event":"{event}"' not in self.log.read_text():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Running] = []

    def make(way: str, **environ: str) -> Running:
        started.append(Running(way, tmp_path / f"{len(started)}.log", **environ))
        return started[-1]

    yield make
    for running in started:
        running.process.kill()
        running.process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_drains_and_ends_with_0(start: Start, number: int) -> None:
    running = start("drain")
    running.wait_said("service_started")
    assert running.stop(number) == 0
    events = [json.loads(line)["event"] for line in running.log.read_text().splitlines()]
    assert events[-3:] == ["service_stopping", "drained", "service_stopped"]


def test_while_it_stops_it_is_not_ready(start: Start) -> None:
    running = start("hang", WILDWATCH_SERVICE_SHUTDOWN_GRACE_S="2")
    running.wait_said("service_started")
    assert running.get("/readyz")[0] == 200
    running.process.send_signal(signal.SIGTERM)
    running.wait_said("service_stopping")
    status, body = running.get("/readyz")
    assert (status, json.loads(body)["waitingFor"]) == (503, {"stop": "the service is stopping"})


def test_one_that_hangs_is_ended_after_its_grace_with_1(start: Start) -> None:
    running = start("hang", WILDWATCH_SERVICE_SHUTDOWN_GRACE_S="0.5")
    running.wait_said("service_started")
    began = time.monotonic()
    assert running.stop() == 1
    assert 0.4 < time.monotonic() - began < 5
    assert "shutdown_grace_exceeded" in running.log.read_text()


@pytest.mark.parametrize("way", ["fail-at-start", "fail-later"])
def test_one_that_fails_ends_with_1_and_says_why(start: Start, way: str) -> None:
    running = start(way)
    if way == "fail-later":
        running.wait_said("service_started")
        assert running.stop() == 1
    assert running.process.wait(20) == 1
    [failed] = [line for line in running.log.read_text().splitlines() if "service_failed" in line]
    assert "RuntimeError" in json.loads(failed)["exception"]


def test_one_whose_work_ends_by_itself_ends_with_0(start: Start) -> None:
    assert start("end-early").process.wait(20) == 0


def test_wrong_settings_end_with_2_and_name_every_mistake(start: Start) -> None:
    running = start("x", WILDWATCH_LOG_LEVEL="loud", WILDWATCH_SERVICE_SHUTDOWN_GRACE_S="soon")
    assert running.process.wait(20) == 2
    text = running.log.read_text()
    assert "WILDWATCH_LOG_LEVEL" in text
    assert "WILDWATCH_SERVICE_SHUTDOWN_GRACE_S" in text
    assert "Traceback" not in text


def test_a_taken_health_port_is_said_and_ends_with_1(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = start("drain", WILDWATCH_HEALTH_LISTEN_PORT=str(taken.getsockname()[1]))
        assert running.process.wait(20) == 1
    text = running.log.read_text()
    assert "WILDWATCH_HEALTH_LISTEN_PORT" in text
    assert "Traceback" not in text


def test_readyz_says_what_it_waits_for(start: Start) -> None:
    running = start("waiting")
    running.wait_said("service_started")
    status, body = running.get("/readyz")
    assert status == 503
    assert json.loads(body) == {
        "ready": False, "waitingFor": {"nats": "the event stream cannot be reached"},
    }  # fmt: skip
    assert running.get("/livez") == (200, b'{"alive": true}')
    status, metrics = running.get("/metrics")
    assert status == 200
    assert b"process_resident_memory_bytes" in metrics
    assert running.get("/elsewhere")[0] == 404


def test_logs_are_one_json_object_a_line_with_service_level_and_time(start: Start) -> None:
    running = start("end-early")
    running.process.wait(20)
    for line in running.log.read_text().splitlines():
        record = json.loads(line)
        assert record["service"] == "dummy"
        assert record["level"] == "info"
        assert record["timestamp"].endswith("Z")
