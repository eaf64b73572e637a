"""The simulated cluster: a pure core, the same events for the same seed, no clock and no I/O of its own."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Collection
from operator import itemgetter
from random import Random
from typing import Any, Final

from wildwatch.cli.demo.arrivals import Arrivals
from wildwatch.cli.demo.attempts import Attempts, Happened
from wildwatch.cli.demo.delivery import Delivery
from wildwatch.cli.demo.process import Processes
from wildwatch.cli.demo.script import Script
from wildwatch.cli.demo.volume import SHARES, factors_at
from wildwatch.cli.demo.world import World

SLICE_MS: Final = 100
EVENTS_PER_MESSAGE: Final = 2.39
"""Entries a message causes on average over a cycle; turns the asked event rate into a rate of messages."""
_SPAMMER_SHARE: Final = 0.05

Event = tuple[str, dict[str, Any]]


class Cluster:
    """Hosts that take in, send, defer and bounce mail.

    `events_per_s` is the mean over a week; `shape` multiplies it at a moment (epoch ms), after the built-in
    shapes of day and week, which `steady` switches off. `incarnation` tells several clusters of one seed
    apart: the same world and incidents, other mail. At most `max_pending` deliveries wait for another
    attempt; when there are as many, a delivery that would be deferred is rejected instead, as if its retries
    were used up, and counted in `given_up`.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        start_ms: int,
        events_per_s: float = 300.0,
        incarnation: int = 0,
        max_pending: int = 60_000,
        steady: bool = False,
        shape: Callable[[int], float] | None = None,
    ) -> None:
        self.world = World(seed)
        self.script = Script(seed, self.world)
        self._messages_per_slice = events_per_s / EVENTS_PER_MESSAGE * SLICE_MS / 1_000
        self._steady = steady
        self._shape = shape
        self._now = start_ms // SLICE_MS * SLICE_MS
        self._rng = Random(f"cluster:{seed}:{incarnation}")  # noqa: S311 - a simulation must repeat
        self._processes = Processes(seed, incarnation, self.world.hosts)
        self._arrivals = Arrivals(self.world, self._rng)
        self._attempts = Attempts(
            self.world, self._rng, self._processes, self._schedule, lambda: len(self._due) < max_pending
        )
        self._due: list[tuple[int, int, Delivery]] = []
        self._scheduled = 0
        self._early: Happened = []
        """Entries whose time lies in a later slice."""
        self._conditions = self.script.at(self._now)
        self._second = -1
        self._rates: dict[str, float] = {}
        self._arriving = True

    @property
    def now_ms(self) -> int:
        """Everything before this has happened."""
        return self._now

    @property
    def pending(self) -> int:
        """Deliveries in the queue, the ones under way included."""
        return len(self._due)

    @property
    def given_up(self) -> int:
        """Deliveries rejected because too many were waiting."""
        return self._attempts.given_up

    def stop_arrivals(self) -> None:
        """No new messages from now on; what is queued is still delivered."""
        self._arriving = False
        self._rates = {}

    def pause(self, addresses: Collection[str]) -> None:
        """Send from none of these; deliveries whose address is paused move to another of the pool."""
        self._attempts.paused = frozenset(addresses)

    def advance(self, until_ms: int) -> list[Event]:
        """(host, entry) of all that happens before `until_ms` rounded down to 100 ms, in order of time.

        How the time is cut into calls does not change what happens.
        """
        out: list[Event] = []
        end = until_ms // SLICE_MS * SLICE_MS
        while self._now < end:
            if not self._arriving and not self._early:
                # Nothing new can happen before the next attempt.
                next_ms = self._due[0][0] // SLICE_MS * SLICE_MS if self._due else end
                self._now = min(max(next_ms, self._now), end)
                if self._now == end:
                    break
            self._slice(out)
        return out

    def _slice(self, out: list[Event]) -> None:
        start, end = self._now, self._now + SLICE_MS
        if start // 1_000 != self._second:
            self._second = start // 1_000
            self._conditions = self.script.at(start)
            self._rates = self._message_rates(start) if self._arriving else {}
        happened = self._early
        self._arrive(start, happened)
        due = self._due
        while due and due[0][0] < end:
            moment, _, delivery = heapq.heappop(due)
            self._attempts.attempt(delivery, moment, self._conditions, happened)
        happened.sort(key=itemgetter(0))
        cut = len(happened)
        while cut and happened[cut - 1][0] >= end:
            cut -= 1
        self._early = happened[cut:]
        for moment, process, entry in happened[:cut]:
            process.stamp(entry, moment)
            out.append((process.host, entry))
        self._now = end

    def _message_rates(self, start: int) -> dict[str, float]:
        """Messages a slice by kind of sender."""
        scale = self._messages_per_slice * (self._shape(start) if self._shape else 1.0)
        factors = SHARES if self._steady else factors_at(start)
        rates = {kind: factor * scale for kind, factor in factors.items()}
        if self._conditions.spammer is not None:
            rates["spam"] = _SPAMMER_SHARE * scale
        return rates

    def _arrive(self, start: int, happened: Happened) -> None:
        rng = self._rng
        arrivals = [
            (int(rng.random() * SLICE_MS), kind)
            for kind, rate in self._rates.items()
            for _ in range(_poisson(rng, rate))
        ]
        arrivals.sort(key=itemgetter(0))
        spammer = self._conditions.spammer
        for offset, kind in arrivals:
            is_spam = kind == "spam"
            sender = spammer if is_spam and spammer else self.world.crowds[kind].pick(rng)
            hosts = sender.pool.hosts
            host = hosts[int(rng.random() * len(hosts))]
            main = self._processes.of(host, "main")
            receiver = main if sender.interface == "api" else self._processes.of(host, "receiver")
            arrival = self._arrivals.make(sender, host, receiver, start + offset, is_spam=is_spam)
            for moment, by_receiver, entry in arrival.entries:
                happened.append((moment, receiver if by_receiver else main, entry))
            mean_wait_ms = 2_500 if kind == "bulk" else 500
            for delivery in arrival.deliveries:
                # A sender fetches it at the earliest when it is queued, 200 ms after its creation at most.
                wait_ms = 220 + rng.expovariate(1 / mean_wait_ms) + self._attempts.latency_ms(delivery)
                self._schedule(delivery, arrival.message.created_ms + int(wait_ms))

    def _schedule(self, delivery: Delivery, moment: int) -> None:
        self._scheduled += 1
        heapq.heappush(self._due, (moment, self._scheduled, delivery))


def _poisson(rng: Random, mean: float) -> int:
    if mean <= 0:
        return 0
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit = math.exp(-mean)
    count = 0
    product = rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count
