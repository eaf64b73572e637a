"""A post becomes rows, each exactly once."""

from __future__ import annotations

import gzip
from pathlib import Path

import zstandard
from tests.fixtures.road import HOST, Road, delivered, open_road, post_body, uuid7

from wildwatch.cli.embedded.nats_server import NatsServer


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


async def test_a_post_too_large_for_one_transaction_is_cut_the_same_way_each_time(road: Road) -> None:
    events: list[object] = [delivered(n) for n in range(1_200)]
    events[700] = "no event"
    body = post_body(events)
    for _ in range(2):
        status, answer = await road.post(body)
        assert (status, answer["accepted"]) == (202, 1_199)
        assert [rejected["index"] for rejected in answer["rejected"]] == [700]
    await road.post(post_body([delivered(9_999)]))
    assert await road.wait_rows(1_200) == 1_200
    batches = await road.rows("select rows from ingested_batch order by rows")
    assert [row["rows"] for row in batches] == [1, 200, 499, 500]


async def test_a_batch_too_large_for_one_message_is_cut_and_arrives_once(
    fresh_nats_server: NatsServer, database_url: str, tmp_path: Path
) -> None:
    limit = {"WILDWATCH_INGEST_MAX_MESSAGE_BYTES": "20000"}
    async with open_road(fresh_nats_server, database_url, tmp_path, ingest=limit) as road:
        body = post_body([delivered(n) for n in range(300)])
        for _ in range(2):
            status, answer = await road.post(body)
            assert (status, answer["accepted"]) == (202, 300)
        await road.post(post_body([delivered(9_999)]))
        assert await road.wait_rows(301) == 301
        assert len(await road.rows("select batch from ingested_batch")) > 5
