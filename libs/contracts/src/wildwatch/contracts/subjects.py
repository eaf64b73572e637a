"""Subject names, each built by one function, never by an f-string elsewhere."""

from __future__ import annotations

PREFIX = "wildwatch.v1"

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


def token(name: str) -> str:
    """One subject token (and key-value key) for any name; different names never share one.

    Letters, digits and `-` stay, every other byte of the UTF-8 form becomes `_` and two hex
    digits: `mta1.example.net` → `mta1_2eexample_2enet`, `2001:db8::1` → `2001_3adb8_3a_3a1`.
    The empty name has no token.
    """
    if not name:
        raise ValueError("an empty name has no subject token")
    return "".join(
        c if c in _PLAIN else "".join(f"_{b:02x}" for b in c.encode("utf-8", "surrogatepass")) for c in name
    )


def untoken(value: str) -> str:
    """The name that `token` was given."""
    out = bytearray()
    i = 0
    while i < len(value):
        if value[i] == "_":
            out.append(int(value[i + 1 : i + 3], 16))
            i += 3
        else:
            out += value[i].encode()
            i += 1
    return out.decode("utf-8", "surrogatepass")


def mail(host: str) -> str:
    """Batches of mail events of one host."""
    return f"{PREFIX}.mail.{token(host)}"


def host_samples(host: str) -> str:
    """Samples that one host's agent took."""
    return f"{PREFIX}.host.{token(host)}"


def audit(database: str) -> str:
    """What a MongoDB change stream saw."""
    return f"{PREFIX}.audit.{token(database)}"


def log(host: str) -> str:
    """Log lines of one host."""
    return f"{PREFIX}.log.{token(host)}"


def fact(kind: str, key: str) -> str:
    """One fact. `kind` is dotted in the catalogue (`ip.paused`) and keeps its dots: taps filter by it."""
    return f"{PREFIX}.fact.{'.'.join(token(part) for part in kind.split('.'))}.{token(key)}"


def job_schedule(job: str) -> str:
    """Where the broker keeps the schedule of a job."""
    return f"{PREFIX}.job.schedule.{token(job)}"


def job_run(job: str) -> str:
    """Where ticks and run-now requests of a job arrive."""
    return f"{PREFIX}.job.run.{token(job)}"


def dead(stream: str) -> str:
    """Dead letters of one stream."""
    return f"{PREFIX}.dead.{token(stream)}"


def live(topic: str) -> str:
    """Per-second summaries for screens; core NATS, not stored."""
    return f"{PREFIX}.live.{token(topic)}"


ALL_MAIL = f"{PREFIX}.mail.*"
ALL_HOST = f"{PREFIX}.host.*"
ALL_AUDIT = f"{PREFIX}.audit.*"
ALL_LOG = f"{PREFIX}.log.*"
ALL_FACTS = f"{PREFIX}.fact.>"
ALL_JOBS = (f"{PREFIX}.job.schedule.*", f"{PREFIX}.job.run.*")
ALL_DEAD = f"{PREFIX}.dead.*"
LIVE_MAIL = live("mail")
"""`LiveMail` summaries of the writers."""

ALL_LIVE = f"{PREFIX}.live.*"
