"""Bodies nobody would send on purpose: seeded damage to real posts, by structure and by byte."""

from __future__ import annotations

import copy
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard
from tests.fixtures.road import HOST, uuid7

ENTRIES = Path(__file__).parents[2] / "data/zonemta/log-entries.ndjson"
_WILD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, -1e-308, 2**63, 2**64, 10**30, float("nan"), float("inf"),
    "", " ", "0", "NaN",
    "\0", "\ud800", "\u202e", "x" * 20_000, "192.0.2.1", "::1", "2001:db8::/32", "999.1.1.1", [], {}, [[]],
    {"": ""}, [None] * 50, {"$gt": ""}, "'; drop table mail_event; --", "../../etc/passwd", "\r\nX: y",
)  # fmt: skip
_BYTES = (
    b"\x00", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b'"', b"\\", b"{", b"}", b"[", b"]",
    b",", b":",
    b"\\u0000", b"\\ud800", b"NaN", b"1e999", b"[" * 600, b'{"a":' * 600, b"\n", b"\x1b[2J", b"9" * 400,
)  # fmt: skip


def bodies(seed: int) -> Iterator[tuple[bytes, dict[str, str]]]:
    """Endless `(body, headers)`; the same for the same seed, but for the names of batches."""
    chance = random.Random(seed)
    entries = [
        {"ts": line["ts"], "ctx": line["ctx"], "pid": line["pid"], **line["entry"]}
        for line in map(json.loads, ENTRIES.read_text().splitlines())
    ]
    while True:
        post: Any = {
            "batch": uuid7(),
            "host": HOST,
            "sent_at": 1_795_318_946_537,
            "events": [dict(chance.choice(entries)) for _ in range(chance.choice((1, 1, 2, 3, 8, 20)))],
        }
        for _ in range(chance.choice((0, 1, 1, 2, 4))):
            post = _structural(post, chance)
        raw = json.dumps(post).encode()
        if chance.random() < 0.5:
            raw = json.dumps(post, ensure_ascii=False).encode("utf-8", "surrogatepass")
        for _ in range(chance.choice((0, 0, 0, 1, 2, 8))):
            raw = _by_byte(raw, chance)
        yield _wrapped(raw, chance)


def _structural(post: Any, chance: random.Random) -> Any:
    kind = chance.random()
    if kind < 0.03 or not isinstance(post, dict):
        return chance.choice((None, [], post, [post], "x", 5))
    if kind < 0.15:
        post[chance.choice(("batch", "host", "sent_at", "events", "more"))] = copy.deepcopy(
            chance.choice(_WILD)
        )
        return post
    if kind < 0.18:
        post.pop(chance.choice(list(post)), None)
        return post
    events = post.get("events")
    if not isinstance(events, list) or not events:
        return post
    at = chance.randrange(len(events))
    if kind < 0.25 or not isinstance(events[at], dict):
        events[at] = copy.deepcopy(chance.choice(_WILD))
    elif kind < 0.35:
        events.insert(at, copy.deepcopy(chance.choice((events[at], events[at:], {}))))
    elif events[at]:
        name = chance.choice([*events[at], "ts", "id", "seq", "action", "extra"])
        if kind < 0.45:
            events[at].pop(name, None)
        else:
            events[at][name] = copy.deepcopy(
                chance.choice((*_WILD, events[at], chance.getrandbits(70), chance.random()))
            )
    return post


def _by_byte(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    kind = chance.random()
    if kind < 0.3:
        return raw[:at] + chance.choice(_BYTES) + raw[at:]
    if kind < 0.5:
        return raw[:at] + bytes((chance.randrange(256),)) + raw[at + 1 :]
    end = min(len(raw), at + chance.choice((1, 1, 5, 50, 500)))
    if kind < 0.7:
        return raw[:at] + raw[end:]
    return raw[:end] + raw[at:end] + raw[end:] if kind < 0.9 else raw[:at]


def _wrapped(raw: bytes, chance: random.Random) -> tuple[bytes, dict[str, str]]:
    kind = chance.random()
    if kind < 0.7:
        return raw, {}
    name, packed = (
        ("gzip", gzip.compress(raw, 1)) if kind < 0.85 else ("zstd", zstandard.ZstdCompressor().compress(raw))
    )
    if chance.random() < 0.2:
        packed = _by_byte(packed, chance)
    if chance.random() < 0.03:
        name = chance.choice(("gzip", "zstd", "br", "identity", ""))
    return packed, {"Content-Encoding": name}
