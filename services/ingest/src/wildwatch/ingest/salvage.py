"""Take a damaged post apart, so that one event which is no JSON does not cost the events beside it.

A strict reader stops at the first raw control character, NaN, wrong escape or bottomless nesting, wherever it
stands. This one follows strings, brackets and commas alone and cuts out each event as the bytes it came in;
whoever decodes the events then refuses the bad ones by themselves.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec

from wildwatch.contracts.post import MailPost

MAX_STEPS: Final = 400_000
"""Work for one post; a post of 5,000 real events takes about 40,000. Above it the post counts as no JSON."""

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_STEP = re.compile(rb"[^\"\[\]{},:]*+(" + _STRING + rb"|[\[\]{},:])", re.DOTALL)
_BRACKET = re.compile(rb"(?:[^\"\[\]{}]++|" + _STRING + rb")*+([\[\]{}])", re.DOTALL)


_ENVELOPE = (b'"batch"', b'"host"', b'"sent_at"')


class TooManyEventsError(ValueError):
    """More events than a post may have."""


def take_apart(body: bytes, max_events: int) -> MailPost:
    """The post in `body`.

    Raises `ValueError` when its frame is damaged too, `TooManyEventsError` for too many events,
    `msgspec.ValidationError` for an envelope of the wrong types.
    """
    return msgspec.convert(_Scan(body, max_events).post(), MailPost)


class _Scan:
    """One walk through a body, with a bound on its steps."""

    def __init__(self, body: bytes, max_events: int) -> None:
        self._body = body
        self._max_events = max_events
        self._left = MAX_STEPS
        self._at = 0

    def post(self) -> dict[str, Any]:
        """The members a post may have, events as raw bytes."""
        loose: dict[str, Any] = {}
        self._expect(b"{")
        mark = b","
        while mark == b",":
            name = self._step(_STEP)
            self._expect(b":")
            start = self._at
            if name == b'"events"':
                loose["events"] = self._events() if self._is_next(b"[") else None
                start = self._at
            mark = self._skip_value()
            if name in _ENVELOPE:
                value = self._body[start : self._at - 1].decode("utf-8", "replace")
                loose[name[1:-1].decode()] = json.loads(value, strict=False)
        if mark != b"}" or self._body[self._at :].strip():
            raise ValueError("the object does not end well")
        return loose

    def _events(self) -> list[msgspec.Raw]:
        events: list[msgspec.Raw] = []
        self._expect(b"[")
        mark = b","
        while mark == b",":
            start = self._at
            mark = self._skip_value()
            event = self._body[start : self._at - 1].strip()
            if not event and not events and mark == b"]":
                break
            if len(events) == self._max_events:
                raise TooManyEventsError
            # A place without an element stays an event of its own, refused like any other bad one.
            events.append(msgspec.Raw(event or b"null"))
        return events

    def _skip_value(self) -> bytes:
        """Go behind the comma or closing bracket that ends the value here, and return it."""
        depth = 0
        while True:
            mark = self._step(_BRACKET if depth else _STEP)
            if mark in (b"[", b"{"):
                depth += 1
            elif depth == 0 and mark in (b",", b"]", b"}"):
                return mark
            elif mark in (b"]", b"}"):
                depth -= 1

    def _expect(self, wanted: bytes) -> None:
        if self._step(_STEP) != wanted:
            raise ValueError(f"no {wanted!r}")

    def _is_next(self, wanted: bytes) -> bool:
        match = _STEP.match(self._body, self._at)
        return match is not None and match[1] == wanted

    def _step(self, pattern: re.Pattern[bytes]) -> bytes:
        match = pattern.match(self._body, self._at)
        if match is None or not self._left:
            raise ValueError("cut off, or too long a way to its end")
        self._left -= 1
        self._at = match.end()
        return match[1]
