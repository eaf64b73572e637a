"""Settings of `wildwatch up`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec


class UpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is started, and where. Port 0 takes a free one."""

    var: Annotated[str, msgspec.Meta(description="Folder that `wildwatch up` keeps everything in.")] = "var"
    cache: Annotated[
        str,
        msgspec.Meta(description="Folder for fetched server programs; empty: the user's cache folder."),
    ] = ""
    dashboard_port: Annotated[
        int, msgspec.Meta(ge=0, le=65535, description="Port of the page and the API under `wildwatch up`.")
    ] = 8025
    ingest_port: Annotated[
        int, msgspec.Meta(ge=0, le=65535, description="Port of ingest under `wildwatch up`.")
    ] = 8026
    nats_port: Annotated[
        int, msgspec.Meta(ge=0, le=65535, description="Port of the embedded nats-server.")
    ] = 8027
    postgres_port: Annotated[
        int, msgspec.Meta(ge=0, le=65535, description="Port of the embedded TimescaleDB.")
    ] = 8028
    nats_monitor_port: Annotated[
        int, msgspec.Meta(ge=0, le=65535, description="Monitoring port of the embedded nats-server.")
    ] = 8029
    health_port: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=65500,
            description="First of the health ports; each service under `wildwatch up` takes the next one.",
        ),
    ] = 8030
    database_url: Annotated[
        str,
        msgspec.Meta(
            description="postgresql:// address of a TimescaleDB to use instead of the embedded one."
        ),
    ] = ""
    nats_url: Annotated[
        str, msgspec.Meta(description="NATS servers to use instead of the embedded one, by commas.")
    ] = ""
    nats_seeds: Annotated[
        str,
        msgspec.Meta(
            description="Folder with `<user>.seed` files for those NATS servers; see `wildwatch nats-users`."
        ),
    ] = ""
    nats_disk: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            description="Disk bytes for the streams; 0: 30 % of the free disk, decided at the first start.",
        ),
    ] = 0
    nats_replicas: Annotated[
        int, msgspec.Meta(ge=1, le=5, description="Copies of each stream: 1, or 3 in a cluster.")
    ] = 1
    start_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds each service may take to get ready at start.")
    ] = 60.0
    demo: Annotated[
        bool, msgspec.Meta(description="Also run a simulated cluster that posts to ingest: true or false.")
    ] = False

    @property
    def folder(self) -> Path:
        """`var` as an absolute path."""
        return Path(self.var).expanduser().resolve()
