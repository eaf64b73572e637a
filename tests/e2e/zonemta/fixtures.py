"""Fixtures of the ZoneMTA test bed.

* `zonemta(ingest_url, key, **plugin_settings) -> ZoneMta`: starts one; as many as wanted, all stopped
  after the test.
* `receiver`: stands in for ingest, `receiver.url` and `receiver.key`.
* `sink`: where all mail goes, `sink.delivered`.

To test against another ingest hand its address and key to `zonemta`, with `host=` the host that the key
is bound to.
"""

from __future__ import annotations

import itertools
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.zonemta import redis_server
from tests.e2e.zonemta.configuration import Ports
from tests.e2e.zonemta.installation import ensure_installed
from tests.e2e.zonemta.mta import ZoneMta
from tests.e2e.zonemta.program import Program, is_listening
from tests.e2e.zonemta.receiver import Receiver
from tests.e2e.zonemta.sink import Sink

from wildwatch.cli.embedded.ports import free_port

MakeZoneMta = Callable[..., ZoneMta]
HOST = "mta1.example.net"


@dataclass(frozen=True)
class Surroundings:
    """What every ZoneMTA of the session shares."""

    package: Path
    redis_port: int
    mongo_port: int
    sink: Sink
    dead_port: int


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    """Redis, the MongoDB stand-in and the sink, on free ports."""
    folder = tmp_path_factory.mktemp("zonemta-bed")
    package = ensure_installed()
    command, env = redis_server.command()
    redis_port, mongo_port = free_port(), free_port()
    redis = Program(
        [*command, "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        folder / "redis.log",
        env,
    )
    # the launcher stands beside the interpreter, whether or not the environment is activated
    secantus = Path(sys.executable).parent / "secantusd-py"
    mongo = Program(
        [str(secantus), f"--port={mongo_port}", f"--storage-path={folder / 'mongo'}", "--cache-size=128M"],
        folder / "mongo.log",
    )
    with ExitStack() as stack, socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound and not listening: refuses connections as long as we hold it
        for program, port in ((redis, redis_port), (mongo, mongo_port)):
            program.start(partial(is_listening, port))
            stack.callback(program.stop)
        sink = Sink()
        sink.start()
        stack.callback(sink.stop)
        yield Surroundings(package, redis_port, mongo_port, sink, reserved.getsockname()[1])


@pytest.fixture
def sink(surroundings: Surroundings) -> Sink:
    """Where all mail goes; shared by the session, so tests look for their own recipients."""
    return surroundings.sink


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A running stand-in for ingest."""
    running = Receiver()
    running.start()
    yield running
    running.stop()


_numbers = itertools.count(1)


@pytest.fixture
def zonemta(surroundings: Surroundings, tmp_path: Path) -> Iterator[MakeZoneMta]:
    """Starts ZoneMTA with the plugin aimed at `ingest_url`, the rest of its settings by keyword."""
    with ExitStack() as stack:

        def make(ingest_url: str, key: str, *, host: str = HOST, **plugin_settings: Any) -> ZoneMta:
            number = next(_numbers)
            ports = Ports(
                smtp=free_port(),
                api=free_port(),
                queue=free_port(),
                redis=surroundings.redis_port,
                mongo=surroundings.mongo_port,
                sink=surroundings.sink.port,
                refusing=surroundings.sink.refusing_port,
                dead=surroundings.dead_port,
            )
            plugin = {"url": ingest_url, "key": key, "host": host, **plugin_settings}
            mta = ZoneMta(
                surroundings.package, tmp_path / f"zonemta-{number}", ports, f"zone-mta-{number}", plugin
            )
            stack.callback(mta.stop)
            mta.start()
            return mta

        yield make
