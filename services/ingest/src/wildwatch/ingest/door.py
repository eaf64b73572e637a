"""`POST /v1/events/mail`: from a request to its answer."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from wildwatch.bus import dead
from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import BusError, StreamFullError
from wildwatch.contracts import subjects
from wildwatch.contracts.messages import DeadLetter
from wildwatch.contracts.post import PostAnswer
from wildwatch.contracts.streams import MAIL
from wildwatch.ingest import body, posts
from wildwatch.ingest.body import ByteBudget
from wildwatch.ingest.disk import DiskGuard
from wildwatch.ingest.gather import Gatherer
from wildwatch.ingest.keys import Caller, KeyRing
from wildwatch.ingest.metrics import Metrics
from wildwatch.ingest.posts import PreparedPost
from wildwatch.ingest.problems import Kind, Refusal, answer
from wildwatch.ingest.rates import Rates
from wildwatch.ingest.settings import IngestSettings
from wildwatch.mail.normalise import Normaliser

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

UNUSABLE = "event-unusable"


class Door:
    """Takes posts of mail events. A 202 means: stored in JetStream."""

    def __init__(
        self,
        *,
        bus: Bus,
        keys: KeyRing,
        gatherer: Gatherer,
        budget: ByteBudget,
        rates: Rates,
        disk: DiskGuard,
        normaliser: Normaliser,
        settings: IngestSettings,
        metrics: Metrics,
        clock_ms: Callable[[], int],
    ) -> None:
        self._bus = bus
        self._keys = keys
        self._gatherer = gatherer
        self._budget = budget
        self._rates = rates
        self._disk = disk
        self._normaliser = normaliser
        self._settings = settings
        self._metrics = metrics
        self._clock_ms = clock_ms

    async def post_mail(self, request: web.Request) -> web.Response:
        """Answer one post. Raises `Refusal` for anything but 202."""
        caller = self._authenticate(request, "mail")
        self._disk.check()
        async with self._budget.holding() as held:
            sent = await body.read(request, held, self._settings)
            started = time.monotonic()
            post = posts.decode(sent, self._settings.max_events_per_post)
            now_ms = self._clock_ms()
            posts.check_envelope(post, caller.host, self._settings, now_ms)
            self._rates.take(caller.prefix, len(post.events))
            prepared = posts.prepare(post, self._normaliser, self._settings, now_ms)
            self._metrics.clock_skew_seconds.labels(caller.host).set((prepared.sent_ms - now_ms) / 1000)
            duplicate = await self._store(prepared)
            self._metrics.answer_seconds.observe(time.monotonic() - started)
        self._metrics.rejected.inc(len(prepared.rejected))
        if not prepared.accepted:
            raise Refusal(
                Kind.NO_USABLE_EVENT,
                "see rejected for each event",
                field="events",
                rejected=prepared.rejected[:100],
            )
        self._metrics.accepted.inc(prepared.accepted)
        if duplicate:
            self._metrics.duplicates.inc()
        return web.Response(
            body=msgspec.json.encode(
                PostAnswer(accepted=prepared.accepted, rejected=prepared.rejected, duplicate=duplicate)
            ),
            status=202,
            content_type="application/json",
        )

    def _authenticate(self, request: web.Request, scope: str) -> Caller:
        peer = request.transport.get_extra_info("peername") if request.transport else None
        try:
            return self._keys.authenticate(
                request.headers.get("Authorization", ""),
                peer[0] if peer else None,
                # Some proxies add a header of their own below the sender's instead of appending to it.
                ",".join(request.headers.getall("X-Forwarded-For", [])),
                scope,
            )
        except Refusal as refusal:
            refusal.close = True  # the body of a stranger is not read
            raise

    async def _store(self, prepared: PreparedPost) -> bool:
        try:
            await self._bury(prepared)
            duplicates = [
                (await self._gatherer.store(prepared.host, name, part)).duplicate
                for name, part in prepared.parts
            ]
        except StreamFullError as error:
            raise Refusal(
                Kind.NO_ROOM, "keep the batch and send it again", retry_after_s=self._settings.retry_after_s
            ) from error
        except BusError as error:
            raise Refusal(
                Kind.NO_BROKER, "keep the batch and send it again", retry_after_s=self._settings.retry_after_s
            ) from error
        return bool(duplicates) and all(duplicates)

    async def _bury(self, prepared: PreparedPost) -> None:
        kept = self._settings.max_dead_letters_per_post
        for rejected, raw in zip(prepared.rejected[:kept], prepared.rejected_raw[:kept], strict=True):
            text, encoding = dead.payload_text(raw[: self._settings.max_event_bytes])
            letter = DeadLetter(
                stream=MAIL.name, subject=subjects.mail(prepared.host), reason=UNUSABLE,
                detail=rejected.error,
                at_ms=self._clock_ms(), by="ingest", host=prepared.host, batch=prepared.batch,
                index=rejected.index, payload=text, encoding=encoding, form="zonemta_entry",
            )  # fmt: skip
            await dead.bury(self._bus, letter)
        self._metrics.not_kept.inc(max(0, len(prepared.rejected) - kept))


def refusals_as_answers(metrics: Metrics, settings: IngestSettings) -> Middleware:
    """Middleware: each refusal, and each fault of ours, becomes a problem document and is counted."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except Refusal as refusal:
            response = answer(refusal)
            metrics.posts.labels(refusal.kind.value[1]).inc()
        except web.HTTPNotFound:
            response = answer(Refusal(Kind.NOT_FOUND, "events are posted to /v1/events/mail", close=True))
            metrics.posts.labels("not-found").inc()
        except web.HTTPMethodNotAllowed:
            response = answer(Refusal(Kind.WRONG_METHOD, close=True))
            metrics.posts.labels("wrong-method").inc()
        except ConnectionError:  # the sender hung up: nobody reads this answer
            response = web.Response(status=408)
            response.force_close()
            metrics.posts.labels("hung-up").inc()
        except web.HTTPException:
            raise
        except Exception:
            logger.exception("post_failed")
            response = answer(Refusal(Kind.FAILED, retry_after_s=settings.retry_after_s, close=True))
            metrics.posts.labels("failed").inc()
        else:
            metrics.posts.labels("accepted").inc()
        response.headers["Server"] = "wildwatch"  # and not which versions of what it runs on
        return response

    return middleware
