"""ZoneMTA's processes: they number their events and make queue ids."""

from __future__ import annotations

from random import Random
from typing import Any


class Process:
    """One process of one host: `receiver`, `main`, or the `sender` of one zone."""

    __slots__ = ("_counter", "_last_ms", "_suffix", "context", "host", "instance", "n", "pid")

    def __init__(self, host: str, context: str, pid: int, rng: Random) -> None:
        self.host = host
        self.instance = host.partition(".")[0]
        self.context = context
        self.pid = pid
        self.n = 0
        self._suffix = f"{rng.getrandbits(16):04x}"
        self._last_ms = 0
        self._counter = 0

    def queue_id(self, time_ms: int) -> tuple[str, int]:
        """18 hex digits as seq-index makes them: milliseconds, 12 bits of counter, 16 bits of the process.

        With it comes its time, `int(id[:-4], 16) >> 12`: `time_ms`, or that of the last id if it was later.
        """
        if time_ms > self._last_ms:
            self._last_ms = time_ms
            self._counter = 0
        else:
            self._counter += 1
            if self._counter == 4_096:
                self._last_ms += 1
                self._counter = 0
        return f"{(self._last_ms << 12) + self._counter:014x}{self._suffix}", self._last_ms

    def stamp(self, entry: dict[str, Any], time_ms: int) -> None:
        """What the plugin adds to every entry."""
        self.n += 1
        entry["ts"] = time_ms
        entry["instance"] = self.instance
        entry["ctx"] = self.context
        entry["pid"] = self.pid
        entry["n"] = self.n


class Processes:
    """All processes of the cluster. An `incarnation` is a start of it: other pids and id suffixes."""

    def __init__(self, seed: int, incarnation: int, hosts: tuple[str, ...]) -> None:
        self._rng = Random(f"processes:{seed}:{incarnation}")  # noqa: S311 - a simulation must repeat
        self._base = 700 + 4_000 * incarnation
        self._next = dict.fromkeys(hosts, self._base)
        self._by_key: dict[tuple[str, str], Process] = {}

    def of(self, host: str, context: str, zone: str = "") -> Process:
        key = (host, zone or context)
        found = self._by_key.get(key)
        if found is None:
            pid = self._next[host] + self._rng.randrange(1, 9)
            self._next[host] = pid
            found = self._by_key[key] = Process(host, context, pid, self._rng)
        return found
