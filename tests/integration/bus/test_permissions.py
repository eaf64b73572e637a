"""What each service user may do, by the server's own judgement: all it needs, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import pytest
from nats.aio.client import Client
from tests.integration.bus.conftest import settings

from wildwatch.bus import connection, consume, dead, depth, keyvalue, publish
from wildwatch.bus.keyvalue import Mirror, MirrorSettings
from wildwatch.bus.permissions import inbox_prefix, service_users
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.contracts import streams, subjects
from wildwatch.contracts.generate import examples
from wildwatch.contracts.messages import DeadLetter

SERVICES = sorted(set(service_users()) - {"admin"})
LETTER = examples.all_examples()[DeadLetter]["one-event"]

PUBLISHED = {
    "mail": subjects.mail("h"), "host": subjects.host_samples("h"), "audit": subjects.audit("d"),
    "log": subjects.log("h"), "fact": subjects.fact("ip.paused", "k"), "job": subjects.job_run("j"),
    "schedule": subjects.job_schedule("j"), "dead": subjects.dead("MAIL"), "live": subjects.live("mail"),
    "api-keys": "$KV.api-keys.x", "ip-state": "$KV.ip-state.x",
}  # fmt: skip
MAY_PUBLISH = {"ingest": {"mail", "host", "log", "dead"}, "writer": {"dead", "live"}, "api": set[str]()}

ADMINISTERED = {
    f"{verb}.{stream}": f"$JS.API.STREAM.{verb}.{stream}"
    for verb in ("CREATE", "UPDATE", "DELETE", "PURGE", "SNAPSHOT", "RESTORE", "MSG.DELETE")
    for stream in ("MAIL", "DEAD", "FACT", "JOB", "KV_api-keys", "KV_ip-state")
}
MAY_ADMINISTER = {"writer": {"PURGE.MAIL"}}

READ = {
    stream: [
        f"$JS.API.STREAM.MSG.GET.{stream}",
        f"$JS.API.CONSUMER.CREATE.{stream}",
        f"$JS.API.CONSUMER.CREATE.{stream}.x.>",
        f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.x",
    ]
    for stream in (*(stream.name for stream in streams.STREAMS), "KV_api-keys", "KV_ip-state")
}
MAY_READ = {"ingest": {"KV_api-keys"}, "writer": {"MAIL"}, "api": {"DEAD", "MAIL"}}


class Tried:
    """A bare connection of one user, and what the server forbade it."""

    def __init__(self, client: Client, said: list[str]) -> None:
        self._client = client
        self._said = said

    async def is_forbidden(self, subject: str) -> bool:
        """Whether a message to `subject` is refused."""
        self._said.clear()
        await self._client.publish(subject, b"")
        await self._answered()
        return any("publish" in said.lower() for said in self._said)

    async def may_listen(self, subject: str) -> bool:
        self._said.clear()
        subscription = await self._client.subscribe(subject)
        await self._answered()
        allowed = not any("subscription" in said.lower() for said in self._said)
        if allowed:
            await subscription.unsubscribe()
        return allowed

    async def _answered(self) -> None:
        """The server answers in order: whatever it forbade was said before its PONG.

        Twice, because the client's PING may overtake what it has not yet sent.
        """
        for _ in range(2):
            await self._client.flush(timeout=5)


@asynccontextmanager
async def trying(server: NatsServer, user: str) -> AsyncIterator[Tried]:
    said: list[str] = []

    async def heard(error: Exception) -> None:
        said.append(str(error))

    client = await nats.connect(
        server.url, nkeys_seed=str(server.seed_file(user)), error_cb=heard,
        inbox_prefix=inbox_prefix(user).encode(), allow_reconnect=False,
    )  # fmt: skip
    try:
        yield Tried(client, said)
    finally:
        await client.close()


def test_every_user_is_judged_here() -> None:
    assert set(SERVICES) == set(MAY_PUBLISH)


@pytest.mark.parametrize("user", SERVICES)
async def test_a_user_publishes_its_subjects_alone(provisioned: NatsServer, user: str) -> None:
    async with trying(provisioned, user) as tried:
        allowed = {name for name, subject in PUBLISHED.items() if not await tried.is_forbidden(subject)}
    assert allowed == MAY_PUBLISH[user]


@pytest.mark.parametrize("user", SERVICES)
async def test_a_user_changes_no_stream(provisioned: NatsServer, user: str) -> None:
    async with trying(provisioned, user) as tried:
        allowed = {name for name, subject in ADMINISTERED.items() if not await tried.is_forbidden(subject)}
    assert allowed == MAY_ADMINISTER.get(user, set())


@pytest.mark.parametrize("user", SERVICES)
async def test_a_user_reads_its_streams_alone(provisioned: NatsServer, user: str) -> None:
    async with trying(provisioned, user) as tried:
        allowed = {
            stream
            for stream, requests in READ.items()
            for subject in requests
            if not await tried.is_forbidden(subject.removesuffix(".>"))
        }
    assert allowed == MAY_READ[user]


@pytest.mark.parametrize("user", SERVICES)
async def test_a_user_hears_its_own_answers_alone(provisioned: NatsServer, user: str) -> None:
    others = [f"{inbox_prefix(other)}.>" for other in service_users() if other != user]
    eavesdropping = [
        *others,
        ">",
        "_INBOX.>",
        "wildwatch.v1.>",
        "$JS.>",
        "$KV.>",
        "$SYS.>",
        subjects.ALL_MAIL,
    ]
    async with trying(provisioned, user) as tried:
        heard = {subject for subject in eavesdropping if await tried.may_listen(subject)}
        assert heard == set()
        assert await tried.may_listen(f"{inbox_prefix(user)}.x")
        assert await tried.may_listen(subjects.ALL_LIVE) is (user == "api")


async def test_ingest_can_do_its_work(provisioned: NatsServer) -> None:
    async with connection.connect(settings(provisioned, "ingest"), "ingest") as bus:
        assert (await publish.publish(bus, subjects.mail("perm"), b"{}", "perm-1")).stream == "MAIL"
        assert (await dead.bury(bus, LETTER)).stream == "DEAD"
        await Mirror(bus, streams.API_KEYS, MirrorSettings()).refresh()
        assert (await depth.stream_depth(bus, streams.MAIL)).messages >= 1
        with pytest.raises(keyvalue.BrokerUnavailableError):
            await keyvalue.put(bus, streams.API_KEYS, "forged", b"{}")


async def test_writer_can_do_its_work(provisioned: NatsServer) -> None:
    async with connection.connect(settings(provisioned), "admin") as admin:
        await publish.publish(admin, subjects.mail("perm"), b"{}", "perm-2")
    async with connection.connect(settings(provisioned, "writer"), "writer") as bus:
        consumer = await consume.bind(bus, streams.WRITER_MAIL)
        deliveries = await consumer.fetch(100, 2)
        assert deliveries
        for delivery in deliveries:
            await delivery.acknowledge()
        assert (await dead.bury(bus, LETTER)).stream == "DEAD"
        assert await depth.durable_lag(bus, streams.WRITER_MAIL)


async def test_api_can_do_its_work(provisioned: NatsServer) -> None:
    async with connection.connect(settings(provisioned), "admin") as admin:
        await dead.bury(admin, LETTER)
    async with connection.connect(settings(provisioned, "api"), "api") as bus:
        assert [buried async for buried in dead.browse(bus)]
        for stream in streams.STREAMS:
            await depth.stream_depth(bus, stream)
        await depth.durable_lag(bus, streams.WRITER_MAIL)
