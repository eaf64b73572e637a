"""Read a body within its bounds: of size, of time, and of memory over all posts."""

from __future__ import annotations

import asyncio
import io
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import zstandard
from aiohttp import web
from prometheus_client import Gauge

from wildwatch.ingest.problems import Kind, Refusal
from wildwatch.ingest.settings import IngestSettings

_INFLATE_IN_THREAD_BYTES = 1_000_000
_MAX_GZIP_MEMBERS = 64


class ByteBudget:
    """Body bytes that all posts together may hold; who finds no room is told to come again."""

    def __init__(self, max_bytes: int, gauge: Gauge, retry_after_s: float) -> None:
        self._max_bytes = max_bytes
        self._gauge = gauge
        self._retry_after_s = retry_after_s
        self._used = 0

    @asynccontextmanager
    async def holding(self) -> AsyncIterator[Held]:
        """Bytes reserved through the yielded object are given back at the end of the block."""
        held = Held(self)
        try:
            yield held
        finally:
            self._change(-held.size)

    def _change(self, size: int) -> None:
        if size > 0 and self._used + size > self._max_bytes:
            raise Refusal(Kind.BUSY, retry_after_s=self._retry_after_s, close=True)
        self._used += size
        self._gauge.set(self._used)


class Held:
    """What one post has reserved."""

    def __init__(self, budget: ByteBudget) -> None:
        self._budget = budget
        self.size = 0

    def add(self, size: int) -> None:
        """Reserve more. Raises `Refusal` 503 when all posts together hold too much."""
        self._budget._change(size)  # noqa: SLF001 # the two are one piece
        self.size += size


async def read(request: web.Request, held: Held, settings: IngestSettings) -> bytes:
    """The body, decompressed. Raises `Refusal` 400, 408, 413, 415 or 503."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", "zstd", ""):
        raise Refusal(Kind.UNKNOWN_ENCODING, "use gzip, zstd or none", field="Content-Encoding", close=True)
    if (request.content_length or 0) > settings.max_body_bytes:
        raise _too_large(settings)
    try:
        async with asyncio.timeout(settings.body_timeout_s):
            sent = await _receive(request, held, settings)
    except TimeoutError as error:
        raise Refusal(Kind.TOO_SLOW, f"send it within {settings.body_timeout_s:.0f} s", close=True) from error
    if encoding in ("identity", ""):
        return sent
    inflate = _unzstd if encoding == "zstd" else _gunzip
    try:
        if len(sent) > _INFLATE_IN_THREAD_BYTES:
            body = await asyncio.to_thread(inflate, sent, settings.max_inflated_bytes)
        else:
            body = inflate(sent, settings.max_inflated_bytes)
    except (zlib.error, zstandard.ZstdError, EOFError) as error:
        raise Refusal(Kind.BAD_ENCODING, f"it is not valid {encoding}", field="Content-Encoding") from error
    if len(body) > settings.max_inflated_bytes:
        raise Refusal(Kind.TOO_LARGE, f"{settings.max_inflated_bytes} bytes inflated are the most")
    held.add(len(body))
    return body


async def _receive(request: web.Request, held: Held, settings: IngestSettings) -> bytes:
    parts = []
    size = 0
    async for part in request.content.iter_any():
        size += len(part)
        if size > settings.max_body_bytes:
            raise _too_large(settings)
        held.add(len(part))
        parts.append(part)
    return b"".join(parts)


def _too_large(settings: IngestSettings) -> Refusal:
    return Refusal(
        Kind.TOO_LARGE, f"{settings.max_body_bytes} bytes are the most; seal smaller batches", close=True
    )


def _gunzip(sent: bytes, limit: int) -> bytes:
    """At most `limit` + 1 bytes, so that the caller sees what is too much without holding it all."""
    out = bytearray()
    # A sender needs one member. Each costs a copy of what follows it, so many small ones would take hours.
    for _ in range(_MAX_GZIP_MEMBERS):
        if not sent:
            return bytes(out)
        inflater = zlib.decompressobj(wbits=31)
        out += inflater.decompress(sent, limit + 1 - len(out))
        if len(out) > limit:
            break
        if not inflater.eof:
            raise EOFError
        sent = inflater.unused_data
    else:
        raise zlib.error("too many members")
    return bytes(out)


def _unzstd(sent: bytes, limit: int) -> bytes:
    with zstandard.ZstdDecompressor(max_window_size=1 << 23).stream_reader(
        io.BytesIO(sent), read_across_frames=True
    ) as reader:
        out = reader.read(limit + 1)
    if sent and not out:
        raise EOFError
    return out
