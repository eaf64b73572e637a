"""One program of the test bed: started with its own log, awaited by its port, ended with its children."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from wildwatch.cli.embedded.lifetime import bound_to_parent

POLL_S = 0.02


class Program:
    """A process in a session of its own; `stop` and `kill` also end what it started."""

    def __init__(self, command: list[str], log: Path, env: dict[str, str] | None = None) -> None:
        self._command = command
        self._env = env or {}
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._children: list[psutil.Process] = []

    def start(self, is_ready: Callable[[], bool], timeout_s: float = 60) -> None:
        """Returns when `is_ready`; raises RuntimeError or TimeoutError with the end of its log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                bound_to_parent(self._command),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **self._env},
                start_new_session=True,
            )
        process = self._process

        def ready_or_dead() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"{self._command[0]} ended with {process.returncode}:\n{self.tail()}")
            return is_ready()

        wait_until(ready_or_dead, timeout_s, lambda: f"{self._command[0]} is not ready:\n{self.tail()}")

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None, "not started"
        return self._process.pid

    def children(self) -> list[psutil.Process]:
        """What it has started and still runs."""
        return list(psutil.Process(self.pid).children(recursive=True))

    def stop(self, timeout_s: float = 20) -> int:
        """SIGTERM to the process alone; waits for it and its children. Returns the exit status."""
        return self._end(signal.SIGTERM, timeout_s)

    def kill(self, timeout_s: float = 20) -> int:
        """SIGKILL to the process and all its children at once: nobody gets to tidy up."""
        for child in self.children():
            child.suspend()  # or the first death would let the others leave in good order
        for child in self.children():
            child.kill()
        return self._end(signal.SIGKILL, timeout_s)

    def _end(self, with_signal: signal.Signals, timeout_s: float) -> int:
        if self._process is None:
            return 0
        children = self.children() if self._process.poll() is None else []
        self._process.send_signal(with_signal)
        try:
            status = self._process.wait(timeout_s)
        finally:
            _, alive = psutil.wait_procs(children, timeout=timeout_s)
            for left in [*alive, self._process]:
                left.kill()
            self._process.wait()
        self._process = None
        assert not alive, f"children outlived {self._command[0]}: {alive}"
        return status

    def tail(self, lines: int = 40) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def wait_until(is_true: Callable[[], bool], timeout_s: float, or_else: Callable[[], str]) -> None:
    """Asks another program's state again and again; raises TimeoutError with the text of `or_else`."""
    deadline = time.monotonic() + timeout_s
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(or_else())
        time.sleep(POLL_S)


def is_listening(port: int) -> bool:
    """Whether something accepts connections on this port of the loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
