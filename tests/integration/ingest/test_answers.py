"""Every answer of ingest's table."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from tests.fixtures.road import HOST, delivered, post_body, uuid7
from tests.integration.ingest.door import Door, OpenDoor, until


def is_problem(answer: tuple[int, dict[str, Any], dict[str, str]], status: int, code: str) -> dict[str, Any]:
    """Assert that an answer is the problem document `code`, and return it."""
    found, document, headers = answer
    assert (found, document.get("type", "").rpartition("/")[2]) == (status, code), document
    assert headers["Content-Type"].startswith("application/problem+json")
    assert document["status"] == status
    assert document["title"]
    return document


async def test_202_says_what_was_taken(door: Door) -> None:
    name = uuid7()
    status, document, _ = await door.post(post_body([delivered(1), {"action": "ACCEPTED"}], batch=name))
    assert status == 202
    assert document["accepted"] == 1
    assert document["duplicate"] is False
    assert document["directives"] == 0
    [rejected] = document["rejected"]
    assert rejected["index"] == 1
    assert rejected["error"].startswith("id: ")
    batch = await door.stored_batch(name)
    assert batch.host == HOST
    assert [event.recipient for event in batch.events] == ["user1@gmail.com"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b"\x00" * 100, b"\xef\xbb\xbf{}", b'{"x":' * 50_000, b"\xff\xfe{\x00"],
)
async def test_400_for_what_is_not_json(door: Door, body: bytes) -> None:
    is_problem(await door.post(body), 400, "not-json")


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
async def test_400_for_what_cannot_be_decompressed(door: Door, encoding: str) -> None:
    document = is_problem(
        await door.post(b"not compressed", headers={"Content-Encoding": encoding}), 400, "bad-encoding"
    )
    assert document["field"] == "Content-Encoding"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "ww_abc", "Bearer\t"])
async def test_401_without_a_key(door: Door, header: str) -> None:
    head = f"POST /v1/events/mail HTTP/1.1\r\nHost: x\r\nAuthorization: {header}\r\n"
    answer = await door.raw(f"{head}Content-Length: 2\r\n\r\n{{}}".encode())
    assert answer.status == 401
    assert answer.problem()["type"].endswith("/no-key")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("key", ["ww_unknown", "x" * 4_000, "ww_\u00e9\u00ff", "'; drop table api_key; --"])
async def test_401_for_a_key_nobody_made(door: Door, key: str) -> None:
    answer = await door.raw(door.head("Content-Length: 2", key=key) + b"{}")
    assert answer.status == 401
    assert answer.problem()["type"].endswith("/bad-key")


async def test_401_for_an_expired_key(door: Door) -> None:
    now_ms = int(time.time() * 1000)
    late = await door.road.add_key(expires_ms=now_ms - 1)
    good = await door.road.add_key(expires_ms=now_ms + 600_000)

    async def taken(key: str) -> int:
        return (await door.post(post_body([delivered(1)]), key=key))[0]

    async def known() -> bool:
        return await taken(good) == 202

    await until(known)
    is_problem(await door.post(post_body([delivered(1)]), key=late), 401, "bad-key")


async def test_a_key_ends_at_the_moment_it_expires(door: Door) -> None:

    ends_ms = int(time.time() * 1000) + 3_000
    key = await door.road.add_key(expires_ms=ends_ms)

    async def answers(status: int) -> bool:
        return (await door.post(post_body([delivered(1)]), key=key))[0] == status

    await until(lambda: answers(202))
    await until(lambda: answers(401))
    assert time.time() * 1000 >= ends_ms


async def test_403_for_another_host(door: Door) -> None:
    document = is_problem(
        await door.post(post_body([delivered(1)], host="mta2.example.net")), 403, "wrong-host"
    )
    assert document["field"] == "host"
    assert HOST in document["detail"]


async def test_403_for_a_key_without_the_scope(door: Door) -> None:

    key = await door.road.add_key(scopes=["host", "directives"])

    async def refused() -> bool:
        return (await door.post(post_body([delivered(1)]), key=key))[0] == 403

    await until(refused)
    is_problem(await door.post(post_body([delivered(1)]), key=key), 403, "wrong-scope")


@pytest.mark.parametrize(
    "path", ["/", "/v1/events", "/v1/events/mail/", "/v1/events/mail/../../etc", "/metrics"]
)
async def test_404_elsewhere(door: Door, path: str) -> None:
    answer = await door.raw(door.head("Content-Length: 0", path=path))
    assert answer.status == 404
    assert answer.problem()["detail"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_405_for_other_methods(door: Door, method: str) -> None:
    answer = await door.raw(door.head("Content-Length: 0", method=method))
    assert answer.status == 405
    assert answer.problem()["type"].endswith("/wrong-method")
    assert "POST" in answer.headers["allow"]


async def test_413_by_content_length_before_the_body(door: Door) -> None:
    answer = await door.raw(door.head("Content-Length: 10000000000"))
    assert answer.status == 413
    assert answer.problem()["type"].endswith("/too-large")


async def test_413_for_too_many_events(door: Door) -> None:
    document = is_problem(await door.post(post_body([delivered(1)] * 5_001)), 413, "too-many-events")
    assert document["field"] == "events"
    assert "5000" in document["detail"]


async def test_an_event_that_is_too_large_is_rejected_alone(door: Door) -> None:
    status, document, _ = await door.post(
        post_body([delivered(1), delivered(2, response="x" * 17_000), delivered(3)])
    )
    assert (status, document["accepted"]) == (202, 2)
    [rejected] = document["rejected"]
    assert rejected["index"] == 1
    assert "16384" in rejected["error"]


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "compress", "\u00e9"])
async def test_415_for_other_encodings(door: Door, encoding: str) -> None:
    answer = await door.raw(door.head(f"Content-Encoding: {encoding}", "Content-Length: 2") + b"{}")
    assert answer.status == 415
    assert answer.problem()["field"] == "Content-Encoding"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("batch", None), ("batch", 5), ("batch", "not-a-uuid"), ("batch", ""), ("batch", "0" * 100_000),
        ("batch", "f47ac10b-58cc-4372-a567-0e02b2c3d479"), ("batch", "../../etc/passwd"), ("batch", "\0"),
        ("host", None), ("host", 5), ("host", ["a"]),
        ("sent_at", None), ("sent_at", "1795318946537"), ("sent_at", True), ("sent_at", {}),
        ("events", None), ("events", {}), ("events", "[]"), ("events", 5),
    ],
)  # fmt: skip
async def test_422_names_the_field(door: Door, member: str, value: Any) -> None:
    document = is_problem(
        await door.post(
            post_body([delivered(1)], **{member: value})
            if member not in ("batch", "host", "events")
            else _body(**{member: value})
        ),
        422,
        "bad-field",
    )
    assert document["field"] == member
    assert document["detail"]


@pytest.mark.parametrize("member", ["batch", "host", "sent_at", "events"])
async def test_422_for_a_missing_member_names_it(door: Door, member: str) -> None:
    members = _members()
    del members[member]
    document = is_problem(await door.post(_encoded(members)), 422, "bad-field")
    assert document["field"] == member


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"5", b"true"])
async def test_422_for_json_that_is_no_object(door: Door, body: bytes) -> None:
    is_problem(await door.post(body), 422, "bad-field")


async def test_422_for_batches_too_old_or_of_the_future(door: Door) -> None:
    now_ms = int(time.time() * 1000)
    day_ms = 86_400_000
    old = is_problem(
        await door.post(post_body([delivered(1)], batch=uuid7(now_ms - 13 * day_ms - 60_000))),
        422,
        "batch-too-old",
    )
    assert old["field"] == "batch"
    is_problem(
        await door.post(post_body([delivered(1)], batch=uuid7(now_ms + day_ms + 60_000))),
        422,
        "batch-from-future",
    )
    assert (await door.post(post_body([delivered(1)], batch=uuid7(now_ms - 12 * day_ms))))[0] == 202


async def test_422_when_no_event_is_usable_says_why_for_each(door: Door) -> None:
    document = is_problem(await door.post(post_body([{}, 5, None, "x", []])), 422, "no-usable-event")
    assert [rejected["index"] for rejected in document["extra"]["rejected"]] == [0, 1, 2, 3, 4]
    is_problem(await door.post(post_body([])), 422, "no-usable-event")


async def test_429_when_a_key_is_too_fast_says_when_to_come_again(door_factory: OpenDoor) -> None:
    async with door_factory(
        WILDWATCH_INGEST_MAX_EVENTS_PER_KEY_PER_S="10", WILDWATCH_INGEST_RATE_BURST_S="2"
    ) as door:
        assert (await door.post(post_body([delivered(n) for n in range(20)])))[0] == 202
        answer = await door.post(post_body([delivered(n) for n in range(20)]))
        is_problem(answer, 429, "too-fast")
        assert 1 <= int(answer[2]["Retry-After"]) <= 2
        other = await door.road.add_key()

        async def taken() -> bool:
            return (await door.post(post_body([delivered(1)]), key=other))[0] == 202

        await until(taken)  # one key's haste is not another's


def _members() -> dict[str, Any]:
    return {"batch": uuid7(), "host": HOST, "sent_at": int(time.time() * 1000), "events": [delivered(1)]}


def _body(**members: Any) -> bytes:
    return _encoded({**_members(), **members})


def _encoded(members: dict[str, Any]) -> bytes:
    return msgspec.json.encode(members)
