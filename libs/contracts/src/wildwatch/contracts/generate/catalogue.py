"""Every message, where it travels, who sends it and who reads it: what types cannot say about themselves."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from wildwatch.contracts import mail, messages, post, streams, subjects


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A place where messages travel. `kept` is None for what is not stored."""

    id: str
    address: str
    """The subject; `{…}` stands for one token."""
    parameters: tuple[str, ...] = ()
    message: type[msgspec.Struct] | None
    what: str
    produced_by: tuple[str, ...] = ()
    consumed_by: tuple[str, ...] = ()
    kept: streams.Stream | streams.Bucket | None = None


class HttpMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A body of the HTTP contract of ingest."""

    message: type[msgspec.Struct]
    what: str
    direction: Literal["to ingest", "from ingest"]


def _subject(pattern: str, *names: str) -> str:
    for name in names:
        pattern = pattern.replace("*", f"{{{name}}}", 1).replace(">", f"{{{name}}}", 1)
    return pattern


CHANNELS: Final = (
    Channel(
        id="mail", address=_subject(subjects.ALL_MAIL, "host"), parameters=("host",),
        message=mail.MailMessage, produced_by=("ingest",), consumed_by=("writer",), kept=streams.MAIL,
        what="Batches of normalised mail events of one host, each under the name its sender gave it.",
    ),
    Channel(
        id="host", address=_subject(subjects.ALL_HOST, "host"), parameters=("host",),
        message=messages.HostSample, kept=streams.HOST,
        what="What an agent saw on its host.",
    ),
    Channel(
        id="audit", address=_subject(subjects.ALL_AUDIT, "database"), parameters=("database",),
        message=None, kept=streams.AUDIT, what="What the change streams of a MongoDB database saw.",
    ),
    Channel(
        id="log", address=_subject(subjects.ALL_LOG, "host"), parameters=("host",),
        message=None, kept=streams.LOG, what="Log lines of one host.",
    ),
    Channel(
        id="fact", address=_subject(subjects.ALL_FACTS, "kindAndKey"), parameters=("kindAndKey",),
        message=messages.Fact, kept=streams.FACT,
        what="One message for each thing that became true, made to be tapped: `ip.paused`, `alert.firing`.",
    ),
    Channel(
        id="jobSchedule", address=_subject(subjects.ALL_JOBS[0], "job"), parameters=("job",),
        message=messages.Job, kept=streams.JOB, what="The schedule of a job, kept by the broker.",
    ),
    Channel(
        id="jobRun", address=_subject(subjects.ALL_JOBS[1], "job"), parameters=("job",),
        message=messages.Job, kept=streams.JOB, what="Ticks of a schedule and run-now requests.",
    ),
    Channel(
        id="dead", address=_subject(subjects.ALL_DEAD, "stream"), parameters=("stream",),
        message=messages.DeadLetter, produced_by=("ingest", "writer"), consumed_by=("api", "admin"),
        kept=streams.DEAD, what="What could not be taken in, with its reason, to be mended and replayed.",
    ),
    Channel(
        id="liveMail", address=subjects.LIVE_MAIL, message=messages.LiveMail,
        produced_by=("writer",), consumed_by=("api",),
        what="What one writer committed since its last summary. Core NATS: lost when nobody listens.",
    ),
    Channel(
        id="apiKeys", address=f"$KV.{streams.API_KEYS.name}.{{sha256}}", parameters=("sha256",),
        message=messages.ApiKey, produced_by=("admin",), consumed_by=("ingest",), kept=streams.API_KEYS,
        what="Keys of hosts under the SHA-256 of the key, so that ingest works while the database is down.",
    ),
    Channel(
        id="ipState", address=f"$KV.{streams.IP_STATE.name}.{{host}}", parameters=("host",),
        message=messages.Directives, kept=streams.IP_STATE,
        what="What a host shall do, always as the full set.",
    ),
)  # fmt: skip

HTTP: Final = (
    HttpMessage(
        message=post.MailPost, direction="to ingest",
        what="Body of `POST /v1/events/mail`: plain, gzip or zstd JSON.",
    ),
    HttpMessage(message=post.PostAnswer, direction="from ingest", what="202: stored in JetStream."),
    HttpMessage(message=post.Problem, direction="from ingest", what="Every other answer (RFC 9457)."),
)  # fmt: skip

PARAMETERS: Final = {
    "host": "The host as one token: letters, digits and `-` stay, others become `_` and hex digits.",
    "database": "The database, as one token.",
    "kindAndKey": "The kind with its dots (`ip.paused`), then its key as one token.",
    "job": "The job, as one token.",
    "stream": "The stream the letter belongs to.",
    "sha256": "SHA-256 of the key, in hex.",
}


def message_types() -> list[type[msgspec.Struct]]:
    """Every documented type, once, in order of the catalogue."""
    found = [channel.message for channel in CHANNELS if channel.message is not None]
    return list(dict.fromkeys([*found, *(body.message for body in HTTP)]))


def retention(kept: streams.Stream | streams.Bucket | None) -> str:
    """For people: how long and how much, and what happens when it is full."""
    if kept is None:
        return "Not stored."
    if isinstance(kept, streams.Bucket):
        return (
            f"Key-value bucket `{kept.name}`, {kept.max_bytes // 1_000_000} MB, the newest value of each key."
        )
    share = f"{kept.share:.0%} of the disk budget (WILDWATCH_NATS_DISK)"
    age = f", {kept.max_age_s // 86_400} days" if kept.max_age_s else ""
    full = {
        "new": "When full it refuses new messages; nothing stored is lost.",
        "old": "When full the oldest messages leave.",
    }[kept.discard]
    held = " Each message leaves once it is acknowledged." if kept.retention == "workqueue" else ""
    return f"Stream `{kept.name}`, {share}{age}. {full}{held}"
