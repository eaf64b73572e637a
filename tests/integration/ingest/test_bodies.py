"""Bodies made to hurt: too large, too slow, swollen, cut off. Memory stays bounded and answers come early."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib

import pytest
import zstandard
from tests.fixtures.road import delivered, post_body, uuid7
from tests.integration.ingest.door import Door, hang_up

MB = 1_000_000
GROWTH_BYTES = 160 * MB
"""What the process may grow by over one hostile post: one inflated body, and what is made from it."""


async def test_10_gb_announced_is_refused_before_it_is_sent(door: Door) -> None:
    before = door.rss_bytes()
    began = time.monotonic()
    answer = await door.raw(door.head("Content-Length: 10000000000"), b"{" * 100_000)
    assert answer.status == 413
    assert answer.headers["connection"] == "close"
    assert time.monotonic() - began < 5
    assert door.rss_bytes() - before < 20 * MB


async def test_an_endless_chunked_body_is_refused_at_the_bound(door: Door) -> None:
    before = door.rss_bytes()
    chunk = b"%x\r\n" % 1_000_000 + b" " * 1_000_000 + b"\r\n"
    answer = await door.raw(door.head("Transfer-Encoding: chunked"), *[chunk] * 10_000)
    assert answer.status == 413
    assert door.rss_bytes() - before < 30 * MB


async def test_many_endless_bodies_at_once_are_held_by_one_budget(door: Door) -> None:
    before = door.rss_bytes()
    chunk = b"%x\r\n" % 1_000_000 + b" " * 1_000_000 + b"\r\n"
    answers = await asyncio.gather(
        *(door.raw(door.head("Transfer-Encoding: chunked"), *[chunk] * 12) for _ in range(60))
    )
    assert {answer.status for answer in answers} <= {413, 503, 408}
    assert door.rss_bytes() - before < 350 * MB
    assert door.process.metrics()["wildwatch_ingest_bytes_in_flight"] == 0


def _gzip_bomb() -> bytes:
    return gzip.compress(b" " * 70 * MB, 9)


def _many_members() -> bytes:
    return gzip.compress(b" " * 10_000) * 40_000


def _empty_members() -> bytes:
    return gzip.compress(b"") * 350_000


def _zstd_bomb() -> bytes:
    return zstandard.ZstdCompressor().compress(b" " * 70 * MB)


def _zstd_many_frames() -> bytes:
    return zstandard.ZstdCompressor().compress(b" " * 100_000) * 10_000


def _zstd_wide_window() -> bytes:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, compression_level=3, write_content_size=0)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(b" " * 1_000_000)


def _zstd_skippable() -> bytes:
    return (b"\x50\x2a\x4d\x18" + (1_000).to_bytes(4, "little") + b"x" * 1_000) * 7_000


def _events_of_nothing() -> bytes:
    """64 MB of events of one byte each: an object for each would be gigabytes."""
    head = b'{"batch":"%s","host":"mta1.example.net","sent_at":1,"events":[' % uuid7().encode()
    return zstandard.ZstdCompressor().compress(head + b"0," * 31_900_000 + b"0]}")


def _damaged_events_of_nothing() -> bytes:
    head = b'{"batch":"%s","host":"mta1.example.net","sent_at":1,"events":[' % uuid7().encode()
    return zstandard.ZstdCompressor().compress(head + b"[NaN]," * 10_000_000 + b"0]}")


@pytest.mark.parametrize(
    ("encoding", "make", "statuses"),
    [
        ("gzip", _gzip_bomb, {413}),
        ("gzip", _many_members, {400}),
        ("gzip", _empty_members, {400}),
        ("zstd", _zstd_bomb, {413}),
        ("zstd", _zstd_many_frames, {413}),
        ("zstd", _zstd_wide_window, {400}),
        ("zstd", _zstd_skippable, {400}),
        ("zstd", _events_of_nothing, {413}),
        ("zstd", _damaged_events_of_nothing, {413, 400}),
    ],
)
async def test_a_bomb_costs_its_sender_more_than_us(
    door: Door, encoding: str, make: object, statuses: set[int]
) -> None:
    assert callable(make)
    bomb = await asyncio.to_thread(make)
    assert len(bomb) < 8 * MB
    await door.post(post_body([delivered(1)]))
    before = door.rss_bytes()
    began = time.monotonic()
    status, document, _ = await door.post(bomb, headers={"Content-Encoding": encoding})
    took = time.monotonic() - began
    assert status in statuses, document
    assert took < 5
    assert door.rss_bytes() - before < GROWTH_BYTES


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
@pytest.mark.parametrize("keep", [0.0, 0.3, 0.99])
async def test_what_is_cut_off_is_refused(door: Door, encoding: str, keep: float) -> None:
    body = post_body([delivered(n) for n in range(100)])
    packed = gzip.compress(body) if encoding == "gzip" else zstandard.ZstdCompressor().compress(body)
    cut = packed[: int(len(packed) * keep)]
    status, document, _ = await door.post(cut, headers={"Content-Encoding": encoding})
    assert (status, document["type"].rpartition("/")[2]) in {(400, "bad-encoding"), (400, "not-json")}


async def test_gzip_with_a_wrong_checksum_is_refused(door: Door) -> None:
    packed = bytearray(gzip.compress(post_body([delivered(1)])))
    packed[-5] ^= 0xFF
    status, document, _ = await door.post(bytes(packed), headers={"Content-Encoding": "gzip"})
    assert (status, document["type"].rpartition("/")[2]) == (400, "bad-encoding")


@pytest.mark.parametrize("wrap", [gzip.compress, zlib.compress])
async def test_plain_bytes_under_a_compressed_name_are_refused(door: Door, wrap: object) -> None:
    assert callable(wrap)
    status, _, _ = await door.post(wrap(post_body([delivered(1)])))  # and no Content-Encoding
    assert status == 400


async def test_members_of_gzip_and_frames_of_zstd_are_read_together(door: Door) -> None:
    body = post_body([delivered(n) for n in range(10)])
    parts = body[:100], body[100:]
    packed = b"".join(gzip.compress(part) for part in parts)
    assert (await door.post(packed, headers={"Content-Encoding": "gzip"}))[0] == 202
    packed = b"".join(zstandard.ZstdCompressor().compress(part) for part in parts)
    assert (await door.post(packed, headers={"Content-Encoding": "zstd"}))[0] == 202


async def test_408_for_a_body_that_never_ends(door: Door) -> None:
    began = time.monotonic()
    answer = await door.raw(door.head("Content-Length: 1000"), *[b"{"] * 200, pause_s=0.1)
    assert answer.status == 408
    assert answer.problem()["type"].endswith("/too-slow")
    assert time.monotonic() - began < 15


async def test_headers_that_never_end_are_hung_up_on(door: Door) -> None:
    began = time.monotonic()
    answer = await door.raw(b"POST /v1/events/mail HTTP/1.1\r\n", *[b"X-A: b\r\n"] * 300, pause_s=0.05)
    assert answer.status in {0, 400, 408}
    assert time.monotonic() - began < 5


async def test_silence_is_hung_up_on(door: Door) -> None:
    began = time.monotonic()
    answer = await door.raw(b"")
    assert answer.status == 0
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
        b"GET\r\n\r\n",
        b"POST /v1/events/mail HTTP/9.9\r\n\r\n",
        b"POST /v1/events/mail HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/events/mail HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /v1/events/mail HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /v1/events/mail HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"POST /v1/events/mail HTTP/1.1\r\nX\x00Y: z\r\n\r\n",
    ],
)
async def test_400_for_what_is_not_http(door: Door, raw: bytes) -> None:
    assert (await door.raw(raw)).status in {400, 401}


@pytest.mark.parametrize(
    "chunks", [b"zz\r\n{}\r\n0\r\n\r\n", b"-1\r\n\r\n", b"5\r\n{}\r\n0\r\n\r\n", b"2\r\n{}XX"]
)
async def test_400_for_damaged_chunks(door: Door, chunks: bytes) -> None:
    answer = await door.raw(door.head("Transfer-Encoding: chunked") + chunks)
    assert answer.status == 400


async def test_a_sender_that_hangs_up_leaves_nothing_behind(door: Door) -> None:
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(door.head("Content-Length: 1000") + b"{")
        await writer.drain()
        await hang_up(writer)
    assert (await door.post(post_body([delivered(1)])))[0] == 202
    assert door.process.metrics()["wildwatch_ingest_bytes_in_flight"] == 0
