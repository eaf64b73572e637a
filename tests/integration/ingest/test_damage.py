"""JSON made to hurt: one damaged event never costs the events beside it, and nothing is stored as it came."""

from __future__ import annotations

import json

import msgspec
import pytest
from tests.fixtures.road import HOST, delivered, uuid7
from tests.integration.ingest.door import Door

GOOD = [msgspec.json.encode(delivered(n)) for n in (1, 2)]


def body(events: bytes, value: bytes | None = None, **members: bytes) -> bytes:
    """A post put together as bytes; `members` replace what would stand there."""
    parts = {
        "batch": b'"%s"' % uuid7().encode(),
        "host": b'"%s"' % HOST.encode(),
        "sent_at": b"1795318946537",
        "events": value or b"[%s]" % events,
        **members,
    }
    return b"{" + b",".join(b'"%s":%s' % (name.encode(), value) for name, value in parts.items()) + b"}"


@pytest.mark.parametrize(
    "bad",
    [
        b"", b"null", b"1", b'"text"', b"[]", b"{}", b"undefined", b"'quoted'", b"01", b"+1", b".5", b"1e400",
        b"NaN", b"[NaN,-Infinity]", b'{"a":1,}', b'{"a" 1}', b'{"a":tru}', b'{"a":"\\q"}', b'{"a":"\\u12"}',
        b'{"a":"line\nbreak"}', b'{"a":"\x00"}', b'{"a":"\xff\xfe"}', b"\xff", b"\xef\xbb\xbf{}", b"\x00",
        b'{"ts":NaN}', b'{"ts":"1795318946537"}', b'{"ts":1e400}', b'{"ts":' + b"9" * 5_000 + b"}",
        b'{"ts":' + b"9" * 400 + b".0}", b'{"a":"\\ud800"}', b'{"\\ud800":1}', b"[" * 4_000 + b"]" * 4_000,
        b'{"a":' * 3_000 + b"1" + b"}" * 3_000, b"[" * 100_000 + b"]" * 100_000, b'{"id":{"$gt":""}}',
        b'{"ts":true,"id":false,"action":null}', b'"' + b"x" * 20_000 + b'"',
    ],
)  # fmt: skip
async def test_a_bad_event_is_rejected_alone(door: Door, bad: bytes) -> None:
    name = uuid7()
    sent = body(b",".join((GOOD[0], bad, GOOD[1])), batch=b'"%s"' % name.encode())
    status, document, _ = await door.post(sent)
    assert (status, document.get("accepted")) == (202, 2), document
    assert [rejected["index"] for rejected in document["rejected"]] == [1]
    batch = await door.stored_batch(name)
    assert [event.recipient for event in batch.events] == ["user1@gmail.com", "user2@gmail.com"]


WILD = [
    b'"a\\u0000b"',
    b'"\\ud800"', b'"\xff\xfe"', b'"' + b"x" * 9_000 + b'"', b"1e308", b"-1", b"true", b"null",
    b"[1,[2,{}]]", b'{"a":{"b":[]}}', b'"\\u202e\\u0007\\u001b[2J"', b'"<script>alert(1)</script>"',
    b'"\xf0\x9f\x93\xa7"', b"18446744073709551616", b'"0x10"', b'" 12 "', b"12.5", b"false",
]  # fmt: skip
MEMBERS = [
    b"response",
    b"ip", b"size", b"seq", b"to", b"pid", b"n", b"messageId", b"zone", b"created", b"score", b"id",
    b"action", b"ts", b"mx", b"host", b"from", b"user", b"src", b"timer", b"attempts", b"error", b"instance",
]  # fmt: skip


@pytest.mark.parametrize("member", MEMBERS)
async def test_a_wild_value_costs_nothing_but_its_event(door: Door, member: bytes) -> None:
    wild = [GOOD[0][:-1] + b',"%s":%s}' % (member, value) for value in WILD]
    status, document, _ = await door.post(body(b",".join((*wild, GOOD[1]))))
    assert status == 202, document
    assert document["accepted"] + len(document["rejected"]) == len(WILD) + 1
    assert len(WILD) not in {rejected["index"] for rejected in document["rejected"]}


async def test_what_is_stored_is_clean(door: Door) -> None:
    """No NUL, no lone surrogate and no damaged byte reaches the stream, where COPY would trip over it."""
    name = uuid7()
    dirty = (
        GOOD[0][:-1] + b',"response":"250 a\\u0000b \\ud800 c","zone":"z\\u0000","instance":"i\\udfff"}',
        GOOD[0][:-1] + b',"response":"250 \xff\xfe","messageId":"<\\u0000@x>"}',
    )
    assert (await door.post(body(b",".join(dirty), batch=b'"%s"' % name.encode())))[1]["accepted"] == 2
    batch = await door.stored_batch(name)
    text = msgspec.json.encode(batch).decode()
    assert "\\u0000" not in text
    json.loads(text).__str__().encode("utf-8")  # a lone surrogate could not be encoded


@pytest.mark.parametrize("sent_at", [b"NaN", b"Infinity", b"-1", b"0", b"1e300", b"0.5", b"99999999999999"])
async def test_a_wild_clock_costs_no_event(door: Door, sent_at: bytes) -> None:
    status, document, _ = await door.post(body(GOOD[0], sent_at=sent_at))
    assert (status, document.get("accepted")) == (202, 1), document


@pytest.mark.parametrize("sent_at", [b"1e400", b"9" * 5_000, b'"1"', b"null", b"[]"])
async def test_a_clock_that_is_no_number_is_named(door: Door, sent_at: bytes) -> None:
    status, document, _ = await door.post(body(GOOD[0], sent_at=sent_at))
    assert (status, document["field"]) == (422, "sent_at"), document


async def test_the_last_of_duplicate_members_counts(door: Door) -> None:
    name = uuid7()
    sent = body(GOOD[0])[:-1] + b',"events":[%s],"batch":"%s","events":[%s]}' % (
        b"[" * 50_000 + b"]" * 50_000, name.encode(), b",".join(GOOD),
    )  # fmt: skip
    assert (await door.post(sent))[1]["accepted"] == 2
    assert len((await door.stored_batch(name)).events) == 2


@pytest.mark.parametrize("events", [b'"abc"', b"{}", b"null", b"5", b'{"0":{}}'])
async def test_events_that_are_no_list_are_refused_also_in_a_damaged_post(door: Door, events: bytes) -> None:
    for sent_at in (b"1", b"NaN"):
        status, document, _ = await door.post(body(b"", sent_at=sent_at, value=events))
        assert (status, document["field"]) == (422, "events"), document


@pytest.mark.parametrize(
    "host", [b'"\\ud800"', b'"mta1.example.net\\u0000"', b'"\xff"', b'""', b'"MTA1.EXAMPLE.NET"']
)
async def test_a_host_that_is_not_exactly_the_keys_is_refused(door: Door, host: bytes) -> None:
    status, document, _ = await door.post(body(GOOD[0], host=host))
    assert (status, document["field"]) == (403, "host"), document


async def test_a_name_counts_once_however_it_is_written(door: Door) -> None:
    name = uuid7()
    forms = [name, name.upper(), name.replace("-", ""), f"{{{name}}}", f"urn:uuid:{name}"]
    for form in forms:
        assert (await door.post(body(GOOD[0], batch=b'"%s"' % form.encode())))[0] == 202
    assert {b.batch for b in await door.stored() if b.batch.replace("-", "") == name.replace("-", "")} == {
        name
    }


async def test_rejected_events_can_be_read_in_dead_as_they_came(door: Door) -> None:
    from wildwatch.bus import connection, dead

    name = uuid7()
    bad = b'{"action":"ACCEPTED","secret":"\xff\x00"}'
    await door.post(body(b",".join((GOOD[0], bad)), batch=b'"%s"' % name.encode()))
    async with connection.connect(door.road.admin_settings, "admin") as bus:
        found = [b.letter async for b in dead.browse(bus) if b.letter.batch == name]
    [letter] = found
    assert dead.payload_bytes(letter) == bad
    assert (letter.index, letter.host, letter.form, letter.by) == (1, HOST, "zonemta_entry", "ingest")


async def test_one_post_buries_no_more_than_its_bound(door: Door) -> None:
    before = door.process.metrics()["wildwatch_ingest_events_rejected_not_kept_total"]
    status, document, _ = await door.post(body(b",".join([GOOD[0], *[b"{}"] * 150])))
    assert (status, len(document["rejected"])) == (202, 150)
    assert door.process.metrics()["wildwatch_ingest_events_rejected_not_kept_total"] == before + 50
