"""What questions about mail are answered with. Encoded in camelCase, as the API sends them; times are epoch
milliseconds, durations milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec


class OutcomeCounts(msgspec.Struct, rename="camel"):
    """How many events had each outcome. An attempt is one of the last four."""

    queued: int = 0
    delivered: int = 0
    deferred: int = 0
    bounced: int = 0
    blocked: int = 0


class OutcomeBucket(OutcomeCounts, rename="camel"):
    """The outcomes of one bucket of time."""

    start_ms: int = 0


class HostTotals(OutcomeCounts, kw_only=True, rename="camel"):
    """What one host sent."""

    host: str
    p95_ms: float | None
    last_event_ms: int
    """To the minute, at its end, where minute sums answered."""


class ProviderTotals(OutcomeCounts, kw_only=True, rename="camel"):
    """What went to one provider. `provider` is None for all the others and unknown ones together."""

    provider: str | None
    names: int
    p95_ms: float | None
    last_event_ms: int
    """To the minute, at its end, where minute sums answered."""


class StripCell(msgspec.Struct, rename="camel"):
    """One cell of a provider's heat strip."""

    provider: str | None
    start_ms: int
    attempts: int
    deferred: int


class ReplyTemplate(msgspec.Struct, kw_only=True, rename="camel"):
    """A reply with its changing parts masked, as often as it was given in the range."""

    template: str
    n: int
    bounced: int
    bounce_class: str | None
    provider: str | None
    providers: int
    addresses: int
    permanent: bool | None
    is_block: bool
    first_seen_ms: int
    last_seen_ms: int


class EventRow(msgspec.Struct, kw_only=True, rename="camel"):
    """One mail event as it is stored, with its outcome (None for what is no attempt and no queueing)."""

    time_ms: int
    received_ms: int | None
    time_suspect: bool
    host: str
    instance: str
    action: str
    outcome: str | None
    queue_id: str
    seq: str
    message_id: str | None
    zone: str | None
    pool: str | None
    source_ip: str | None
    mx: str | None
    mx_ip: str | None
    provider: str | None
    sender: str | None
    sender_domain: str | None
    return_path: str | None
    recipient: str | None
    recipient_domain: str | None
    mailbox: str | None
    client_ip: str | None
    interface: str | None
    smtp_code: int | None
    enhanced_code: str | None
    response: str | None
    reply_template: str | None
    bounce_class: str | None
    permanent: bool | None
    zonemta_category: str | None
    attempt: int | None
    next_attempt_ms: int | None
    queued_ms: int | None
    delivery_ms: int | None
    size: int | None
    spam_score: float | None
    tls: str | None
    rules_version: int | None
    extra: dict[str, Any] | None


def epoch_ms(time: datetime) -> int:
    """Epoch milliseconds, exact."""
    return (time - _EPOCH) // _MILLISECOND


_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECOND = timedelta(milliseconds=1)
