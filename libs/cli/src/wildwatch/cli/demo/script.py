"""What goes wrong when: a script of incidents that repeats with other victims, drawn from the seed.

A cycle lasts 90 minutes, so that a back-fill of that length holds one of each. Times are minutes in the
cycle, which is counted from the epoch: every cluster of one seed sees the same incidents at the same time.
"""

from __future__ import annotations

from random import Random
from typing import Final

import msgspec

from wildwatch.cli.demo.people import Sender
from wildwatch.cli.demo.places import OUT_HOSTS
from wildwatch.cli.demo.world import World

CYCLE_MS: Final = 90 * 60_000

WINDOWS: Final = {
    "gmail_slowdown": (2, 14),
    "outlook_rate_limit": (12, 26),
    "ip_listed": (22, 58),
    "spam_account": (30, 39),
    "mailbox_full_wave": (48, 58),
    "provider_outage": (62, 70),
    "silent_host": (76, 80),
}
"""Incident → its first and last minute in each cycle."""

_FULL: Final = ("gmx", "web.de", "icloud", "orange")
_OUTAGE: Final = ("t-online", "ionos", "mimecast", "proofpoint", "seznam", "libero", "godaddy")


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong at a moment; a field of an incident that is not on is None or empty.

    `*_level` is 0 … 1, how far the incident has grown.
    """

    gmail_level: float = 0.0
    outlook_ips: frozenset[str] = frozenset()
    listed_ip: str | None = None
    listed_level: float = 0.0
    spammer: Sender | None = None
    full_provider: str | None = None
    outage_provider: str | None = None
    silent_host: str | None = None
    calm: bool = True
    """True when no delivery is touched."""


class Script:
    """The incidents of a world. Which provider, address, host or account it hits changes with the cycle."""

    def __init__(self, seed: int, world: World) -> None:
        self._seed = seed
        self._world = world
        self._cycle = -1
        self._victims: dict[str, object] = {}
        self._outlook: frozenset[str] = frozenset()

    def at(self, time_ms: int) -> Conditions:
        cycle, offset = divmod(time_ms, CYCLE_MS)
        if cycle != self._cycle:
            self._draw(cycle)
        level = {name: _level(offset / 60_000, *window) for name, window in WINDOWS.items()}
        victims = self._victims
        on = {name: value > 0 for name, value in level.items()}
        return Conditions(
            gmail_level=level["gmail_slowdown"],
            outlook_ips=self._outlook if on["outlook_rate_limit"] else frozenset(),
            listed_ip=_text(victims["listed_ip"]) if on["ip_listed"] else None,
            listed_level=level["ip_listed"],
            spammer=self._spammer() if on["spam_account"] else None,
            full_provider=_text(victims["full"]) if on["mailbox_full_wave"] else None,
            outage_provider=_text(victims["outage"]) if on["provider_outage"] else None,
            silent_host=_text(victims["silent"]) if on["silent_host"] else None,
            calm=not any(on[name] for name in WINDOWS if name not in ("silent_host", "spam_account")),
        )

    def _draw(self, cycle: int) -> None:
        rng = Random(f"script:{self._seed}:{cycle}")  # noqa: S311 - a simulation must repeat
        pools = self._world.pools
        busy = pools[f"dedicated-{1 + cycle % 3}"]
        limited = pools[rng.choice(("warm", "bulk-a", "bulk-b", "bulk-c"))].addresses()
        self._outlook = frozenset(rng.sample(limited, len(limited) // 2)) | {rng.choice(busy.addresses())}
        self._victims = {
            "listed_ip": rng.choice(busy.addresses()),
            "spammer": rng.choice(self._world.crowds["mailbox"].senders),
            "full": rng.choice(_FULL),
            "outage": rng.choice(_OUTAGE),
            "silent": rng.choice(OUT_HOSTS),
        }
        self._cycle = cycle

    def _spammer(self) -> Sender | None:
        spammer = self._victims["spammer"]
        return spammer if isinstance(spammer, Sender) else None


def _level(minute: float, first: int, last: int) -> float:
    """Rises over the first 60 per cent of the window, falls at its very end; 0 outside."""
    if not first <= minute < last:
        return 0.0
    part = (minute - first) / (last - first)
    return max(0.05, min(1.0, part / 0.6, (1 - part) / 0.1))


def _text(value: object) -> str:
    return str(value)
