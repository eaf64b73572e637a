"""Everything the API can be told, by `WILDWATCH_…` variables."""

from __future__ import annotations

from typing import Annotated

import msgspec

from wildwatch.bus.connection import NatsSettings
from wildwatch.runtime.health import HealthSettings
from wildwatch.runtime.logging import LogSettings
from wildwatch.runtime.service import ServiceSettings
from wildwatch.store.pool import DatabaseSettings


class ApiSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the API and its page listen, and what they may cost."""

    listen_host: Annotated[str, msgspec.Meta(description="Address the page and the API listen on.")] = (
        "127.0.0.1"
    )
    listen_port: Annotated[
        int, msgspec.Meta(ge=0, le=65535, description="Port of the page and the API; 0 takes a free one.")
    ] = 8020
    allowed_hosts: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Host names, without port, that browsers may use besides its address."),
    ] = ()
    page_dir: Annotated[str, msgspec.Meta(description="Folder with the built page.")] = "frontend/dist"
    read_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, le=60, description="Seconds a question to the database may take.")
    ] = 5.0
    live_max_connections: Annotated[
        int, msgspec.Meta(ge=1, description="Open live connections; further ones are told to come later.")
    ] = 1_000
    live_backlog: Annotated[
        int,
        msgspec.Meta(
            ge=2, description="Messages that may wait for one slow live reader; the oldest are dropped first."
        ),
    ] = 16
    live_max_drops: Annotated[
        int,
        msgspec.Meta(ge=1, description="Dropped messages in a row after which a slow live reader is closed."),
    ] = 30
    live_replay_s: Annotated[
        int, msgspec.Meta(ge=1, description="Seconds of live messages kept for those who come back.")
    ] = 60
    live_max_rows: Annotated[
        int,
        msgspec.Meta(
            ge=100,
            description="Rows of one live message; beyond it readers are told to read all anew.",
        ),
    ] = 5_000


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All groups of the service."""

    database: DatabaseSettings
    nats: NatsSettings = msgspec.field(default_factory=NatsSettings)
    api: ApiSettings = msgspec.field(default_factory=ApiSettings)
    health: HealthSettings = msgspec.field(default_factory=HealthSettings)
    service: ServiceSettings = msgspec.field(default_factory=ServiceSettings)
    log: LogSettings = msgspec.field(default_factory=LogSettings)
