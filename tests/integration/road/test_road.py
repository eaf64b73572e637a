"""A post becomes rows, each exactly once."""

from __future__ import annotations

import gzip

import zstandard
from tests.fixtures.road import HOST, Road, delivered, post_body, uuid7


async def test_an_accepted_event_becomes_one_row(road: Road) -> None:
    status, answer = await road.post(post_body([delivered(7)]))
    assert (status, answer["accepted"], answer["rejected"], answer["duplicate"]) == (202, 1, [], False)
    await road.wait_rows(1)
    [row] = await road.rows()
    assert (row["action"], row["host"], row["provider"]) == ("delivered", HOST, "google")
    assert str(row["source_ip"]) == "192.0.2.8"
    assert row["recipient_domain"] == "gmail.com"
    assert row["smtp_code"] == 250
    assert row["queued_ms"] is not None


async def test_the_same_bytes_again_are_counted_once(road: Road) -> None:
    body = post_body([delivered(n) for n in range(10)])
    assert (await road.post(body))[1]["duplicate"] is False
    assert (await road.post(body)) == (
        202,
        {"accepted": 10, "rejected": [], "duplicate": True, "directives": 0},
    )
    await road.post(post_body([delivered(99)]))
    assert await road.wait_rows(11) == 11


async def test_the_ledger_counts_once_what_the_stream_no_longer_remembers(road: Road) -> None:
    """Gathered with other posts, a retry has another message id: only the ledger can tell."""
    name = uuid7()
    again = post_body([delivered(1)], batch=name)
    await road.post(again)
    await road.wait_rows(1)
    import asyncio

    others = [post_body([delivered(n)]) for n in range(2, 6)]
    answers = await asyncio.gather(*(road.post(body) for body in [*others, again]))
    assert [status for status, _ in answers] == [202] * 5
    assert await road.wait_rows(5) == 5


async def test_gzip_and_zstd_bodies_are_read(road: Road) -> None:
    for encoding, compress in (("gzip", gzip.compress), ("zstd", zstandard.ZstdCompressor().compress)):
        status, answer = await road.post(compress(post_body([delivered(1)])), Content_Encoding=encoding)
        assert (status, answer["accepted"]) == (202, 1), encoding
    await road.wait_rows(2)


async def test_one_bad_event_does_not_spoil_its_batch(road: Road) -> None:
    events = [delivered(1), {"action": "ACCEPTED"}, delivered(2), "not an object", delivered(3)]
    status, answer = await road.post(post_body(events))
    assert (status, answer["accepted"]) == (202, 3)
    assert [rejected["index"] for rejected in answer["rejected"]] == [1, 3]
    await road.wait_rows(3)
