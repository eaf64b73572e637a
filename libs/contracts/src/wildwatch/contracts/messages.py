"""The smaller messages: facts, dead letters, jobs, directives, host samples, keys and live summaries."""

from __future__ import annotations

from typing import Any

import msgspec

from wildwatch.contracts import version


class Fact(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One thing that became true, on `FACT`, made to be tapped. It was committed before it was published."""

    v: str = msgspec.field(default_factory=version.current)
    id: str
    kind: str
    """`ip.paused`, `alert.firing`, `host.silent`, …"""
    key: str
    """What it is about: an address, a host, an alert."""
    at_ms: int
    actor: str
    """A person's log-in, or the policy or service that acted."""
    reason: str = ""
    data: dict[str, Any] = {}


class DeadLetter(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Something that could not be taken in, on `DEAD`, with enough to show, mend and replay it."""

    v: str = msgspec.field(default_factory=version.current)
    stream: str
    """The stream it belongs to: `MAIL`, `JOB`, …"""
    subject: str
    """The subject a replay publishes to."""
    reason: str
    """Stable signature, the same for the same kind of trouble: dead letters are grouped by it."""
    detail: str
    at_ms: int
    by: str
    """The service that gave up."""
    host: str = ""
    batch: str = ""
    index: int | None = None
    stream_seq: int | None = None
    payload: str
    """The rejected bytes: JSON text as it came when it is text, else base64."""
    encoding: str = "json"
    """`json`, `base64`, or `zlib`: compressed, then base64."""
    form: str = "message"
    """What the payload is: `message` (a whole stream message), `mail_batch` (a `MailBatch`),
    `zonemta_entry` (one event as the plugin posted it), `cut` (only the beginning: it was too large), or
    `unreadable` (what lay in `DEAD` and is no letter)."""
    host_received_ms: int | None = None
    """When ingest received it, for forms that do not carry that themselves."""


class Job(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A tick or a run-now request on `JOB`."""

    v: str = msgspec.field(default_factory=version.current)
    job: str
    due_ms: int | None = None
    requested_by: str = "schedule"
    arguments: dict[str, Any] = {}


class Directives(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What a host shall do: always the full set. An older `(epoch, version)` is never obeyed."""

    v: str = msgspec.field(default_factory=version.current)
    epoch: int
    version: int
    host: str
    paused: list[PausedAddress] = []
    caps: dict[str, int] = {}
    """Warm-up caps: `address|provider` → messages a day."""
    commands: list[Command] = []


class PausedAddress(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A sending address to leave out; `until_ms` is obeyed by the plugin without us."""

    address: str
    until_ms: int | None = None
    reason: str = ""


class Command(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One thing to do once, before it expires; its result comes back under the same id."""

    id: str
    action: str
    expires_ms: int
    arguments: dict[str, Any] = {}


class HostSample(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What an agent saw on its host at one moment, on `HOST`."""

    v: str = msgspec.field(default_factory=version.current)
    batch: str
    host: str
    at_ms: int
    agent_version: str
    metrics: dict[str, float] = {}
    services: list[ServiceSample] = []


class ServiceSample(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One program on a host. `state` is `up`, `down` or `unknown`, with the reason."""

    name: str
    instance: str = ""
    state: str
    reason: str = ""
    metrics: dict[str, float] = {}


class ApiKey(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A machine's key in the bucket `api-keys`, under the SHA-256 of the key. The key itself is nowhere."""

    v: str = msgspec.field(default_factory=version.current)
    prefix: str
    host: str
    scopes: list[str]
    """`mail`, `host`, `log`, `directives`."""
    networks: list[str] = []
    """CIDR; both the key and the address must fit. Empty: any network."""
    expires_ms: int | None = None


class LiveMail(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What one writer committed since its last summary; api adds up the summaries of all writers.

    `by_host` and `by_provider` rows are `[second, name, outcome, n]`, `second` in epoch seconds of the
    events' own time. Names beyond the bound are counted under `other`.
    """

    v: str = msgspec.field(default_factory=version.current)
    writer: str
    at_ms: int
    committed: int
    """Rows committed since this writer's last summary."""
    oldest_ms: int | None = None
    """Time of the oldest event among them: how far behind the page is."""
    by_host: list[tuple[int, str, str, int]] = []
    by_provider: list[tuple[int, str, str, int]] = []
