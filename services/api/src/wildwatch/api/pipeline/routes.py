"""`/api/v1/pipeline` and `/api/v1/status`."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency

from wildwatch.api.pipeline import schemas
from wildwatch.api.pipeline.verdict import Facts, verdict
from wildwatch.api.pipeline.watch import WINDOW, ms
from wildwatch.api.resources import Resources
from wildwatch.bus.errors import BrokerUnavailableError
from wildwatch.contracts import streams
from wildwatch.store.errors import StoreError


class PipelineController(Controller):
    """The pipeline about itself."""

    path = "/api/v1"
    tags = ("pipeline",)

    @get("/pipeline", operation_id="getPipeline")
    async def pipeline(self, resources: NamedDependency[Resources]) -> schemas.Pipeline:
        """Streams, the writer, dead letters and the database; half of it when the other half is down."""
        failures = []
        broker = database = None
        try:
            broker = await _broker(resources)
        except BrokerUnavailableError:
            failures.append("The message broker does not answer: senders keep their events until it does.")
        try:
            database = await _database(resources)
        except StoreError:
            failures.append("The database does not answer: events wait in the stream and nothing is lost.")
        return schemas.Pipeline(ms(resources.now()), broker, database, failures)

    @get("/status", operation_id="getStatus")
    async def status(self, resources: NamedDependency[Resources]) -> schemas.Status:
        """Is mail flowing, in words, and what needs somebody."""
        now = resources.now()
        limits = schemas.Thresholds()
        newest = await resources.pipeline.newest()
        behind_s = await resources.pipeline.behind_s(now)
        known_until = await resources.pipeline.known_until(now)
        facts = Facts(
            now=now,
            newest=newest.time if newest else None,
            behind_s=behind_s,
            known_until=known_until,
            providers=await resources.pipeline.recent_totals() if newest else [],
            dead_messages=await _dead_messages(resources),
        )
        found = verdict(facts, limits)
        return schemas.Status(
            level=found.level,
            headline=found.headline,
            detail=found.detail,
            findings=found.findings,
            as_of_ms=ms(now),
            known_until_ms=ms(known_until),
            newest_event_ms=ms(newest.time) if newest else None,
            behind_s=behind_s,
            window_s=int(WINDOW.total_seconds()),
            thresholds=limits,
        )


async def _dead_messages(resources: Resources) -> int:
    try:
        depths = await resources.pipeline.streams()
    except BrokerUnavailableError:
        return 0
    return next((depth.messages for depth in depths if depth.name == streams.DEAD.name), 0)


async def _broker(resources: Resources) -> schemas.Broker:
    lag = await resources.pipeline.lag()
    depths = await resources.pipeline.streams()
    dead = await resources.pipeline.dead_letters()
    return schemas.Broker(
        streams=[
            schemas.Stream(
                d.name,
                d.messages,
                d.n_bytes,
                d.max_bytes,
                d.n_bytes / d.max_bytes if d.max_bytes > 0 else None,
                ms(d.oldest) if d.oldest else None,
            )
            for d in depths
        ],
        writer=schemas.Durable(
            lag.name,
            lag.pending,
            lag.ack_pending,
            lag.redelivered,
            await resources.pipeline.behind_s(resources.now()) or 0.0,
        ),
        dead=dead,
        dead_messages=next((d.messages for d in depths if d.name == streams.DEAD.name), 0),
    )


async def _database(resources: Resources) -> schemas.DatabaseFacts:
    size = await resources.pipeline.size()
    newest = await resources.pipeline.newest()
    return schemas.DatabaseFacts(
        edition=resources.pipeline.edition,
        event_bytes=size.event_bytes,
        database_bytes=size.database_bytes,
        chunks=size.chunks,
        events_last_minute=await resources.pipeline.events_last_minute(),
        newest_event_ms=ms(newest.time) if newest else None,
    )
