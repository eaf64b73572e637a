"""Request bodies for load tests, made by the simulated cluster and kept in memory."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import msgspec

from wildwatch.cli.demo.cluster import Cluster
from wildwatch.cli.demo.post import prepared_bodies
from wildwatch.contracts import mail
from wildwatch.contracts.post import MailPost
from wildwatch.ingest import posts
from wildwatch.ingest.settings import IngestSettings
from wildwatch.mail.normalise import Normaliser

EVENTS_PER_BODY = 500


def bodies(n: int, seed: int = 1) -> list[tuple[str, bytes]]:
    """`n` bodies of 500 events of a cluster at work, as `(host, body)`; each with a name of its own.

    The same cluster serves a minute of realistic traffic; its events are then repeated under new names.
    """
    distinct = list(itertools.islice(_distinct(seed), min(n, 400)))
    return [rename(*distinct[i % len(distinct)], i // len(distinct)) for i in range(n)]


def _distinct(seed: int) -> Iterator[tuple[str, bytes]]:
    cluster = Cluster(seed, start_ms=int(time.time() * 1000) - 120_000, events_per_s=8_000, steady=True)
    return prepared_bodies(cluster, events_per_body=EVENTS_PER_BODY, step_ms=500)


def rename(host: str, body: bytes, round_: int) -> tuple[str, bytes]:
    """The same events under the name of another round; the time in the name stays."""
    post = msgspec.json.decode(body, type=MailPost)
    if round_:
        post.batch = posts._part_name(post.batch, str(round_))
    return host, msgspec.json.encode(post)


def batches(prepared: list[tuple[str, bytes]]) -> list[mail.MailBatch]:
    """What the bodies become on `MAIL`."""
    normaliser = Normaliser(max_cache_entries=100_000)
    now_ms = int(time.time() * 1000)
    found = []
    for _, body in prepared:
        ready = posts.prepare(posts.decode(body, 5_000), normaliser, IngestSettings(), now_ms)
        for _, part in ready.parts:
            found.append(msgspec.json.decode(part, type=mail.MailBatch))
    return found
