"""Request bodies of `POST /v1/events/mail`, sealed under the name they keep for ever."""

from __future__ import annotations

import secrets
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from wildwatch.cli.demo.cluster import Cluster
from wildwatch.contracts.post import batch_name

_encode = msgspec.json.Encoder().encode


class SealedBatch(msgspec.Struct, frozen=True):
    """A batch that may be sent any number of times: always these bytes, so always this name."""

    name: str
    host: str
    body: bytes
    events: int


def uuid7(time_ms: int) -> str:
    """A new batch name of a time, epoch ms."""
    return batch_name(time_ms, secrets.randbits(80))


def plain_body(host: str, events: list[dict[str, Any]], now_ms: int) -> tuple[str, bytes]:
    """(name, uncompressed body) of a new batch."""
    name = uuid7(now_ms)
    return name, _encode({"batch": name, "host": host, "sent_at": now_ms, "events": events})


def seal(host: str, events: list[dict[str, Any]], now_ms: int) -> SealedBatch:
    """A gzip body. Level 1: the time of the others on the machine is worth more than the last bytes."""
    name, body = plain_body(host, events, now_ms)
    deflate = zlib.compressobj(1, zlib.DEFLATED, 31)
    return SealedBatch(name, host, deflate.compress(body) + deflate.flush(), len(events))


def prepared_bodies(
    cluster: Cluster, *, events_per_body: int = 500, step_ms: int = 1_000
) -> Iterator[tuple[str, bytes]]:
    """(host, uncompressed body) of full batches, for load tests, for as long as one asks.

    The cluster's own time goes on by `step_ms` whenever the bodies at hand are used up; `sent_at` is that
    time. What is left over for a host stays for its next body: at most `events_per_body` events a host.
    """
    waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
    while True:
        for host, entry in cluster.advance(cluster.now_ms + step_ms):
            events = waiting[host]
            events.append(entry)
            if len(events) >= events_per_body:
                yield host, plain_body(host, events, cluster.now_ms)[1]
                waiting[host] = []
