"""Publish, consume, dead letters, and mirrors of buckets over a restart."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.bus.conftest import settings
from tests.integration.ingest.door import until

from wildwatch.bus import connection, consume, dead, depth, keyvalue, provision, publish
from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import BrokerUnavailableError, StreamFullError
from wildwatch.bus.keyvalue import Mirror, MirrorSettings
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.contracts import streams, subjects
from wildwatch.contracts.messages import DeadLetter
from wildwatch.contracts.post import batch_time_ms

_numbers = itertools.count(1)


def letter(**members: object) -> DeadLetter:
    """A dead letter like no other."""
    values = {
        "stream": "MAIL", "subject": subjects.mail("h"), "reason": "event-unusable", "detail": "why",
        "at_ms": 1_795_318_946_537, "by": "ingest", "payload": f"payload {next(_numbers)}", **members,
    }  # fmt: skip
    return DeadLetter(**values)  # type: ignore[arg-type] # tests pass what they mean


async def test_a_message_is_stored_once_under_its_id(admin: Bus) -> None:
    first = await publish.publish(admin, subjects.mail("once"), b"a", "the-id")
    again = await publish.publish(admin, subjects.mail("once"), b"a", "the-id")
    assert (first.stream, first.duplicate) == ("MAIL", False)
    assert (again.seq, again.duplicate) == (first.seq, True)


async def test_a_full_stream_refuses_and_forgets_nothing(fresh_nats_server: NatsServer) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        await provision.provision(bus, provision.StreamSettings(disk_bytes=64_000_000))
        stored = 0
        with contextlib.suppress(StreamFullError):
            while stored < 60:
                await publish.publish(bus, subjects.mail("h"), bytes(7_000_000), f"id-{stored}")
                stored += 1
        with pytest.raises(StreamFullError):
            await publish.publish(bus, subjects.mail("h"), bytes(7_000_000), "one more")
        held = await depth.stream_depth(bus, streams.MAIL)
        assert held.messages == stored
        assert held.n_bytes <= held.max_bytes
        oldest = await bus.js.get_msg("MAIL", seq=1)
        assert len(oldest.data or b"") == 7_000_000


async def test_no_stream_and_no_broker_are_unavailable(fresh_nats_server: NatsServer) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        with pytest.raises(BrokerUnavailableError):
            await publish.publish(bus, subjects.mail("h"), b"a", "id", timeout_s=1)
        with pytest.raises(BrokerUnavailableError, match="no stream MAIL"):
            await depth.stream_depth(bus, streams.MAIL)
        await asyncio.to_thread(fresh_nats_server.kill)
        with pytest.raises(BrokerUnavailableError):
            await publish.publish(bus, subjects.mail("h"), b"a", "id", timeout_s=1)
        with pytest.raises(BrokerUnavailableError):
            await keyvalue.put(bus, streams.API_KEYS, "k", b"v")


async def test_what_is_put_back_comes_again_and_what_is_given_up_does_not(
    fresh_nats_server: NatsServer,
) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        await provision.provision(bus, provision.StreamSettings(disk_bytes=64_000_000))
        for n in range(3):
            await publish.publish(bus, subjects.mail("h"), str(n).encode(), f"id-{n}")
        consumer = await consume.bind(bus, streams.WRITER_MAIL)
        assert await consumer.lag() == (3, 0)
        kept, back, gone = [d for _ in range(3) for d in await consumer.fetch(1, 2)]
        assert await consumer.lag() == (0, 3)
        await kept.acknowledge()
        await gone.give_up()
        await back.put_back(0.05)
        [again] = await consumer.fetch(10, 5)
        assert (again.payload, again.stream_seq) == (back.payload, back.stream_seq)
        await again.acknowledge()
        assert await consumer.fetch(10, 0.2) == []
        assert await consumer.lag() == (0, 0)
        assert (await depth.durable_lag(bus, streams.WRITER_MAIL)).oldest is None


async def test_letters_are_browsed_in_order_and_removed_by_number(fresh_nats_server: NatsServer) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        await provision.provision(bus, provision.StreamSettings(disk_bytes=64_000_000))
        buried = [letter(index=n) for n in range(5)]
        places = [(await dead.bury(bus, one)).seq for one in buried]
        found = [(b.seq, b.letter) async for b in dead.browse(bus)]
        assert found == list(zip(places, buried, strict=True))
        await dead.remove(bus, places[1])
        await dead.remove(bus, places[1])  # gone already: no error
        await dead.remove(bus, 10_000)
        assert [b.seq async for b in dead.browse(bus)] == [places[0], *places[2:]]
        assert [b.seq async for b in dead.browse(bus, after_seq=places[2])] == places[3:]
        assert [b.seq async for b in dead.browse(bus, limit=2)] == [places[0], places[2]]


async def test_what_is_no_letter_hides_none_behind_it(fresh_nats_server: NatsServer) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        await provision.provision(bus, provision.StreamSettings(disk_bytes=64_000_000))
        for payload in (b"", b"{}", b"\xff\x00", b'{"v":"9.0","of":"another shape"}'):
            await publish.publish(bus, subjects.dead("MAIL"), payload, repr(payload))
        await dead.bury(bus, letter())
        found = [buried.letter async for buried in dead.browse(bus)]
        assert [one.reason for one in found] == ["letter-unreadable"] * 4 + ["event-unusable"]
        assert dead.payload_bytes(found[2]) == b"\xff\x00"


async def test_the_same_letter_is_buried_once(admin: Bus) -> None:
    one = letter()
    first, again = [await dead.bury(admin, one) for _ in range(2)]
    assert (first.duplicate, again.duplicate, again.seq) == (False, True, first.seq)
    assert (await dead.bury(admin, letter())).seq > first.seq


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_what_is_buried_comes_back_byte_by_byte(payload: bytes) -> None:
    text, encoding = dead.payload_text(payload)
    assert "\0" not in text
    assert dead.payload_bytes(letter(payload=text, encoding=encoding)) == payload


def test_a_replay_has_one_name_that_counts_once() -> None:
    names = {dead.replay_name(letter(), seq) for seq in range(1_000)}
    assert len(names) == 1_000
    assert dead.replay_name(letter(), 7) == dead.replay_name(letter(), 7)
    for name in names:
        assert batch_time_ms(name) == letter().at_ms
        assert uuid.UUID(name).variant == uuid.RFC_4122


async def test_a_mirror_follows_its_bucket_over_a_restart(fresh_nats_server: NatsServer) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        await provision.provision(bus, provision.StreamSettings(disk_bytes=64_000_000))
        await keyvalue.put(bus, streams.API_KEYS, "a", b"1")
        mirror = Mirror(bus, streams.API_KEYS, MirrorSettings(poll_interval_s=0.1))
        async with mirror.kept_fresh():
            assert mirror.entries == {"a": b"1"}
            await keyvalue.put(bus, streams.API_KEYS, "b", b"2")
            await keyvalue.put(bus, streams.API_KEYS, "a", b"3")
            await until(lambda: mirror.entries == {"a": b"3", "b": b"2"})
            generation = mirror.generation
            await asyncio.to_thread(fresh_nats_server.stop)
            await until(lambda: not bus.is_connected)
            assert mirror.entries == {"a": b"3", "b": b"2"}  # the last known stays in force
            await asyncio.to_thread(fresh_nats_server.start)
            await until(lambda: bus.is_connected)
            await keyvalue.remove(bus, streams.API_KEYS, "a")
            assert await until(lambda: mirror.entries == {"b": b"2"}) < 2
            assert mirror.generation > generation
            await keyvalue.remove(bus, streams.API_KEYS, "never-there")


async def test_a_bucket_emptied_and_made_anew_is_noticed(fresh_nats_server: NatsServer) -> None:
    async with connection.connect(settings(fresh_nats_server), "admin") as bus:
        await provision.provision(bus, provision.StreamSettings(disk_bytes=64_000_000))
        await keyvalue.put(bus, streams.API_KEYS, "old", b"1")
        mirror = Mirror(bus, streams.API_KEYS, MirrorSettings())
        await mirror.refresh()
        assert set(mirror.entries) == {"old"}
        await bus.js.delete_key_value(streams.API_KEYS.name)
        with pytest.raises(BrokerUnavailableError):
            await mirror.refresh()
        assert set(mirror.entries) == {"old"}
        await provision.provision(bus, provision.StreamSettings(disk_bytes=64_000_000))
        await keyvalue.put(bus, streams.API_KEYS, "new", b"1")  # the same last sequence as before
        await mirror.refresh()
        assert set(mirror.entries) == {"new"}
