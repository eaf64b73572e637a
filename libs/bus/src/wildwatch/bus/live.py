"""The per-second summaries for screens: core NATS, not stored, lost when nobody listens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import structlog
from nats.aio.msg import Msg

from wildwatch.bus.connection import Bus
from wildwatch.contracts import subjects
from wildwatch.contracts.messages import LiveMail

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_PENDING_MESSAGES = 1_000
"""What may wait for the callback; beyond it nats-py drops the newest and screens catch up by a refetch."""


@asynccontextmanager
async def live_mail(bus: Bus, on_summary: Callable[[LiveMail], None]) -> AsyncIterator[None]:
    """Call `on_summary` with each writer's summary while the context is open, reconnects included."""
    decode = msgspec.json.Decoder(LiveMail).decode

    async def received(msg: Msg) -> None:
        try:
            summary = decode(msg.data)
        except msgspec.DecodeError:
            logger.warning("live_summary_unreadable", bytes=len(msg.data))
            return
        on_summary(summary)

    subscription = await bus.client.subscribe(
        subjects.LIVE_MAIL, cb=received, pending_msgs_limit=_PENDING_MESSAGES
    )
    try:
        yield
    finally:
        if bus.is_connected:
            await subscription.unsubscribe()
