"""503 with `Retry-After`, and never a lost batch: no broker, no room, too many at once."""

from __future__ import annotations

import asyncio
import contextlib
import os

import aiohttp
from tests.fixtures.road import delivered, post_body, uuid7
from tests.integration.ingest.door import OpenDoor, hang_up, until

from wildwatch.bus import connection, publish
from wildwatch.bus.errors import StreamFullError
from wildwatch.contracts import subjects
from wildwatch.contracts.streams import MAIL


async def test_503_while_the_broker_is_away_and_202_when_it_is_back(door_factory: OpenDoor) -> None:
    async with door_factory(WILDWATCH_INGEST_RETRY_AFTER_S="7") as door:
        name = uuid7()
        body = post_body([delivered(n) for n in range(10)], batch=name)
        await asyncio.to_thread(door.road.nats.stop)
        status, document, headers = await door.post(body)
        assert (status, document["type"].rpartition("/")[2]) == (503, "no-broker")
        assert headers["Retry-After"] == "7"
        assert "127.0.0.1" not in str(document)
        await until(lambda: door.process.readiness() == {"nats": "the event stream cannot be reached"})
        await asyncio.to_thread(door.road.nats.start)

        async def taken() -> bool:
            return (await door.post(body))[0] == 202

        await until(taken)
        assert len((await door.stored_batch(name)).events) == 10
        await until(lambda: door.process.readiness() == {})


async def test_503_when_the_stream_is_full_and_202_when_there_is_room_again(door_factory: OpenDoor) -> None:
    async with door_factory(disk_bytes=64_000_000) as door:
        name = uuid7()
        body = post_body([delivered(n) for n in range(50)], batch=name)
        async with connection.connect(door.road.admin_settings, "admin") as bus:
            for size in (7_000_000, 500_000, 5_000):
                with contextlib.suppress(StreamFullError):
                    while True:
                        await publish.publish(bus, subjects.mail("filler"), os.urandom(size), uuid7())
            status, document, headers = await door.post(body)
            assert (status, document["type"].rpartition("/")[2]) == (503, "no-room")
            assert int(headers["Retry-After"]) >= 1
            assert (
                door.process.readiness() == {}
            )  # it can answer: the door is open, the room behind it is full
            await bus.js.purge_stream(MAIL.name)
        assert (await door.post(body))[1]["duplicate"] is False
        assert len((await door.stored_batch(name)).events) == 50


async def test_503_when_all_posts_together_hold_too_much(door_factory: OpenDoor) -> None:
    async with door_factory(
        WILDWATCH_INGEST_MAX_BYTES_IN_FLIGHT="10000000", WILDWATCH_INGEST_BODY_TIMEOUT_S="5"
    ) as door:
        hold = [
            asyncio.create_task(
                door.raw(door.head("Content-Length: 7000000"), b"x" * 6_000_000, b"", pause_s=2)
            )
        ]
        await until(lambda: door.process.metrics()["wildwatch_ingest_bytes_in_flight"] >= 6_000_000)
        status, document, headers = await door.post(b"x" * 6_000_000)
        assert (status, document["type"].rpartition("/")[2]) == (503, "busy")
        assert int(headers["Retry-After"]) >= 1
        assert (await door.post(post_body([delivered(1)])))[0] == 202  # there is room for small ones
        for task in hold:
            task.cancel()
        await until(lambda: door.process.metrics()["wildwatch_ingest_bytes_in_flight"] == 0)


async def test_connections_beyond_the_bound_are_closed_and_the_others_served(door_factory: OpenDoor) -> None:
    async with door_factory(WILDWATCH_INGEST_MAX_CONNECTIONS="20") as door:
        held = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(20)]
        await until(lambda: door.process.metrics()["wildwatch_ingest_connections"] == 20)
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 5) == b""
        await hang_up(writer)
        assert door.process.metrics()["wildwatch_ingest_connections_refused_total"] >= 1
        await hang_up(held.pop()[1])
        await until(lambda: door.process.metrics()["wildwatch_ingest_connections"] < 20)
        assert (await door.post(post_body([delivered(1)])))[0] == 202
        for _, writer in held:
            await hang_up(writer)


async def test_5000_tiny_posts_at_once_are_all_stored(door_factory: OpenDoor) -> None:
    async with door_factory() as door:
        before = door.rss_bytes()
        names = [uuid7() for _ in range(5_000)]
        connector = aiohttp.TCPConnector(limit=2_000)
        async with aiohttp.ClientSession(connector=connector) as session:

            async def post(name: str, n: int) -> int:
                async with session.post(
                    f"{door.road.ingest_url}/v1/events/mail",
                    data=post_body([delivered(n)], batch=name),
                    headers={"Authorization": f"Bearer {door.road.key}"},
                ) as answer:
                    await answer.read()
                    return answer.status

            statuses = await asyncio.gather(*(post(name, n) for n, name in enumerate(names)))
        assert set(statuses) == {202}
        stored = [batch.batch for batch in await door.stored()]
        assert sorted(stored) == sorted(names)
        assert door.rss_bytes() - before < 150_000_000


async def test_a_post_under_way_is_answered_when_ingest_is_told_to_stop(door_factory: OpenDoor) -> None:
    async with door_factory() as door:
        name = uuid7()
        body = post_body([delivered(1)], batch=name)
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(door.head(f"Content-Length: {len(body)}") + body[:50])
        await writer.drain()
        await until(lambda: door.process.metrics()["wildwatch_ingest_bytes_in_flight"] > 0)
        stopping = asyncio.create_task(asyncio.to_thread(door.process.stop))
        await until(lambda: "service_stopping" in door.log_text())
        writer.write(body[50:])
        await writer.drain()
        head = await asyncio.wait_for(reader.read(65_536), 20)
        assert head.startswith(b"HTTP/1.1 202")
        await hang_up(writer)
        assert await stopping == 0
        assert len((await door.stored_batch(name)).events) == 1
