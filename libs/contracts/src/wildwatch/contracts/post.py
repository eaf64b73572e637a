"""What a plugin or agent posts to ingest, and what it gets back."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec


class MailPost(msgspec.Struct, kw_only=True):
    """Body of `POST /v1/events/mail`.

    `batch` is a UUIDv7 that names these bytes for ever: a retry is the same body under the same
    name. `sent_at` is epoch ms by the sender's clock. Each event is ZoneMTA's own `log:entry`
    object plus `ts` (epoch ms) and what the plugin knows beyond it; events stay raw here so that
    one of them can be bad without spoiling the others. Unknown members are ignored.
    """

    batch: str
    host: str
    sent_at: int | float
    events: list[msgspec.Raw]


class RejectedEvent(msgspec.Struct):
    """An event that was not accepted: its place in the post, and why."""

    index: int
    error: str


class PostAnswer(msgspec.Struct, kw_only=True):
    """202: the accepted events are stored in JetStream. `directives` is the newest known version."""

    accepted: int
    rejected: list[RejectedEvent] = []
    duplicate: bool = False
    directives: int = 0


class Problem(msgspec.Struct, omit_defaults=True, kw_only=True):
    """RFC 9457 problem document. `type` is stable; `code` is what a program should look at."""

    type: str
    title: str
    status: int
    detail: str = ""
    field: str | None = None
    extra: dict[str, Any] | None = None


def batch_name(time_ms: int, bits: int) -> str:
    """The UUIDv7 of a time (epoch ms) and 80 other bits, six of which become version and variant."""
    value = (time_ms & ((1 << 48) - 1)) << 80 | bits & ((1 << 80) - 1)
    value = value & ~(0xF << 76) | (7 << 76)
    return str(uuid.UUID(int=value & ~(0x3 << 62) | (2 << 62)))


def batch_time_ms(batch: str) -> int:
    """Creation time in a UUIDv7 name, epoch ms. `ValueError` when it is no UUIDv7."""
    name = uuid.UUID(batch)
    if name.version != 7:
        raise ValueError("not a version 7 UUID")
    return name.int >> 80
