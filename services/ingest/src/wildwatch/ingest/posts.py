"""From the bytes of a post of mail events to what is published: decode, normalise, encode once."""

from __future__ import annotations

import hashlib
import json
import uuid

import msgspec

from wildwatch.contracts.mail import MailEvent, RawMailBatch
from wildwatch.contracts.post import MailPost, RejectedEvent, batch_time_ms
from wildwatch.ingest.problems import Kind, Refusal
from wildwatch.ingest.settings import IngestSettings
from wildwatch.mail.entry import UnusableEventError, ZoneMtaEntry, decode_tolerantly
from wildwatch.mail.normalise import Normaliser
from wildwatch.mail.rules import RULES_VERSION

_MAX_PART_BYTES = 4_000_000
_PART_EVENTS = 1_000

_decode_post = msgspec.json.Decoder(MailPost).decode
_decode_entry = msgspec.json.Decoder(ZoneMtaEntry).decode
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


def decode(body: bytes) -> MailPost:
    """The envelope, its events still raw. Raises `Refusal` 400 or 422."""
    try:
        return _decode_post(body)
    except msgspec.ValidationError as error:
        raise Refusal(Kind.BAD_FIELD, str(error), field=_path(str(error))) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return _decode_damaged(body, error)


def _decode_damaged(body: bytes, cause: Exception) -> MailPost:
    """Bytes that are not UTF-8 somewhere must not cost the events beside them."""
    try:
        value = json.loads(body.decode("utf-8", "replace"))
        events = [json.dumps(event).encode() for event in value["events"]]
        return msgspec.convert({**value, "events": list(map(msgspec.Raw, events))}, MailPost)
    except msgspec.ValidationError as error:
        raise Refusal(Kind.BAD_FIELD, str(error), field=_path(str(error))) from error
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        raise Refusal(Kind.NOT_JSON, "send an object with batch, host, sent_at and events") from cause


def _path(error: str) -> str | None:
    _, separator, path = error.partition("at `$.")
    return path.rstrip("`") if separator else None


def check_envelope(post: MailPost, key_host: str, settings: IngestSettings, now_ms: int) -> None:
    """Raise `Refusal` when the post is not this key's, has too many events, or a name that cannot count."""
    if post.host != key_host:
        raise Refusal(Kind.WRONG_HOST, f"the key is for host `{key_host}`", field="host")
    if len(post.events) > settings.max_events_per_post:
        raise Refusal(
            Kind.TOO_MANY_EVENTS, f"{settings.max_events_per_post} events are the most", field="events"
        )
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
    events: list[MailEvent] = []
    rejected: list[RejectedEvent] = []
    rejected_raw: list[bytes] = []
    normalise = normaliser.normalise
    for index, raw in enumerate(post.events):
        try:
            events.append(normalise(_entry(raw, settings.max_event_bytes), now_ms))
        except UnusableEventError as error:
            rejected.append(RejectedEvent(index, str(error)))
            rejected_raw.append(bytes(raw))
    name = str(uuid.UUID(post.batch))
    sent_ms = _clamp(post.sent_at)
    parts = _encode_parts(name, post.host, sent_ms, now_ms, events) if events else []
    return PreparedPost(name, post.host, sent_ms, len(events), parts, rejected, rejected_raw)


def _entry(raw: msgspec.Raw, max_bytes: int) -> ZoneMtaEntry:
    if len(raw) > max_bytes:
        raise UnusableEventError("event", f"{max_bytes} bytes are the most")
    try:
        return _decode_entry(raw)
    except (msgspec.DecodeError, RecursionError):
        return decode_tolerantly(bytes(raw))


def _clamp(sent_at: float) -> int:
    return int(sent_at) if -(2**53) < sent_at < 2**53 else 0


def _encode_parts(
    name: str, host: str, sent_ms: int, now_ms: int, events: list[MailEvent]
) -> list[tuple[str, bytes]]:
    def encode(part_name: str, encoded_events: bytes) -> tuple[str, bytes]:
        batch = RawMailBatch(
            batch=part_name, host=host, received_ms=now_ms, sent_ms=sent_ms, rules_version=RULES_VERSION,
            events=msgspec.Raw(encoded_events),
        )  # fmt: skip
        return part_name, _encode(batch)

    encoded = _encode(events)
    if len(encoded) <= _MAX_PART_BYTES:
        return [encode(name, encoded)]
    starts = range(0, len(events), _PART_EVENTS)
    return [encode(_part_name(name, at), _encode(events[at : at + _PART_EVENTS])) for at in starts]


def _part_name(name: str, at: int) -> str:
    """The name of a part of a large post: same time, same at every retry, and never another post's."""
    whole = uuid.UUID(name).int
    digest = int.from_bytes(hashlib.sha256(f"{name}|{at}".encode()).digest()[:10])
    value = (whole >> 80 << 80) | digest
    value = value & ~(0xF << 76) | (7 << 76)
    return str(uuid.UUID(int=value & ~(0x3 << 62) | (2 << 62)))
