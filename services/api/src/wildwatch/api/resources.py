"""What the handlers work with, built and closed by `main`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from wildwatch.api.live.hub import Hub
from wildwatch.api.page.files import PageFiles
from wildwatch.api.pipeline.watch import PipelineWatch
from wildwatch.store.mail_queries import MailQueries


def utc_now() -> datetime:
    """The clock of a running service."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Everything a handler may reach. `now` is the clock."""

    mail: MailQueries
    pipeline: PipelineWatch
    hub: Hub
    page: PageFiles
    now: Callable[[], datetime] = utc_now
