"""Every refusal of ingest in one table, as RFC 9457 problem documents.

What a sender should do follows from the status: 400, 413, 422 never send these bytes again; 401, 403
mend the key; 429, 503 send the same bytes again after `Retry-After`.
"""

from __future__ import annotations

from enum import Enum

import msgspec
from aiohttp import web

from wildwatch.contracts.post import Problem

_BASE = "https://wildwatch.dev/problems/"


class Kind(Enum):
    """`(status, code, title)`."""

    NOT_JSON = (400, "not-json", "The body is not the JSON of a post")
    BAD_ENCODING = (400, "bad-encoding", "The body cannot be decompressed")
    NO_KEY = (401, "no-key", "An API key is needed")
    BAD_KEY = (401, "bad-key", "The API key is not known, expired or revoked")
    WRONG_HOST = (403, "wrong-host", "This key belongs to another host")
    WRONG_SCOPE = (403, "wrong-scope", "This key may not do that")
    WRONG_NETWORK = (403, "wrong-network", "This key may not be used from here")
    NOT_FOUND = (404, "not-found", "There is nothing here")
    WRONG_METHOD = (405, "wrong-method", "Only POST is answered here")
    TOO_SLOW = (408, "too-slow", "The body did not arrive in time")
    TOO_LARGE = (413, "too-large", "The body is too large")
    TOO_MANY_EVENTS = (413, "too-many-events", "The post has too many events")
    UNKNOWN_ENCODING = (415, "unknown-encoding", "This Content-Encoding is not understood")
    BAD_FIELD = (422, "bad-field", "A field of the post is wrong")
    TOO_OLD = (422, "batch-too-old", "The batch is too old to be counted exactly once")
    FROM_FUTURE = (422, "batch-from-future", "The batch is named in the future")
    NO_USABLE_EVENT = (422, "no-usable-event", "None of the events is usable")
    TOO_FAST = (429, "too-fast", "This key sends more than its rate")
    NO_ROOM = (503, "no-room", "The event stream is full")
    NO_DISK = (503, "no-disk", "The event stream's disk is almost full")
    NO_BROKER = (503, "no-broker", "The event stream cannot be reached")
    BUSY = (503, "busy", "Too many posts are under way")
    FAILED = (503, "failed", "The post could not be handled")


class Refusal(Exception):  # noqa: N818 # it is an answer, not a fault
    """Raised anywhere in the handling of a post; becomes the answer."""

    def __init__(
        self, kind: Kind, detail: str = "", *, field: str | None = None, retry_after_s: float | None = None,
        close: bool = False, rejected: object = None,
    ) -> None:  # fmt: skip
        super().__init__(kind.value[1])
        self.kind = kind
        self.detail = detail
        self.field = field
        self.retry_after_s = retry_after_s
        self.close = close
        """Close the connection: its body was not read to the end."""
        self.rejected = rejected


def answer(refusal: Refusal) -> web.Response:
    """The HTTP answer of a refusal."""
    status, code, title = refusal.kind.value
    problem = Problem(
        type=_BASE + code, title=title, status=status, detail=refusal.detail, field=refusal.field,
        extra={"rejected": refusal.rejected} if refusal.rejected else None,
    )  # fmt: skip
    response = web.Response(
        body=msgspec.json.encode(problem), status=status, content_type="application/problem+json"
    )
    if refusal.retry_after_s is not None:
        response.headers["Retry-After"] = str(max(1, round(refusal.retry_after_s)))
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="wildwatch"'
    if status == 405:
        response.headers["Allow"] = "POST"
    if refusal.close:
        response.force_close()
    return response
