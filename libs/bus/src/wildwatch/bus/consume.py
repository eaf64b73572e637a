"""Take messages from a durable pull consumer and answer for each of them."""

from __future__ import annotations

import nats.errors
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from wildwatch.bus.connection import Bus
from wildwatch.bus.errors import CLIENT_ERRORS, BrokerUnavailableError
from wildwatch.contracts import streams


class Delivery:
    """One delivered message. Exactly one of the verbs must be called on it in the end."""

    __slots__ = ("_msg", "payload", "stream_seq", "subject")

    def __init__(self, msg: Msg) -> None:
        self._msg = msg
        self.payload: bytes = msg.data
        self.subject = msg.subject
        self.stream_seq: int = msg.metadata.sequence.stream

    async def acknowledge(self) -> None:
        """Its rows are committed. A lost acknowledgement only means a second delivery, which the
        ledger of batches sorts out."""
        await self._answer(self._msg.ack())

    async def put_back(self, delay_s: float) -> None:
        """Not now: let it come again, to anybody, after `delay_s`."""
        await self._answer(self._msg.nak(delay=delay_s))

    async def give_up(self) -> None:
        """Never again. Only after a dead letter with its content was stored."""
        await self._answer(self._msg.term())

    @staticmethod
    async def _answer(call: object) -> None:
        try:
            await call  # type: ignore[misc] # the three coroutines share no public type
        except CLIENT_ERRORS:
            # Not told is not harmful: the broker delivers again after ack_wait.
            return


class Consumer:
    """Batches of deliveries of one durable; any number of processes share it."""

    def __init__(self, subscription: JetStreamContext.PullSubscription) -> None:
        self._subscription = subscription

    async def fetch(self, max_messages: int, wait_s: float) -> list[Delivery]:
        """Up to `max_messages`, as soon as there is one, or none after `wait_s`.

        Raises `BrokerUnavailableError` when the broker cannot be asked.
        """
        try:
            messages = await self._subscription.fetch(max_messages, timeout=wait_s)
        except (TimeoutError, nats.errors.TimeoutError):
            return []
        except CLIENT_ERRORS as error:
            raise BrokerUnavailableError(f"cannot fetch: {type(error).__name__}") from error
        return [Delivery(message) for message in messages]

    async def lag(self) -> tuple[int, int]:
        """`(not yet delivered, delivered but not acknowledged)` messages of the durable."""
        try:
            info = await self._subscription.consumer_info()
        except CLIENT_ERRORS as error:
            raise BrokerUnavailableError("no consumer info") from error
        return info.num_pending or 0, info.num_ack_pending or 0


async def bind(bus: Bus, durable: streams.Durable) -> Consumer:
    """Use a durable that `provision` made."""
    subscription = await bus.js.pull_subscribe_bind(consumer=durable.name, stream=durable.stream)
    return Consumer(subscription)
