"""Where a page of events ended, as an opaque text."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta

import msgspec

from wildwatch.api.problems import BadParameterError
from wildwatch.store.mail_answers import EventRow
from wildwatch.store.mail_queries import EventKey

_EPOCH = datetime.fromtimestamp(0, UTC)


class _Place(msgspec.Struct, array_like=True):
    time_us: int
    queue_id: str
    seq: str
    action: str
    instance: str


_decode = msgspec.json.Decoder(_Place).decode


def after(event: EventRow) -> str:
    """The cursor of the page that follows `event`. Events are stored to the millisecond."""
    place = _Place(event.time_ms * 1000, event.queue_id, event.seq, event.action, event.instance)
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def parse(text: str) -> EventKey:
    """Raises `BadParameterError` for a text that `after` did not make."""
    try:
        place = _decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        time = _EPOCH + timedelta(microseconds=place.time_us)
    except (binascii.Error, ValueError, msgspec.DecodeError, OverflowError) as error:
        raise BadParameterError("cursor", "not a cursor of this list: ask for its first page") from error
    return time, place.queue_id, place.seq, place.action, place.instance
