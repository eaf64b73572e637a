"""Streams as declared, or a refusal that says what to do."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from nats.js import api
from tests.fixtures.processes import free_port
from tests.integration.bus.conftest import DISK_BYTES, settings

from wildwatch.bus import connection, provision
from wildwatch.bus.connection import Bus, NatsSettings
from wildwatch.bus.errors import BrokerUnavailableError, NotFitError
from wildwatch.bus.provision import StreamSettings
from wildwatch.cli.embedded import nats_server
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.contracts import streams

SETTINGS = StreamSettings(disk_bytes=DISK_BYTES)


async def test_everything_declared_is_there(admin: Bus) -> None:
    for stream in streams.STREAMS:
        config = (await admin.js.stream_info(stream.name)).config
        assert provision.drift(config, provision.stream_config(stream, SETTINGS)) == []
        assert config.max_bytes == streams.max_bytes(stream, DISK_BYTES)
        assert (config.compression, config.storage) == (api.StoreCompression.S2, api.StorageType.FILE)
    for durable in streams.DURABLES:
        found = (await admin.js.consumer_info(durable.stream, durable.name)).config
        assert (found.max_deliver or -1) == -1
        assert found.ack_wait == durable.ack_wait_s
    for bucket in streams.BUCKETS:
        assert (await (await admin.js.key_value(bucket.name)).status()).history == bucket.history


async def test_again_changes_nothing(admin: Bus) -> None:
    before = [(await admin.js.stream_info(stream.name)) for stream in streams.STREAMS]
    await provision.provision(admin, SETTINGS)
    after = [(await admin.js.stream_info(stream.name)) for stream in streams.STREAMS]
    assert [info.config for info in after] == [info.config for info in before]
    assert [info.created for info in after] == [info.created for info in before]


async def test_several_at_once_agree(fresh_nats_server: NatsServer) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        await asyncio.gather(*(provision.provision(bus, SETTINGS) for _ in range(5)))
        assert (await bus.js.stream_info("MAIL")).state.messages == 0


@pytest.fixture
async def fresh(fresh_nats_server: NatsServer) -> AsyncIterator[Bus]:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        await provision.provision(bus, SETTINGS)
        yield bus


async def test_sizes_ages_and_windows_are_brought_up_to_date(fresh: Bus) -> None:
    await fresh.js.publish("wildwatch.v1.mail.h", b"kept")
    await provision.provision(fresh, StreamSettings(disk_bytes=DISK_BYTES // 2))
    info = await fresh.js.stream_info("MAIL")
    assert info.config.max_bytes == streams.max_bytes(streams.MAIL, DISK_BYTES // 2)
    assert info.state.messages == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"discard": api.DiscardPolicy.OLD}, "discard old instead of new"),
        ({"subjects": ["wildwatch.v1.mail.>"]}, "subjects"),
        ({"compression": api.StoreCompression.NONE}, "compression none instead of s2"),
    ],
)
async def test_a_stream_changed_by_hand_is_refused(fresh: Bus, change: dict[str, object], told: str) -> None:
    await fresh.js.publish("wildwatch.v1.mail.h", b"kept")
    config = (await fresh.js.stream_info("MAIL")).config
    await fresh.js.update_stream(replace(config, **change))
    with pytest.raises(NotFitError, match=told) as refused:
        await provision.provision(fresh, SETTINGS)
    assert "nats stream rm MAIL" in str(refused.value)
    assert (await fresh.js.stream_info("MAIL")).state.messages == 1


async def test_a_durable_that_gives_up_by_itself_is_mended(fresh: Bus) -> None:
    """The broker would walk past an exhausted message, and trimming would lose what was never written."""
    config = (await fresh.js.consumer_info("MAIL", "writer-mail")).config
    await fresh.js.add_consumer("MAIL", replace(config, max_deliver=3))
    await provision.provision(fresh, SETTINGS)
    assert ((await fresh.js.consumer_info("MAIL", "writer-mail")).config.max_deliver or -1) == -1


async def test_a_durable_that_skips_what_is_there_is_refused(fresh: Bus) -> None:
    await fresh.js.delete_consumer("MAIL", "writer-mail")
    await fresh.js.add_consumer(
        "MAIL",
        api.ConsumerConfig(
            durable_name="writer-mail",
            deliver_policy=api.DeliverPolicy.NEW,
            ack_policy=api.AckPolicy.EXPLICIT,
        ),
    )
    with pytest.raises(NotFitError, match="writer-mail"):
        await provision.provision(fresh, SETTINGS)


async def test_a_budget_that_does_not_fit_is_refused(fresh_nats_server: NatsServer) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        with pytest.raises(NotFitError, match="WILDWATCH_NATS_DISK"):
            await provision.provision(bus, StreamSettings(disk_bytes=10**15))
        await provision.provision(bus, SETTINGS)
        with pytest.raises(NotFitError, match="WILDWATCH_NATS_DISK"):
            await provision.provision(bus, StreamSettings(disk_bytes=10**15))


async def test_more_replicas_than_servers_are_refused(fresh_nats_server: NatsServer) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        with pytest.raises(NotFitError, match="replicas"):
            await provision.provision(bus, StreamSettings(disk_bytes=DISK_BYTES, replicas=3))


async def test_a_server_without_jetstream_is_said_so(tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen(  # noqa: ASYNC220 # it is there at once
        [str(nats_server.program()), "-a", "127.0.0.1", "-p", str(port), "-l", str(tmp_path / "log")]
    )
    try:
        nats = NatsSettings(url=(f"nats://127.0.0.1:{port}",), first_connect_timeout_s=5, request_timeout_s=1)
        async with connection.connect(nats, "admin") as bus:
            with pytest.raises((NotFitError, BrokerUnavailableError)):
                await provision.provision(bus, SETTINGS)
    finally:
        server.terminate()
        server.wait()


@asynccontextmanager
async def pretending(**info: object) -> AsyncIterator[NatsSettings]:
    """A server that greets as told and answers pings: all that a client looks at before it asks JetStream."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeting = {
            "server_id": "x", "version": "2.15.1", "max_payload": 8_388_608, "headers": True, "proto": 1,
            "jetstream": True, **info,
        }  # fmt: skip
        writer.write(b"INFO " + json.dumps(greeting).encode() + b"\r\n")
        while line := await reader.readline():
            if line.startswith(b"PING"):
                writer.write(b"PONG\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield NatsSettings(
            url=(f"nats://127.0.0.1:{port}",), first_connect_timeout_s=5, request_timeout_s=0.2
        )


@pytest.mark.parametrize("version", ["2.13.9", "2.10.0", "1.4.1"])
async def test_an_older_server_is_refused(version: str) -> None:
    async with pretending(version=version) as nats, connection.connect(nats, "admin") as bus:
        with pytest.raises(NotFitError, match=rf"{version} is too old: install 2\.14\.0 or newer"):
            await provision.provision(bus, SETTINGS)


async def test_a_server_that_takes_small_messages_is_refused() -> None:
    async with pretending(max_payload=1_048_576) as nats, connection.connect(nats, "admin") as bus:
        with pytest.raises(NotFitError, match="max_payload: 8MB"):
            await provision.provision(bus, SETTINGS)


async def test_a_server_that_does_not_answer_is_unavailable() -> None:
    async with pretending() as nats, connection.connect(nats, "admin") as bus:
        with pytest.raises(BrokerUnavailableError):
            await provision.provision(bus, SETTINGS)


NatsFactory = Callable[..., NatsServer]


async def test_strangers_are_refused(provisioned: NatsServer, nats_server_factory: NatsFactory) -> None:
    other = nats_server_factory()
    for seed in ("", str(other.seed_file("admin"))):
        stranger = NatsSettings(url=(provisioned.url,), seed_file=seed, first_connect_timeout_s=1)
        with pytest.raises(BrokerUnavailableError, match="refuses this user"):
            async with connection.connect(stranger, "admin"):
                raise AssertionError("a stranger was let in")


async def test_nobody_there_is_said_in_time() -> None:
    nobody = NatsSettings(
        url=(f"nats://127.0.0.1:{free_port()}",), first_connect_timeout_s=0.3, reconnect_wait_s=0.05
    )
    with pytest.raises(BrokerUnavailableError, match="no NATS server"):
        async with connection.connect(nobody, "admin"):
            raise AssertionError("nobody is there")
