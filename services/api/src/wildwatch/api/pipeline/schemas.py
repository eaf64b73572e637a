"""What `/pipeline` and `/status` answer. Times are epoch milliseconds."""

from __future__ import annotations

from typing import Literal

import msgspec

from wildwatch.api.pipeline.watch import DeadGroup

Level = Literal["ok", "warn", "critical", "unknown"]


class Stream(msgspec.Struct, rename="camel"):
    """One stream. `share` is the used part of what it may hold; bytes are uncompressed."""

    name: str
    messages: int
    bytes: int
    max_bytes: int
    share: float | None
    oldest_ms: int | None


class Durable(msgspec.Struct, rename="camel"):
    """The writer's place in `MAIL`."""

    name: str
    pending: int
    ack_pending: int
    redelivered: int
    behind_s: float


class DatabaseFacts(msgspec.Struct, rename="camel"):
    """The database, as far as it answered."""

    edition: str
    event_bytes: int
    database_bytes: int
    chunks: int
    events_last_minute: int
    newest_event_ms: int | None


class Broker(msgspec.Struct, rename="camel"):
    """The broker, as far as it answered."""

    streams: list[Stream]
    writer: Durable
    dead: list[DeadGroup]
    dead_messages: int


class Pipeline(msgspec.Struct, rename="camel"):
    """Both halves; a half that did not answer is None and named in `failures`."""

    as_of_ms: int
    broker: Broker | None
    database: DatabaseFacts | None
    failures: list[str]


class Finding(msgspec.Struct, rename="camel"):
    """One thing that needs somebody. `provider`, `host` and `outcome` say which list shows it."""

    level: Level
    text: str
    outcome: str | None = None
    provider: str | None = None
    host: str | None = None
    page: Literal["mail", "pipeline"] = "mail"


class Thresholds(msgspec.Struct, rename="camel", frozen=True):
    """When a share of attempts, or seconds, is worth a warning."""

    deferred_warn: float = 0.10
    deferred_critical: float = 0.30
    bounced_warn: float = 0.02
    bounced_critical: float = 0.05
    blocked_warn: float = 0.01
    blocked_critical: float = 0.05
    behind_warn_s: float = 15.0
    behind_critical_s: float = 60.0
    silent_s: float = 180.0
    min_attempts: int = 200
    """A share of fewer attempts is no finding: 1 of 3 is not 33 %."""


class Status(msgspec.Struct, kw_only=True, rename="camel"):
    """The verdict in words. `headline` first, then `findings`, worst first."""

    level: Level
    headline: str
    detail: str | None
    findings: list[Finding]
    as_of_ms: int
    known_until_ms: int | None
    newest_event_ms: int | None
    behind_s: float | None
    window_s: int
    thresholds: Thresholds
