"""From the bytes of a post of mail events to what is published: decode, normalise, encode once."""

from __future__ import annotations

import functools
import hashlib
import re
import uuid

import msgspec

from wildwatch.contracts.mail import MailEvent, RawMailBatch
from wildwatch.contracts.post import MailPost, RejectedEvent, batch_name, batch_time_ms
from wildwatch.ingest import salvage
from wildwatch.ingest.problems import Kind, Refusal
from wildwatch.ingest.settings import IngestSettings
from wildwatch.mail import entry
from wildwatch.mail.entry import UnusableEventError, ZoneMtaEntry
from wildwatch.mail.normalise import Normaliser
from wildwatch.mail.rules import RULES_VERSION

_PART_EVENTS = 500
_MANY_COMMAS = 1_000_000
"""More than a post of real events has (5,000 with 60 members each are 300,000): count before decoding."""

_PATH = re.compile(r"at `\$\.([^`]+)`")
_MISSING = re.compile(r"missing required field `([^`]+)`")
_decode_post = msgspec.json.Decoder(MailPost).decode
_encode = msgspec.json.Encoder().encode


class PreparedPost(msgspec.Struct):
    """A post ready for the stream."""

    batch: str
    host: str
    sent_ms: int
    accepted: int
    parts: list[tuple[str, bytes]]
    """`(name, encoded batch)`; one, but for a post too large for a message."""
    rejected: list[RejectedEvent]
    rejected_raw: list[bytes]


def decode(body: bytes, max_events: int) -> MailPost:
    """The envelope, its events still raw. Raises `Refusal` 400, 413 or 422."""
    try:
        if body.count(b",") > _MANY_COMMAS:
            _check_count(body, max_events)
        return _decode_post(body)
    except msgspec.ValidationError as error:
        raise Refusal(Kind.BAD_FIELD, str(error), field=_path(str(error))) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return _decode_damaged(body, max_events, error)


def _check_count(body: bytes, max_events: int) -> None:
    """Refuse too many events before an object is made for each: 64 MB of `0,` would become 2 GB."""
    events = _decode_uncounted(body).events
    try:
        _counter(max_events).decode(events)
    except msgspec.ValidationError as error:
        if not bytes(events).startswith(b"["):
            return  # no list at all: the real decoder says so
        raise too_many_events(max_events) from error


class _Uncounted(msgspec.Struct):
    events: msgspec.Raw = msgspec.Raw(b"[]")


_decode_uncounted = msgspec.json.Decoder(_Uncounted).decode


@functools.lru_cache(maxsize=4)
def _counter(max_events: int) -> msgspec.json.Decoder[msgspec.Struct]:
    """A decoder that counts the elements of an array in C and gives up at one too many."""
    fields = [(f"event_{n}", msgspec.Raw, msgspec.Raw(b"")) for n in range(max_events)]
    return msgspec.json.Decoder(
        msgspec.defstruct("Counted", fields, array_like=True, forbid_unknown_fields=True)
    )


def too_many_events(max_events: int) -> Refusal:
    """The refusal of a post with more events than that."""
    return Refusal(Kind.TOO_MANY_EVENTS, f"{max_events} events are the most", field="events")


def _decode_damaged(body: bytes, max_events: int, cause: Exception) -> MailPost:
    """Damage in one event must not cost the events beside it."""
    try:
        return salvage.take_apart(body, max_events)
    except salvage.TooManyEventsError:
        raise too_many_events(max_events) from cause
    except msgspec.ValidationError as error:
        raise Refusal(Kind.BAD_FIELD, str(error), field=_path(str(error))) from error
    except (ValueError, RecursionError):
        raise Refusal(Kind.NOT_JSON, "send an object with batch, host, sent_at and events") from cause


def _path(error: str) -> str | None:
    found = _PATH.search(error) or _MISSING.search(error)
    return found[1] if found else None


def check_envelope(post: MailPost, key_host: str, settings: IngestSettings, now_ms: int) -> None:
    """Raise `Refusal` when the post is not this key's, has too many events, or a name that cannot count."""
    if post.host != key_host:
        raise Refusal(Kind.WRONG_HOST, f"the key is for host `{key_host}`", field="host")
    if len(post.events) > settings.max_events_per_post:
        raise too_many_events(settings.max_events_per_post)
    try:
        named_ms = batch_time_ms(post.batch)
    except ValueError as error:
        raise Refusal(
            Kind.BAD_FIELD, "batch must be a UUIDv7 that names this post for ever", field="batch"
        ) from error
    if named_ms < now_ms - settings.max_batch_age_s * 1000:
        raise Refusal(Kind.TOO_OLD, f"{settings.max_batch_age_s // 86_400} days are the most", field="batch")
    if named_ms > now_ms + settings.max_batch_ahead_s * 1000:
        raise Refusal(Kind.FROM_FUTURE, "set the host's clock, then name the batch anew", field="batch")


def prepare(post: MailPost, normaliser: Normaliser, settings: IngestSettings, now_ms: int) -> PreparedPost:
    """Normalise every event of a post. One bad event does not spoil the others.

    Raises `Refusal` 422 when none is usable.
    """
    name = str(uuid.UUID(post.batch))
    prepared = PreparedPost(name, post.host, _clamp(post.sent_at), 0, [], [], [])
    normalise = normaliser.normalise
    # Cut by place in the post, so that a retry is cut the same way whatever became of its events.
    for start in range(0, len(post.events), _PART_EVENTS):
        events: list[MailEvent] = []
        for index, raw in enumerate(post.events[start : start + _PART_EVENTS], start):
            try:
                events.append(normalise(_entry(raw, settings.max_event_bytes), now_ms))
            except UnusableEventError as error:
                prepared.rejected.append(RejectedEvent(index, str(error)))
                prepared.rejected_raw.append(bytes(raw))
        prepared.accepted += len(events)
        part_name = name if len(post.events) <= _PART_EVENTS else _part_name(name, str(start))
        prepared.parts += _encode_part(part_name, prepared, events, now_ms, settings.max_message_bytes)
    return prepared


def _entry(raw: msgspec.Raw, max_bytes: int) -> ZoneMtaEntry:
    if len(raw) > max_bytes:
        raise UnusableEventError("event", f"{max_bytes} bytes are the most")
    return entry.decode(bytes(raw))


def _clamp(sent_at: float) -> int:
    return int(sent_at) if -(2**53) < sent_at < 2**53 else 0


def _encode_part(
    name: str, post: PreparedPost, events: list[MailEvent], now_ms: int, max_bytes: int
) -> list[tuple[str, bytes]]:
    """The events as one batch, or as smaller ones where a message could not hold them."""
    if not events:
        return []
    encoded = _encode(events)
    if len(encoded) > max_bytes and len(events) > 1:
        middle = len(events) // 2
        return [
            part
            for which, half in (("first", events[:middle]), ("second", events[middle:]))
            for part in _encode_part(_part_name(name, which), post, half, now_ms, max_bytes)
        ]
    batch = RawMailBatch(
        batch=name, host=post.host, received_ms=now_ms, sent_ms=post.sent_ms, rules_version=RULES_VERSION,
        events=msgspec.Raw(encoded),
    )  # fmt: skip
    return [(name, _encode(batch))]


def _part_name(name: str, at: str) -> str:
    """The name of a part of a large post: same time, same at every retry, and never another post's."""
    digest = hashlib.sha256(f"{name}|{at}".encode()).digest()
    return batch_name(batch_time_ms(name), int.from_bytes(digest[:10]))
