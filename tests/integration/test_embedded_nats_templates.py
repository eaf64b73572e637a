"""The configurations in `deploy/nats` are ones that nats-server takes, with users made by our command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from wildwatch.cli.embedded import nats_server, ports

_TEMPLATES = Path(__file__).parents[2] / "deploy/nats"
_MACHINE_PATHS = {"/etc/wildwatch/tls": "tls", "/var/lib/wildwatch": "data", "/var/log/wildwatch": "log"}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that stands for the root of a machine: users, certificates, folders for data and logs."""
    root = tmp_path_factory.mktemp("machine")
    for folder in ("tls", "data", "log"):
        (root / folder).mkdir()
    made = [sys.executable, "-m", "wildwatch.cli.main", "nats-users", str(root / "nats")]
    subprocess.run(made, check=True, capture_output=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(root / "tls/nats.key"), "-out", str(root / "tls/nats.crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    (root / "tls/ca.crt").write_bytes((root / "tls/nats.crt").read_bytes())
    return root


@pytest.mark.parametrize("name", ["nats.conf", "nats-cluster.conf"])
def test_nats_server_accepts_the_template(machine: Path, name: str) -> None:
    checked = subprocess.run(
        [str(nats_server.program()), "-t", "-c", str(_placed(machine, name))],
        check=False, capture_output=True, text=True, env=_environment(1, [6222, 6223, 6224]),
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert "is valid" in checked.stderr


def test_three_servers_of_the_template_become_a_cluster(machine: Path) -> None:
    routes, monitors = [ports.free_port() for _ in range(3)], [ports.free_port() for _ in range(3)]
    servers = []
    try:
        for number, (route, monitor) in enumerate(zip(routes, monitors, strict=True), start=1):
            text = _placed(machine, "nats-cluster.conf").read_text()
            text = text.replace("port: 4222", f"port: {ports.free_port()}").replace(":8222", f":{monitor}")
            text = text.replace("port: 6222", f"port: {route}").replace("nats.log", f"nats-{number}.log")
            text = text.replace("data/nats", f"data/nats-{number}")
            conf = machine / f"node-{number}.conf"
            conf.write_text(text)
            command = [str(nats_server.program()), "-c", str(conf)]
            servers.append(subprocess.Popen(command, env=_environment(number, routes)))
        assert _leader(monitors[0])
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(20)


def _leader(monitor: int) -> str:
    """The name of JetStream's leader, once all three know each other."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with opener.open(f"http://127.0.0.1:{monitor}/jsz", timeout=2) as answer:
                meta = json.load(answer).get("meta_cluster", {})
        except OSError:
            meta = {}
        if meta.get("leader") and meta.get("cluster_size") == 3:
            return str(meta["leader"])
        time.sleep(0.1)
    raise AssertionError("no leader after 60 s")


def _placed(machine: Path, name: str) -> Path:
    text = (_TEMPLATES / name).read_text()
    for absolute, own in _MACHINE_PATHS.items():
        text = text.replace(absolute, str(machine / own))
    conf = machine / name
    conf.write_text(text)
    return conf


def _environment(number: int, routes: list[int]) -> dict[str, str]:
    urls = {f"NATS_ROUTE_{n}": f"nats://127.0.0.1:{port}" for n, port in enumerate(routes, start=1)}
    return {**os.environ, "NATS_NAME": f"wildwatch-{number}", "NATS_HOST": "127.0.0.1", **urls}
