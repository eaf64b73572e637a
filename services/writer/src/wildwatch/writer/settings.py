"""Settings of the writer."""

from __future__ import annotations

from typing import Annotated

import msgspec

from wildwatch.bus.connection import NatsSettings
from wildwatch.bus.trim import TrimSettings
from wildwatch.runtime.health import HealthSettings
from wildwatch.runtime.logging import LogSettings
from wildwatch.runtime.service import ServiceSettings
from wildwatch.store.pool import DatabaseSettings
from wildwatch.writer.folding import FoldSettings


class WriterSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How events are gathered into transactions."""

    max_transaction_rows: Annotated[
        int, msgspec.Meta(ge=1, le=50_000, description="Rows after which a transaction is begun.")
    ] = 10_000
    max_transaction_age_s: Annotated[
        float, msgspec.Meta(gt=0, le=5, description="Seconds after which it is begun with what is there.")
    ] = 1.0
    light_transaction_age_s: Annotated[
        float, msgspec.Meta(gt=0, le=5, description="The same while there are few rows.")
    ] = 0.25
    light_transaction_rows: Annotated[
        int, msgspec.Meta(ge=1, description="Fewer rows than this are few.")
    ] = 1_000
    transactions_in_flight: Annotated[
        int, msgspec.Meta(ge=1, le=8, description="Transactions one writer has open at a time.")
    ] = 2
    max_buffer_bytes: Annotated[
        int,
        msgspec.Meta(
            ge=1_000_000, description="Bytes of messages waiting in memory; fetching pauses above it."
        ),
    ] = 64_000_000
    fetch_messages: Annotated[
        int, msgspec.Meta(ge=1, le=256, description="Messages asked for at a time.")
    ] = 32
    fetch_wait_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds one fetch waits for messages.")
    ] = 1.0
    max_bad_rows: Annotated[
        int, msgspec.Meta(ge=1, description="Refused rows above which a whole batch becomes one dead letter.")
    ] = 100
    newer_major_delay_s: Annotated[
        float,
        msgspec.Meta(
            gt=0, description="Seconds a message of a newer major version waits for a newer writer."
        ),
    ] = 30.0
    retry_wait_max_s: Annotated[
        float, msgspec.Meta(gt=0, description="Longest pause between tries while the database is away.")
    ] = 5.0
    drain_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds a stopping writer goes on committing what it holds.")
    ] = 10.0
    copy_timeout_s: Annotated[
        float,
        msgspec.Meta(gt=0, description="Seconds a COPY may take before its connection is given up."),
    ] = 60.0
    live_interval_s: Annotated[float, msgspec.Meta(gt=0, description="Seconds between live summaries.")] = 1.0
    live_max_names: Annotated[
        int,
        msgspec.Meta(
            ge=1, description="Hosts, and providers, told apart in a live summary; the rest is `other`."
        ),
    ] = 200


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the writer is told."""

    database: DatabaseSettings
    writer: WriterSettings = WriterSettings()
    trim: TrimSettings = TrimSettings()
    fold: FoldSettings = FoldSettings()
    nats: NatsSettings = NatsSettings()
    log: LogSettings = LogSettings()
    service: ServiceSettings = ServiceSettings()
    health: HealthSettings = HealthSettings()
