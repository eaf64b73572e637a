"""A connection to NATS that never gives up and never speaks anonymously."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

import msgspec
import nats
import nats.errors
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext

from wildwatch.bus.errors import BrokerUnavailableError
from wildwatch.bus.permissions import inbox_prefix

logger: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_SAID = 5

OnReconnect = Callable[[], Awaitable[None]]


class NatsSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach NATS, and as whom."""

    url: Annotated[
        tuple[str, ...], msgspec.Meta(min_length=1, description="NATS servers, separated by commas.")
    ] = ("nats://127.0.0.1:8027",)
    seed_file: Annotated[
        str, msgspec.Meta(description="File with the nkey seed of this service's NATS user, mode 0600.")
    ] = ""
    connect_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds for one try to connect to NATS.")
    ] = 5.0
    first_connect_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds to keep trying to reach NATS at start.")
    ] = 60.0
    request_timeout_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds to wait for an answer of JetStream.")
    ] = 5.0
    reconnect_wait_s: Annotated[
        float, msgspec.Meta(gt=0, description="Seconds between tries to reconnect to NATS.")
    ] = 0.5


class Bus:
    """The open connection: `client` for core NATS, `js` for JetStream."""

    def __init__(self, client: Client, js: JetStreamContext, user: str) -> None:
        self.client = client
        self.js = js
        self.user = user
        self._on_reconnect: list[OnReconnect] = []

    def on_reconnect(self, hook: OnReconnect) -> None:
        """Call `hook` after each reconnect: watchers hear nothing for seconds after a broker restart."""
        self._on_reconnect.append(hook)

    @property
    def is_connected(self) -> bool:
        return self.client.is_connected

    async def reconnected(self) -> None:
        """Run the hooks; one that fails does not stop the others."""
        for hook in self._on_reconnect:
            try:
                await hook()
            except Exception:
                logger.exception("reconnect_hook_failed")


@asynccontextmanager
async def connect(settings: NatsSettings, user: str) -> AsyncIterator[Bus]:
    """Connect as the service `user`; sends what is pending and closes at the end.

    Raises `BrokerUnavailableError` when no server was reached within `first_connect_timeout_s`. After
    that the client reconnects for ever by itself, and publishing fails with `BrokerUnavailableError`
    while it does.
    """
    holder: list[Bus] = []
    said: list[str] = []

    async def disconnected() -> None:
        if holder:
            logger.warning("nats_disconnected")

    async def reconnected() -> None:
        logger.info("nats_reconnected")
        if holder:
            await holder[0].reconnected()

    async def failed(error: Exception) -> None:
        logger.debug("nats_error", error=type(error).__name__)
        if not holder:
            said.append(str(error))
            del said[:-_SAID]

    options = {
        "servers": list(settings.url),
        "name": f"wildwatch-{user}",
        "inbox_prefix": inbox_prefix(user).encode(),
        "connect_timeout": settings.connect_timeout_s,
        "reconnect_time_wait": settings.reconnect_wait_s,
        "max_reconnect_attempts": -1,
        "ping_interval": 5,
        "max_outstanding_pings": 2,
        # Publishes made while disconnected must fail at once, not be kept and sent later: their callers
        # were told 503 and will come again.
        "pending_size": 32_000_000,
        "disconnected_cb": disconnected,
        "reconnected_cb": reconnected,
        "error_cb": failed,
    }
    if settings.seed_file:
        options["nkeys_seed"] = settings.seed_file
    client = await _first_connect(settings, options, said)
    js = client.jetstream(timeout=settings.request_timeout_s)
    bus = Bus(client, js, user)
    holder.append(bus)
    try:
        yield bus
    finally:
        await _close(client)


async def _close(client: Client, timeout_s: float = 2.0) -> None:
    """Send what is pending, then close, neither for longer than `timeout_s`.

    `drain` would wait 15 s for a server that hangs: it catches its cancellation and flushes once more.
    """
    with contextlib.suppress(OSError, nats.errors.Error):
        await client.flush(timeout=timeout_s)  # type: ignore[arg-type] # nats-py says int and takes both
    with contextlib.suppress(OSError):
        await asyncio.wait_for(client.close(), timeout_s)


async def _first_connect(settings: NatsSettings, options: dict[str, object], said: list[str]) -> Client:
    """`said` holds what the server said of late: the client tries again by itself, and silently."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + settings.first_connect_timeout_s
    first = dict(options, allow_reconnect=True)
    while True:
        client = Client()
        try:
            # With max_reconnect_attempts=-1 the first connect would try for ever in silence.
            patience_s = min(settings.connect_timeout_s, max(deadline - clock(), 0.1))
            await asyncio.wait_for(client.connect(**first), timeout=patience_s)  # type: ignore[arg-type] # a dict
        except (OSError, TimeoutError, nats.errors.Error) as error:
            await client.close()
            why = str(error) or (said[-1] if said else type(error).__name__)
            # A refusal is followed by a reset connection, whichever of the two is heard last.
            if any("authorization" in text.lower() for text in (why, *said)):
                raise BrokerUnavailableError(
                    "NATS refuses this user: is its seed file the right one?"
                ) from error
            if clock() >= deadline:
                raise BrokerUnavailableError(f"no NATS server at {', '.join(settings.url)}: {why}") from error
            await asyncio.sleep(settings.reconnect_wait_s)
        else:
            return client
