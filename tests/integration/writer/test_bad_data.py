"""What the database refuses, or nobody can read, is set aside once and stops nothing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.fixtures.road import uuid7
from tests.integration.writer.bench import Bench, batch, event, incompressible

from wildwatch.bus import dead
from wildwatch.contracts.mail import MailBatch

# Each is accepted by the contract and refused by a column, an index or an encoder.
REFUSED: list[dict[str, Any]] = [
    {"smtp_code": 99_999},
    {"source_ip": "999.1.1.1"},
    {"source_ip": ""},
    {"response": "a\0b"},
    {"pid": 2**40},
    {"time_ms": 2**62},
    {"extra": {"text": "a\0b"}},
    {"message_id": "x" * 20_000},  # larger than an index entry may be
]


@pytest.mark.parametrize("members", REFUSED, ids=lambda members: next(iter(members)))
async def test_one_bad_row_is_set_aside_and_the_rest_is_written_once(
    bench: Bench, members: dict[str, Any]
) -> None:
    # The long text must not be one that compression makes small enough for the index.
    if "message_id" in members:
        members = {"message_id": msgspec.json.encode(incompressible(15_000)).decode()}
    name = uuid7()
    await bench.publish(batch([event(n) for n in range(1, 4)]))
    await bench.publish(
        batch([event(n) for n in range(4, 7)]),
        batch([event(7), event(8), event(9, **members), event(10)], name),
    )
    await bench.publish(batch([event(11)]))
    bench.start_writer()
    await bench.drained()
    assert await bench.rows() == [n for n in range(1, 12) if n != 9]
    [letter] = await bench.letters()
    assert (letter.reason, letter.batch, letter.index) == ("row-refused-by-database", name, 2)
    assert b'"q9"' in dead.payload_bytes(letter)


async def test_a_batch_of_nothing_but_bad_rows_is_one_dead_letter(bench: Bench) -> None:
    name = uuid7()
    reply = '250 2.0.0 "quoted" ' + "x" * 700
    await bench.publish(
        batch([event(n, smtp_code=99_999, response=f"{n} {reply}") for n in range(5_000)], name)
    )
    await bench.publish(batch([event(6_000)]))
    bench.start_writer()
    await bench.drained()
    assert await bench.rows() == [6_000]
    [letter] = await bench.letters()
    assert (letter.reason, letter.batch, letter.index) == ("batch-refused-by-database", name, None)
    kept = msgspec.json.decode(dead.payload_bytes(letter), type=MailBatch)
    assert [one.n for one in kept.events] == list(range(5_000))


UNREADABLE = {
    "empty": b"",
    "no JSON": b"{]",
    "no message": b'{"v":"1.0","batches":[{"batch":1}]}',
    "no UTF-8": b'{"v":"1.0","batches":[{"batch":"\xff\xfe"}]}',
    "no batch name": msgspec.json.encode({"v": "1.0", "batches": [batch([event(1)], "no-uuid")]}),
    "no version": b'{"v":"latest","batches":[]}',
    "too deep": (
        b'{"v":"1.0","batches":[{"batch":"b","host":"h","received_ms":1,"sent_ms":1,"rules_version":1,'
        b'"events":[{"time_ms":1,"action":"queued","queue_id":"q","extra":{"a":' + b"[" * 50_000
    ),
    "of another minor, wrong": b'{"v":"1.99","batches":[{"events":7}]}',
}


@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=UNREADABLE)
async def test_an_unreadable_message_is_a_dead_letter_and_the_next_one_is_written(
    bench: Bench, payload: bytes
) -> None:
    seq = await bench.publish_bytes(payload)
    await bench.publish(batch([event(2)]))
    writer = bench.start_writer()
    await bench.drained()
    assert await bench.rows() == [2]
    [letter] = await bench.letters()
    assert (letter.reason, letter.stream_seq) == ("message-unreadable", seq)
    assert dead.payload_bytes(letter) == payload
    assert writer.readiness() == {}


async def test_an_unreadable_message_as_large_as_messages_may_be_does_not_come_for_ever(
    bench: Bench,
) -> None:
    seq = await bench.publish_bytes(incompressible(7_900_000))
    await bench.publish(batch([event(2)]))
    bench.start_writer()
    await bench.drained()
    [letter] = await bench.letters()
    assert (letter.reason, letter.stream_seq) == ("message-unreadable", seq)
    assert letter.form == "cut"
    assert "7900000" in letter.detail


async def test_a_message_of_a_newer_major_waits_for_a_newer_writer(bench: Bench) -> None:
    await bench.publish_bytes(b'{"v":"2.0","envelopes":[]}')
    await bench.publish(batch([event(2)]))
    writer = bench.start_writer(WILDWATCH_WRITER_NEWER_MAJOR_DELAY_S="0.3")
    await bench.road.wait_rows(1)
    while writer.metrics().get("wildwatch_writer_put_back_total", 0) < 3:
        assert writer.readiness() == {}
    assert await bench.letters() == []
    assert await bench.ack_pending() == 1


async def test_numbers_that_fit_alone_and_not_together_spoil_nothing(bench: Bench) -> None:
    """Sizes and durations come from senders; their sums have to fit as well."""
    most = 2**63 - 1
    events = [event(n, size=most, queued_ms=most, delivery_ms=most) for n in range(4)]
    await bench.publish(batch([*events, event(4, size=-most, queued_ms=-most, delivery_ms=-1)]))
    await bench.publish(batch([event(5, size=most)]))
    bench.start_writer()
    await bench.drained()
    assert await bench.letters() == []
    assert await bench.rows() == list(range(6))
    [row] = await bench.road.rows("select sum(delivered)::int as n, sum(bytes) as bytes from mail_ip_1m")
    assert row["n"] == 6
    assert 0 < row["bytes"] < most // 1_000
