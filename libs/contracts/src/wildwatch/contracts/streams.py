"""The streams, durables and buckets, declared once; `wildwatch.bus` provisions them and refuses drift."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from wildwatch.contracts import subjects

MIN_SERVER: Final = (2, 14, 0)
"""Message schedules need it, and an older server silently ignores what it does not know."""

S2_RATIO: Final = 3
"""`max_bytes` counts uncompressed bytes; S2 was measured at 4.3 on mail events, 3 is what we count on."""

_HOUR_S = 3600
_DAY_S = 24 * _HOUR_S


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A stream as it must be. `share` is its part of the disk budget."""

    name: str
    subjects: tuple[str, ...]
    share: float
    discard: Literal["old", "new"]
    retention: Literal["limits", "workqueue"] = "limits"
    max_age_s: int = 0
    duplicate_window_s: int = 120
    schedules: bool = False


class Durable(msgspec.Struct, frozen=True, kw_only=True):
    """A durable pull consumer. There is no `max_deliver`: giving up is our own act."""

    stream: str
    name: str
    filter_subject: str | None = None
    ack_wait_s: int = 30
    """A killed consumer's messages come again after this long."""
    max_ack_pending: int = 2_000


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """A key-value bucket, rebuilt from the database whenever it is lost."""

    name: str
    max_bytes: int
    history: int = 1


MAIL: Final = Stream(
    name="MAIL", subjects=(subjects.ALL_MAIL,), share=0.60, discard="new", duplicate_window_s=600
)
HOST: Final = Stream(
    name="HOST", subjects=(subjects.ALL_HOST,), share=0.06, discard="new", duplicate_window_s=600
)
AUDIT: Final = Stream(name="AUDIT", subjects=(subjects.ALL_AUDIT,), share=0.06, discard="new")
LOG: Final = Stream(name="LOG", subjects=(subjects.ALL_LOG,), share=0.20, discard="old")
FACT: Final = Stream(
    name="FACT", subjects=(subjects.ALL_FACTS,), share=0.03, discard="old", max_age_s=14 * _DAY_S
)
JOB: Final = Stream(
    name="JOB", subjects=subjects.ALL_JOBS, share=0.01, discard="old", retention="workqueue", schedules=True
)
DEAD: Final = Stream(
    name="DEAD",
    subjects=(subjects.ALL_DEAD,),
    share=0.04,
    discard="old",
    max_age_s=30 * _DAY_S,
    # A post that is refused for want of room is sent again for a long time, bad events and all.
    duplicate_window_s=_HOUR_S,
)

STREAMS: Final = (MAIL, HOST, AUDIT, LOG, FACT, JOB, DEAD)

WRITER_MAIL: Final = Durable(stream="MAIL", name="writer-mail")
DURABLES: Final = (WRITER_MAIL,)

API_KEYS: Final = Bucket(name="api-keys", max_bytes=4_000_000)
IP_STATE: Final = Bucket(name="ip-state", max_bytes=4_000_000)
BUCKETS: Final = (API_KEYS, IP_STATE)


def max_bytes(stream: Stream, disk_budget_bytes: int) -> int:
    """Uncompressed bytes `stream` may hold within the budget of real disk bytes."""
    return int(disk_budget_bytes * S2_RATIO * stream.share)
