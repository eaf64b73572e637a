"""Settings of ingest: every limit of its HTTP contract has its name here."""

from __future__ import annotations

from typing import Annotated

import msgspec

from wildwatch.bus.connection import NatsSettings
from wildwatch.bus.keyvalue import MirrorSettings
from wildwatch.contracts import mail
from wildwatch.runtime.health import HealthSettings
from wildwatch.runtime.logging import LogSettings
from wildwatch.runtime.service import ServiceSettings


class IngestSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where ingest listens, and the bounds of what it takes."""

    listen_host: Annotated[str, msgspec.Meta(description="Address ingest listens on.")] = "127.0.0.1"
    listen_port: Annotated[
        int, msgspec.Meta(ge=0, le=65535, description="Port ingest listens on; 0 takes a free one.")
    ] = 8026
    reuse_port: Annotated[
        bool, msgspec.Meta(description="Let several ingest processes of one machine share the port.")
    ] = False
    trusted_proxies: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Networks (CIDR) of proxies whose X-Forwarded-For is believed."),
    ] = ()
    max_body_bytes: Annotated[int, msgspec.Meta(ge=1_000, description="Largest body as sent.")] = (
        mail.MAX_BODY_BYTES
    )
    max_inflated_bytes: Annotated[
        int, msgspec.Meta(ge=1_000, description="Largest body after decompression.")
    ] = mail.MAX_INFLATED_BYTES
    max_events_per_post: Annotated[int, msgspec.Meta(ge=1, description="Most events in one post.")] = (
        mail.MAX_EVENTS_PER_POST
    )
    max_event_bytes: Annotated[int, msgspec.Meta(ge=1_000, description="Largest single event.")] = (
        mail.MAX_EVENT_BYTES
    )
    max_bytes_in_flight: Annotated[
        int, msgspec.Meta(ge=10_000_000, description="Body bytes held in memory by all posts; above it: 503.")
    ] = 256_000_000
    body_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds a sender may take for its body.")
    ] = 30.0
    keepalive_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds a connection may be idle, or take for its headers.")
    ] = 75.0
    max_connections: Annotated[
        int, msgspec.Meta(ge=1, description="Open connections; above it new ones are closed.")
    ] = 10_000
    max_events_per_key_per_s: Annotated[
        int, msgspec.Meta(ge=1, description="Events a second of one key in the long run; above it: 429.")
    ] = 50_000
    rate_burst_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds of full rate a key may use at once after being quiet.")
    ] = 10.0
    max_batch_age_s: Annotated[
        int,
        msgspec.Meta(ge=3600, description="Oldest batch name that is taken; the ledger forgets a day later."),
    ] = 13 * 86_400
    max_batch_ahead_s: Annotated[
        int, msgspec.Meta(ge=60, description="How far ahead of our clock a batch name may be.")
    ] = 86_400
    gather_s: Annotated[
        float, msgspec.Meta(ge=0, le=1, description="Seconds small posts of a host wait for each other.")
    ] = 0.004
    gather_bytes: Annotated[
        int,
        msgspec.Meta(ge=1_000, description="Gathered bytes of a host that are published without waiting."),
    ] = 200_000
    max_message_bytes: Annotated[
        int,
        msgspec.Meta(
            ge=10_000, le=7_000_000, description="Bytes of one message; a larger batch is cut into several."
        ),
    ] = 6_000_000
    publish_timeout_s: Annotated[float, msgspec.Meta(gt=0, description="Seconds to wait for a PubAck.")] = 5.0
    max_publishes_in_flight: Annotated[
        int, msgspec.Meta(ge=1, description="Messages waiting for their PubAck; further ones wait.")
    ] = 64
    retry_after_s: Annotated[int, msgspec.Meta(ge=1, description="Retry-After of a 503.")] = 2
    max_dead_letters_per_post: Annotated[
        int,
        msgspec.Meta(
            ge=0, description="Rejected events of one post that are kept in DEAD; more are only counted."
        ),
    ] = 100
    store_path: Annotated[
        str,
        msgspec.Meta(
            description="Folder of the broker's files when it is on this machine: watched for free disk."
        ),
    ] = ""
    min_free_disk_share: Annotated[
        float, msgspec.Meta(ge=0, lt=1, description="Free share of that disk below which posts get 503.")
    ] = 0.05
    normaliser_cache_entries: Annotated[
        int, msgspec.Meta(ge=100, description="Entries of each cache of the normaliser; emptied when full.")
    ] = 100_000


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything ingest is told."""

    ingest: IngestSettings = IngestSettings()
    mirror: MirrorSettings = MirrorSettings()
    nats: NatsSettings = NatsSettings()
    log: LogSettings = LogSettings()
    service: ServiceSettings = ServiceSettings()
    health: HealthSettings = HealthSettings()
