"""Settings of the demo, from `WILDWATCH_DEMO_…`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from wildwatch.runtime.logging import LogSettings


def _note(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


class DemoSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is simulated, how much of it, and where it goes."""

    ingest_url: Annotated[str, msgspec.Meta(pattern="^https?://", description="Base address of ingest.")]
    keys_file: Annotated[
        Path, _note('JSON file with an API key for each host of `--hosts`: {"out-01.demo.example": "ww_…"}.')
    ]
    seed: Annotated[int, _note("Another seed is another cluster with other incidents.")] = 1
    events_per_s: Annotated[float, msgspec.Meta(gt=0, le=20_000, description="Mean rate over a week.")] = (
        300.0
    )
    max_pending: Annotated[
        int,
        msgspec.Meta(ge=1, description="Deliveries that may wait for a retry; more are rejected at once."),
    ] = 60_000
    backfill_minutes: Annotated[
        int, msgspec.Meta(ge=0, le=10_000, description="Past minutes filled in at start; 0 for none.")
    ] = 90
    backfill_max_events: Annotated[
        int, msgspec.Meta(ge=1, description="Past events at most: beyond it the older minutes are thinned.")
    ] = 1_000_000
    backfill_events_per_s: Annotated[
        float, msgspec.Meta(gt=0, description="Pace of the past, so that the present is not delayed.")
    ] = 12_000.0
    batch_events: Annotated[int, msgspec.Meta(ge=1, le=5_000, description="Events a request at most.")] = 500
    batch_ms: Annotated[int, msgspec.Meta(ge=100, description="An event waits so long for company.")] = 500
    spool_bytes: Annotated[
        int,
        msgspec.Meta(
            ge=1_000_000,
            description="Memory for batches of all hosts that ingest has not taken; the oldest go first.",
        ),
    ] = 64_000_000
    backoff_min_s: Annotated[float, msgspec.Meta(gt=0, description="First wait after a failed request.")] = (
        0.5
    )
    backoff_max_s: Annotated[float, msgspec.Meta(gt=0, description="Longest wait between tries.")] = 30.0
    request_timeout_s: Annotated[float, msgspec.Meta(gt=0, description="Whole time of one request.")] = 30.0
    obey_pauses: Annotated[
        bool, _note("Take addresses that Wildwatch paused out of use, as ZoneMTA's plugin does.")
    ] = True


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything `python -m wildwatch.cli.demo` reads."""

    demo: DemoSettings
    log: LogSettings = LogSettings()
