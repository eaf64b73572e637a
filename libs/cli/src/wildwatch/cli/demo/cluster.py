"""The simulated cluster: a pure core, the same events for the same seed, no clock and no I/O of its own."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Collection
from operator import itemgetter
from random import Random
from typing import Any, Final
from zlib import crc32

from wildwatch.cli.demo import entries
from wildwatch.cli.demo.arrivals import Arrivals
from wildwatch.cli.demo.delivery import DEFER_MINUTES, Delivery, Message
from wildwatch.cli.demo.outcome import Judge
from wildwatch.cli.demo.people import Sender
from wildwatch.cli.demo.process import Process, Processes
from wildwatch.cli.demo.replies import NETWORK, Reply
from wildwatch.cli.demo.script import Script
from wildwatch.cli.demo.volume import SHARES, factors_at
from wildwatch.cli.demo.world import World

SLICE_MS: Final = 100
EVENTS_PER_MESSAGE: Final = 2.39
"""Entries a message causes on average over a cycle; turns the asked event rate into a rate of messages."""
MAX_RESPONSE: Final = 312
"""ZoneMTA cuts replies here."""
_SPAMMER_SHARE: Final = 0.05
_PAUSED = Reply("450 4.7.0 All addresses of the pool are paused", "policy", final=False, stage=NETWORK)

Event = tuple[str, dict[str, Any]]


class Cluster:
    """Hosts that take in, send, defer and bounce mail.

    `events_per_s` is the mean over a week; `shape` multiplies it at a moment (epoch ms), after the built-in shapes of
    day and week, which `steady` switches off. `incarnation` tells several clusters of one seed apart: the same
    world and incidents, other mail. At most `max_pending` deliveries wait for another attempt; when there are as
    many, a delivery that would be deferred is rejected instead, as if its retries were used up, and counted in
    `given_up`.
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
        self.given_up = 0
        self.paused: frozenset[str] = frozenset()
        """Addresses taken out of service; may be replaced at any time."""
        self._messages_per_ms = events_per_s / EVENTS_PER_MESSAGE / 1_000
        self._steady = steady
        self._shape = shape
        self._max_pending = max_pending
        self._now = start_ms // SLICE_MS * SLICE_MS
        self._rng = Random(f"cluster:{seed}:{incarnation}")  # noqa: S311 - a simulation must repeat
        self._arrivals = Arrivals(self.world, self._rng)
        self._judge = Judge(self._rng)
        self._processes = Processes(seed, incarnation, self.world.hosts)
        self._latencies = tuple(min(self._rng.lognormvariate(0.0, 0.5), 8.0) for _ in range(1024))
        self._due: list[tuple[int, int, Delivery]] = []
        self._tie = 0
        self._early: list[tuple[int, Process, dict[str, Any]]] = []
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

    def stop_arrivals(self) -> None:
        """No new messages from now on; what is queued is still delivered."""
        self._arriving = False

    def pause(self, addresses: Collection[str]) -> None:
        """Send from none of these; deliveries whose address is paused move to another of the pool."""
        self.paused = frozenset(addresses)

    def advance(self, until_ms: int) -> list[Event]:
        """(host, entry) of all that happens before `until_ms` rounded down to 100 ms, in order of time.

        How the time is cut into calls does not change what happens.
        """
        out: list[Event] = []
        while self._now + SLICE_MS <= until_ms:
            self._slice(out)
        return out

    def _slice(self, out: list[Event]) -> None:
        start, end = self._now, self._now + SLICE_MS
        if start // 1_000 != self._second:
            self._second = start // 1_000
            self._conditions = self.script.at(start)
            self._rates = self._message_rates(start) if self._arriving else {}
        happened = self._early
        for kind, rate in self._rates.items():
            self._arrive(kind, rate, start, happened)
        due = self._due
        while due and due[0][0] < end:
            moment, _, delivery = heapq.heappop(due)
            self._attempt(delivery, moment, happened)
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
        scale = self._messages_per_ms * SLICE_MS * (self._shape(start) if self._shape else 1.0)
        factors = SHARES if self._steady else factors_at(start)
        rates = {kind: factor * scale for kind, factor in factors.items()}
        if self._conditions.spammer is not None:
            rates["spam"] = _SPAMMER_SHARE * scale
        return rates

    def _arrive(
        self, kind: str, rate: float, start: int, happened: list[tuple[int, Process, dict[str, Any]]]
    ) -> None:
        rng = self._rng
        count = _poisson(rng, rate)
        moments = [int(rng.random() * SLICE_MS) for _ in range(count)]
        moments.sort()
        spammer = self._conditions.spammer
        for offset in moments:
            is_spam = kind == "spam"
            sender = spammer if is_spam and spammer else self.world.crowds[kind].pick(rng)
            hosts = sender.pool.hosts
            host = hosts[int(rng.random() * len(hosts))]
            receiver = self._processes.of(host, "main" if sender.interface == "api" else "receiver")
            arrival = self._arrivals.make(sender, host, receiver, start + offset, is_spam=is_spam)
            main = self._processes.of(host, "main")
            for moment, by_receiver, entry in arrival.entries:
                happened.append((moment, receiver if by_receiver else main, entry))
            for delivery in arrival.deliveries:
                wait = 220 + rng.expovariate(1 / 500) if kind != "bulk" else 300 + rng.expovariate(1 / 2_500)
                self._schedule(delivery, start + offset + int(wait + self._latency(delivery)))

    def _schedule(self, delivery: Delivery, moment: int) -> None:
        self._tie += 1
        heapq.heappush(self._due, (moment, self._tie, delivery))

    def _latency(self, delivery: Delivery) -> float:
        return delivery.domain.provider.latency_ms * self._latencies[int(self._rng.random() * 1024)]

    def _choose_address(self, delivery: Delivery) -> None:
        """ZoneMTA's own choice: crc32 of `id.seq` over what is left of the pool, so retries keep their address."""
        message = delivery.message
        host = message.host
        pool = message.pool
        v6 = pool.v6[host]
        key = crc32(f"{message.queue_id}.{delivery.seq}".encode())
        # Half of what could go over IPv6 does: the other half meets no AAAA record in time.
        addresses = v6 if v6 and delivery.domain.provider.ipv6 and key & 1 else pool.v4[host]
        if delivery.avoid or self.paused:
            addresses = (
                tuple(ip for ip in addresses if ip != delivery.avoid and ip not in self.paused)
                or tuple(ip for ip in pool.v4[host] if ip not in self.paused)
            )  # fmt: skip
        delivery.address = addresses[(key >> 1) % len(addresses)] if addresses else ""

    def _attempt(
        self, delivery: Delivery, moment: int, happened: list[tuple[int, Process, dict[str, Any]]]
    ) -> None:
        delivery.attempts += 1
        message = delivery.message
        if not delivery.address or delivery.address == delivery.avoid or delivery.address in self.paused:
            self._choose_address(delivery)
        sender = self._processes.of(message.host, "sender", message.pool.zone)
        if delivery.attempts > 1 and self._rng.random() < 0.0006:
            happened.append((moment, self._processes.of(message.host, "main"), entries.deleted(delivery)))
            return
        reply = self._judge.reply_to(delivery, self._conditions) if delivery.address else _PAUSED
        servers = delivery.domain.mx
        mx, mx_ip = servers[0 if len(servers) == 1 or self._rng.random() < 0.7 else 1]
        if reply is None:
            response = self._say(delivery.domain.provider.accept, delivery, mx, mx_ip, moment)
            timer = 20 + int(delivery.domain.provider.latency_ms * self._latencies[moment & 1023] * 0.8)
            happened.append((moment, sender, entries.accepted(delivery, mx, mx_ip, response, timer)))
            return
        response = self._say(reply.text, delivery, mx, mx_ip, moment)
        next_ms = self._next_attempt(delivery, reply, moment)
        entry = entries.failed(delivery, mx, mx_ip, reply, response, 15 + moment % 400, next_ms)
        if reply is _PAUSED:
            entry["ip"] = entry["host"] = False
        happened.append((moment, sender, entry))
        if next_ms is not None:
            self._schedule(delivery, next_ms + int(self._latency(delivery)))
        elif message.envelope_from and message.sender.kind != "bulk":
            self._report(delivery, moment + 40 + moment % 60, happened)

    def _next_attempt(self, delivery: Delivery, reply: Reply, moment: int) -> int | None:
        if reply.final or delivery.attempts > len(DEFER_MINUTES):
            return None
        if reply.category == "blacklist":
            if not delivery.message.envelope_from:
                return None
            delivery.avoid = delivery.address
        if len(self._due) >= self._max_pending:
            self.given_up += 1
            return None
        return moment + DEFER_MINUTES[delivery.attempts - 1] * 60_000 + int(self._rng.random() * 400)

    def _say(self, template: str, delivery: Delivery, mx: str, mx_ip: str, moment: int) -> str:
        bits = self._rng.getrandbits(52)
        return template.format(
            rcpt=delivery.recipient, domain=delivery.domain.name, ip=delivery.address, mx=mx, mx_ip=mx_ip,
            token=f"{bits:013X}", number=bits >> 8, seconds=moment // 1_000, sender_domain=delivery.message.sender.domain,
        )[:MAX_RESPONSE]  # fmt: skip

    def _report(
        self, delivery: Delivery, moment: int, happened: list[tuple[int, Process, dict[str, Any]]]
    ) -> None:
        """A non-delivery report to the envelope sender, from the null sender."""
        failed = delivery.message
        main = self._processes.of(failed.host, "main")
        pool = self.world.pools["bounce"]
        domain = self.world.home_of(failed.envelope_from)
        about = pool.v4[failed.host][0]
        queue_id = main.queue_id(moment)
        message = Message(
            queue_id=queue_id, created_ms=int(queue_id[:-4], 16) >> 12, host=failed.host, pool=pool,
            sender=self._reporter(failed.host), envelope_from="", return_path="",
            message_id=f"<{self._rng.getrandbits(96):024x}@{failed.host}>", size=1_400 + moment % 300, user=None,
        )  # fmt: skip
        md5 = f"{crc32(about.encode(), moment & 0xFFFFFFFF):08x}0b0c"
        happened.append(
            (moment, main, entries.report_queued(message, failed.envelope_from, failed.host, md5))
        )
        happened.append((moment + 4, main, entries.report_made(delivery, queue_id)))
        report = Delivery(message, 1, failed.envelope_from, self.world.own, domain, "")
        self._schedule(report, moment + 300 + int(self._latency(report)))

    def _reporter(self, host: str) -> Sender:
        return Sender(
            address=f"mailer-daemon@{host}", domain=host, kind="report", pool=self.world.pools["bounce"],
            interface="bounce", src=False, mean_size=1_400, dirt=0.0, recipients=1.0,
        )  # fmt: skip


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
