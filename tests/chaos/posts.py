"""Sealed posts of every kind a host may send, and what must come of each."""

from __future__ import annotations

import gzip
import itertools
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from tests.fixtures.road import delivered, uuid7

_YEAR_9999_MS = 253_400_000_000_000


class SealedPost(msgspec.Struct):
    """Bytes that never change, and what must be found of them in the end."""

    host: str
    name: str
    label: str
    """Its events' `instance`: told apart by it whatever names ingest gives to parts of a large post."""
    body: bytes
    encoding: str
    ns: list[int]
    """`n` of each usable event."""
    rejected: list[int]
    """Places of the unusable ones."""
    suspects: int = 0
    copies: int = 1
    """Sent this many times at once."""
    is_large: bool = False


class Mill:
    """Makes one host's posts. `n` counts up over all of them, as a plugin's counter does."""

    def __init__(self, host: str, number: int, padding: Callable[[], str] = str) -> None:
        self.host = host
        self._padding = padding
        self._number = number
        self._n = itertools.count(1)
        self._labels = itertools.count(1)

    def ordinary(self, events: int, *, compressed: bool) -> SealedPost:
        """Usable events alone."""
        return self._seal(self._events(events), compressed=compressed)

    def special(self) -> Iterator[SealedPost]:
        """One of each kind that ever made trouble."""
        yield self.wild_clock()
        yield self.dirty_texts()
        yield self.unusable_among_good()
        twins = self._seal(self._events(40))
        twins.copies = 2
        yield twins
        yield self.nothing_usable()
        yield self.large()

    def wild_clock(self) -> SealedPost:
        """Times of 1970 and of the year 9999: taken, at the time of receipt, and flagged."""
        events = self._events(6)
        for event in events[1::2]:
            event["ts"] = 0
        events[2]["ts"] = _YEAR_9999_MS
        post = self._seal(events)
        post.suspects = 4
        return post

    def dirty_texts(self) -> SealedPost:
        """NUL, lone surrogates, bytes that are no UTF-8, addresses that are none, numbers out of range."""
        events = self._events(8)
        events[0]["response"] = "250 \0 NUL"
        events[1]["from"] = "\ud800@example.test"
        events[2]["ip"] = "999.300.1.-2"
        events[3]["ip"] = False
        events[4]["size"] = 10**30
        events[5]["messageId"] = "<damaged-@@@@@example.test>"
        events[6]["pid"] = -(10**12)
        events[7]["zone"] = "z" * 4000
        return self._seal(events, replace=(b"@@@@", b"\xff\xfe\x80\0"[:3] + b"?"))

    def unusable_among_good(self) -> SealedPost:
        """Two events nobody can use, in the middle."""
        events: list[Any] = self._events(9)
        good = [*events[:3], *events[4:7], *events[8:]]
        events[3] = {"action": "ACCEPTED", "what": f"no id {time.time_ns()}"}
        events[7] = f"not an object {time.time_ns()}"
        post = self._seal(events, ns=[event["n"] for event in good])
        post.rejected = [3, 7]
        return post

    def nothing_usable(self) -> SealedPost:
        """To be answered 422, and all of it a dead letter."""
        post = self._seal([{"id": "", "made": time.time_ns()}, ["list", time.time_ns()]], ns=[])
        post.rejected = [0, 1]
        return post

    def large(self) -> SealedPost:
        """More than a message takes: ingest cuts it into parts with names of their own."""
        events = self._events(5_000)
        for event in events:
            event["response"] += " " + "x" * 380
        post = self._seal(events, compressed=True)
        post.is_large = True
        return post

    def _events(self, count: int) -> list[dict[str, Any]]:
        return [
            delivered(
                n,
                id=f"{self._number:02x}{n:012x}{n % 65536:04x}",
                response=f"250 2.0.0 OK {self._padding()}".strip(),
            )
            for n in itertools.islice(self._n, count)
        ]

    def _seal(
        self, events: list[Any], *, ns: list[int] | None = None, compressed: bool = False,
        replace: tuple[bytes, bytes] = (b"", b""),
    ) -> SealedPost:  # fmt: skip
        name = uuid7()
        label = f"{self.host}-{next(self._labels)}"
        for event in events:
            if isinstance(event, dict):
                event["instance"] = label
        post = {"batch": name, "host": self.host, "sent_at": int(time.time() * 1000), "events": events}
        try:
            body = msgspec.json.encode(post)
        except (UnicodeEncodeError, OverflowError):
            body = json.dumps(post).encode()  # writes lone surrogates as escapes, like JavaScript
        if replace[0]:
            assert replace[0] in body
            body = body.replace(*replace)
        return SealedPost(
            host=self.host,
            name=name,
            label=label,
            body=gzip.compress(body, 1) if compressed else body,
            encoding="gzip" if compressed else "identity",
            ns=[event["n"] for event in events] if ns is None else ns,
            rejected=[],
        )
