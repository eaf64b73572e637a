"""Mail events as they travel on `MAIL`, already normalised by `wildwatch.mail`.

One event is an attempt or a change of state of one recipient's delivery, identified by
`(instance, queue_id, seq)`; events about a whole message (queued, refused, checked) have no `seq`.
Times are epoch milliseconds, durations milliseconds, sizes bytes. Absent means unknown.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from wildwatch.contracts import version

ACTIONS: Final = (
    "queued", "delivered", "deferred", "bounced", "dropped", "refused", "deleted",
    "spam_check", "virus_check", "dsn", "poll", "other",
)  # fmt: skip
"""What can have happened. A reader turns an action it does not know into `other` and keeps its name in
`extra["action"]`."""

_KNOWN_ACTIONS = frozenset(ACTIONS)

MAX_EVENTS_PER_POST: Final = 5_000
MAX_EVENT_BYTES: Final = 16_384
MAX_BODY_BYTES: Final = 8_000_000
MAX_INFLATED_BYTES: Final = 64_000_000
MAX_PAYLOAD_BYTES: Final = 8_000_000
"""NATS `max_payload`; ingest splits what would exceed it."""


class MailEvent(msgspec.Struct, omit_defaults=True, gc=False, kw_only=True):
    """One normalised event. The order of fields is the order of columns in `mail_event`."""

    time_ms: int
    action: str
    queue_id: str
    seq: str = ""
    time_suspect: bool = False
    instance: str = ""
    pid: int | None = None
    n: int | None = None
    message_id: str | None = None
    zone: str | None = None
    pool: str | None = None
    source_ip: str | None = None
    mx: str | None = None
    mx_ip: str | None = None
    provider: str | None = None
    sender: str | None = None
    sender_domain: str | None = None
    return_path: str | None = None
    recipient: str | None = None
    recipient_domain: str | None = None
    mailbox: str | None = None
    client_ip: str | None = None
    interface: str | None = None
    smtp_code: int | None = None
    enhanced_code: str | None = None
    response: str | None = None
    reply_template: str | None = None
    bounce_class: str | None = None
    permanent: bool | None = None
    zonemta_category: str | None = None
    attempt: int | None = None
    next_attempt_ms: int | None = None
    queued_ms: int | None = None
    delivery_ms: int | None = None
    size: int | None = None
    spam_score: float | None = None
    tls: str | None = None
    extra: dict[str, Any] | None = None


class MailBatch(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One post to ingest, under the name its sender gave it: the unit that counts exactly once."""

    batch: str
    """UUIDv7, lower case."""
    host: str
    received_ms: int
    sent_ms: int
    rules_version: int
    """Version of the rules in `wildwatch.mail` that classified these events."""
    events: list[MailEvent]
    trusted: bool = True


class MailMessage(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The payload of one message on `MAIL`: one or more gathered posts of one host."""

    v: str = msgspec.field(default_factory=version.current)
    batches: list[MailBatch]


class RawMailBatch(msgspec.Struct, omit_defaults=True, kw_only=True):
    """`MailBatch` whose events are already JSON: ingest encodes each event once."""

    batch: str
    host: str
    received_ms: int
    sent_ms: int
    rules_version: int
    events: msgspec.Raw
    trusted: bool = True


class _LooseBatch(msgspec.Struct, kw_only=True):
    batch: str
    host: str
    received_ms: int
    sent_ms: int
    rules_version: int
    events: list[dict[str, Any]]
    trusted: bool = True


class _LooseMessage(msgspec.Struct, kw_only=True):
    v: str
    batches: list[_LooseBatch]


_decode = msgspec.json.Decoder(MailMessage).decode
_decode_loose = msgspec.json.Decoder(_LooseMessage).decode
_FIELDS = frozenset(MailEvent.__struct_fields__)


def decode(payload: bytes) -> MailMessage:
    """Read a payload of `MAIL`, by the rules of `wildwatch.contracts.version`.

    Raises `NewerMajorError` (put it back) or `msgspec.DecodeError` (dead letter).
    """
    try:
        message = _decode(payload)
    except msgspec.DecodeError:
        _raise_if_newer_major(payload)
        raise
    try:
        is_newer_minor = version.check(message.v)
    except ValueError as error:
        raise msgspec.ValidationError(f"v: {error}") from error
    if is_newer_minor:
        message = _decode_keeping_unknown(payload)
    for batch in message.batches:
        for event in batch.events:
            if event.action not in _KNOWN_ACTIONS:
                event.extra = {**(event.extra or {}), "action": event.action}
                event.action = "other"
    return message


def _raise_if_newer_major(payload: bytes) -> None:
    try:
        version.check(version.of_payload(payload))
    except (msgspec.DecodeError, ValueError):
        return


def _decode_keeping_unknown(payload: bytes) -> MailMessage:
    loose = _decode_loose(payload)
    batches = []
    for batch in loose.batches:
        events = []
        for raw in batch.events:
            unknown = {key: value for key, value in raw.items() if key not in _FIELDS}
            if unknown:
                raw["extra"] = {**(raw.get("extra") or {}), **unknown}
            events.append(msgspec.convert(raw, MailEvent))
        batches.append(
            MailBatch(
                batch=batch.batch,
                host=batch.host,
                received_ms=batch.received_ms,
                sent_ms=batch.sent_ms,
                rules_version=batch.rules_version,
                events=events,
                trusted=batch.trusted,
            )
        )
    return MailMessage(v=loose.v, batches=batches)
