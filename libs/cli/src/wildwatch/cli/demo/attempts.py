"""One attempt to deliver: the sending address, the answer, the log entries, and what comes after."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final
from zlib import crc32

from wildwatch.cli.demo import entries
from wildwatch.cli.demo.delivery import DEFER_MINUTES, Delivery, Message, Recipient
from wildwatch.cli.demo.outcome import Judge
from wildwatch.cli.demo.people import Sender
from wildwatch.cli.demo.process import Process, Processes
from wildwatch.cli.demo.replies import NETWORK, Reply
from wildwatch.cli.demo.script import Conditions
from wildwatch.cli.demo.world import World

MAX_RESPONSE: Final = 312
"""ZoneMTA cuts replies here."""
_REMOVED_BY_HAND: Final = 0.003
"""Share of waiting deliveries that an operator deletes before their next attempt."""
_PAUSED: Final = Reply("450 4.7.0 All addresses of the pool are paused", "policy", final=False, stage=NETWORK)

Happened = list[tuple[int, Process, dict[str, Any]]]
"""(epoch ms, process that logs it, entry)"""


class Attempts:
    """Carries attempts out and calls `schedule(delivery, moment)` for every further one.

    `has_room` says whether another delivery may wait; without room it is rejected as if its retries were used
    up, and counted in `given_up`.
    """

    def __init__(
        self,
        world: World,
        rng: Random,
        processes: Processes,
        schedule: Callable[[Delivery, int], None],
        has_room: Callable[[], bool],
    ) -> None:
        self.given_up = 0
        self.paused: frozenset[str] = frozenset()
        self._world = world
        self._rng = rng
        self._processes = processes
        self._schedule = schedule
        self._has_room = has_room
        self._judge = Judge(rng)
        self._latencies = tuple(min(rng.lognormvariate(0.0, 0.5), 8.0) for _ in range(1024))
        self._reporters = {host: self._reporter(host) for host in world.hosts}

    def latency_ms(self, delivery: Delivery) -> float:
        """How long this transaction takes: the provider's median, spread."""
        return delivery.domain.provider.latency_ms * self._latencies[int(self._rng.random() * 1024)]

    def attempt(self, delivery: Delivery, moment: int, conditions: Conditions, happened: Happened) -> None:
        """The attempt that ends at `moment`."""
        delivery.attempts += 1
        message = delivery.message
        if not delivery.address or delivery.address == delivery.avoid or delivery.address in self.paused:
            self._choose_address(delivery)
        if delivery.attempts > 1 and self._rng.random() < _REMOVED_BY_HAND:
            happened.append((moment, self._processes.of(message.host, "main"), entries.deleted(delivery)))
            return
        process = self._processes.of(message.host, "sender", message.pool.zone)
        reply = self._judge.reply_to(delivery, conditions) if delivery.address else _PAUSED
        servers = delivery.domain.mx
        mx, mx_ip = servers[0 if len(servers) == 1 or self._rng.random() < 0.7 else 1]
        provider = delivery.domain.provider
        if reply is None:
            response = self._say(provider.accept, delivery, mx, mx_ip, moment)
            timer_ms = 20 + int(provider.latency_ms * self._latencies[moment & 1023] * 0.8)
            happened.append((moment, process, entries.accepted(delivery, mx, mx_ip, response, timer_ms)))
            return
        response = self._say(reply.text, delivery, mx, mx_ip, moment)
        next_ms = self._next_attempt(delivery, reply, moment)
        timer_ms = 15 + moment % 400
        entry = entries.failed(delivery, mx, mx_ip, reply, response, timer_ms=timer_ms, next_ms=next_ms)
        if reply is _PAUSED:
            entry["ip"] = entry["host"] = False
        happened.append((moment, process, entry))
        if next_ms is not None:
            self._schedule(delivery, next_ms + int(self.latency_ms(delivery)))
        elif message.envelope_from and message.sender.kind != "bulk":
            self._report(delivery, moment + 40 + moment % 60, happened)

    def _choose_address(self, delivery: Delivery) -> None:
        """As ZoneMTA: crc32 of `id.seq` over what is left of the pool, so retries keep their address."""
        message = delivery.message
        v4, v6 = message.pool.v4[message.host], message.pool.v6[message.host]
        key = crc32(f"{message.queue_id}.{delivery.seq}".encode())
        # Half of what could go over IPv6 does: the other half meets no AAAA record in time.
        addresses = v6 if v6 and delivery.domain.provider.ipv6 and key & 1 else v4
        if delivery.avoid or self.paused:
            usable = tuple(ip for ip in addresses if ip != delivery.avoid and ip not in self.paused)
            # As in ZoneMTA a learned block alone never empties a pool; a pause does.
            addresses = usable or tuple(ip for ip in v4 if ip not in self.paused)
        delivery.address = addresses[(key >> 1) % len(addresses)] if addresses else ""

    def _next_attempt(self, delivery: Delivery, reply: Reply, moment: int) -> int | None:
        if reply.final or delivery.attempts > len(DEFER_MINUTES):
            return None
        if reply.category == "blacklist":
            if not delivery.message.envelope_from:
                return None
            delivery.avoid = delivery.address
        if not self._has_room():
            self.given_up += 1
            return None
        return moment + DEFER_MINUTES[delivery.attempts - 1] * 60_000 + int(self._rng.random() * 400)

    def _say(self, template: str, delivery: Delivery, mx: str, mx_ip: str, moment: int) -> str:
        bits = self._rng.getrandbits(52)
        return template.format(
            rcpt=delivery.recipient,
            domain=delivery.domain.name,
            ip=delivery.address,
            mx=mx,
            mx_ip=mx_ip,
            token=f"{bits:013X}",
            number=bits >> 8,
            seconds=moment // 1_000,
            sender_domain=delivery.message.sender.domain,
        )[:MAX_RESPONSE]

    def _report(self, delivery: Delivery, moment: int, happened: Happened) -> None:
        """A non-delivery report to the envelope sender, from the null sender."""
        failed = delivery.message
        main = self._processes.of(failed.host, "main")
        queue_id, created_ms = main.queue_id(moment)
        bits = self._rng.getrandbits(96)
        message = Message(
            queue_id=queue_id,
            created_ms=created_ms,
            host=failed.host,
            pool=self._world.pools["bounce"],
            sender=self._reporters[failed.host],
            envelope_from="",
            return_path="",
            message_id=f"<{bits:024x}@{failed.host}>",
            size=1_400 + moment % 300,
            user=None,
        )
        to = failed.envelope_from
        entry = entries.report_queued(message, to, failed.host, f"{bits & 0xFFFFFFFFFFFF:012x}")
        happened.append((created_ms + 3, main, entry))
        happened.append((created_ms + 7, main, entries.report_made(delivery, queue_id)))
        home = Recipient(to, self._world.own, self._world.home_of(to), "")
        report = Delivery(message, 1, home)
        self._schedule(report, created_ms + 300 + int(self.latency_ms(report)))

    def _reporter(self, host: str) -> Sender:
        return Sender(
            address=f"mailer-daemon@{host}",
            domain=host,
            kind="report",
            pool=self._world.pools["bounce"],
            interface="bounce",
            src=False,
            mean_size=1_400,
            dirt=0.0,
            recipients=1.0,
        )
