"""The nats-server that `wildwatch up` and the tests bring with them."""

from __future__ import annotations

import socket
import stat
from collections.abc import Callable
from pathlib import Path

import nats
import nats.errors
import pytest
from nats.js.api import StorageType

from wildwatch.bus.permissions import inbox_prefix
from wildwatch.cli.embedded import nats_server as module
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.cli.errors import StartError

Factory = Callable[..., NatsServer]


async def _client(server: NatsServer, user: str) -> nats.NATS:
    return await nats.connect(
        server.url,
        nkeys_seed=str(server.seed_file(user)),
        inbox_prefix=inbox_prefix(user).encode(),
        allow_reconnect=False,
    )


async def test_nobody_is_anonymous(nats_server: NatsServer) -> None:
    client = nats.NATS()
    with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
        await client.connect(nats_server.url, allow_reconnect=False, connect_timeout=2)
    await client.close()


async def test_a_user_may_only_use_its_own_subjects(nats_server: NatsServer) -> None:
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error).lower())

    client = await nats.connect(
        nats_server.url,
        nkeys_seed=str(nats_server.seed_file("ingest")),
        inbox_prefix=inbox_prefix("ingest").encode(),
        error_cb=note,
    )
    await client.publish("$KV.api-keys.abc", b"{}")
    await client.flush()
    await client.flush()
    await client.close()
    assert any("permissions violation for publish" in line for line in refused)


async def test_what_was_acknowledged_survives_a_kill(nats_server_factory: Factory) -> None:
    server = nats_server_factory()
    client = await _client(server, "admin")
    js = client.jetstream()
    await js.add_stream(name="KEPT", subjects=["wildwatch.v1.kept"], storage=StorageType.FILE)
    for _ in range(20):
        await js.publish("wildwatch.v1.kept", b"x" * 1000)
    await client.close()
    port = server.port
    server.kill()
    server.start()
    assert server.port == port
    client = await _client(server, "admin")
    info = await client.jetstream().stream_info("KEPT")
    await client.close()
    assert info.state.messages == 20


async def test_a_frozen_server_answers_again_after_the_thaw(nats_server_factory: Factory) -> None:
    server = nats_server_factory()
    client = await _client(server, "admin")
    server.freeze()
    with pytest.raises(nats.errors.TimeoutError):
        await client.request("$JS.API.INFO", timeout=1)
    server.thaw()
    answer = await client.request("$JS.API.INFO", timeout=10)
    await client.close()
    assert b"account_info_response" in answer.data


def test_seeds_are_private_and_kept(nats_server: NatsServer) -> None:
    seed = nats_server.seed_file("writer")
    assert stat.S_IMODE(seed.stat().st_mode) == 0o600
    before = seed.read_text()
    nats_server.write_config()
    assert seed.read_text() == before
    assert before.strip() not in nats_server.config.read_text()


def test_acknowledged_means_on_disk(nats_server: NatsServer) -> None:
    assert "sync_interval: always" in nats_server.config.read_text()


def test_a_busy_port_is_said(servers_folder: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        server = NatsServer(servers_folder / "busy", port=busy.getsockname()[1], monitor_port=_free())
        with pytest.raises(StartError, match="address already in use"):
            server.start()


def test_a_server_too_old_for_schedules_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "nats-server"
    old.write_text("#!/bin/sh\necho nats-server: v2.9.10\n")
    old.chmod(0o755)
    with pytest.raises(StartError, match=r"is version 2\.9\.10, 2\.14\.0 is needed"):
        module.version(old)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
