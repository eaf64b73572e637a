from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest

from wildwatch.cli.demo.cluster import Cluster
from wildwatch.cli.demo.script import CYCLE_MS

CYCLE_START_MS = 1_795_320_000_000 // CYCLE_MS * CYCLE_MS


@dataclass
class Observed:
    """One cycle of incidents, boiled down while it went by."""

    start_ms: int = CYCLE_START_MS
    events: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    failures: list[dict[str, Any]] = field(default_factory=list)
    """DEFERRED and REJECTED"""
    lives: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """(id, seq) → the telling members of its sender entries in order of time"""
    first_mx: Counter[str] = field(default_factory=Counter)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    """(instance, pid) → last n"""
    gaps: int = 0
    times: list[int] = field(default_factory=list)
    by_user: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """user → minute of the cycle → QUEUED and NOQUEUE"""
    samples: dict[str, dict[str, Any]] = field(default_factory=dict)

    def minute(self, entry: dict[str, Any]) -> float:
        return float((entry["ts"] - self.start_ms) / 60_000)

    def see(self, entry: dict[str, Any]) -> None:
        self.events += 1
        action = entry["action"]
        self.actions[action] += 1
        self.samples.setdefault(action, entry)
        self.times.append(entry["ts"])
        process = (entry["instance"], entry["pid"])
        self.gaps += entry["n"] != self.numbers.get(process, 0) + 1
        self.numbers[process] = entry["n"]
        if action in ("DEFERRED", "REJECTED"):
            self.failures.append(entry)
        if "seq" in entry and action != "QUEUE_BOUNCE":
            keys = (
                "action",
                "attempts",
                "defcount",
                "nextattempt",
                "zoneAddress",
                "ts",
                "category",
                "created",
                "id",
            )
            self.lives[entry["id"], entry["seq"]].append({key: entry.get(key) for key in keys})
            if entry.get("attempts") == 1:
                self.first_mx[entry["mxHost"] if "mxHost" in entry else entry["mx"]] += 1
        if action in ("QUEUED", "NOQUEUE") and "user" in entry:
            self.by_user[entry["user"]][int(self.minute(entry))] += 1


@pytest.fixture(scope="package")
def observed() -> Observed:
    seen = Observed()
    cluster = Cluster(7, start_ms=CYCLE_START_MS, events_per_s=30, steady=True)
    while cluster.now_ms < CYCLE_START_MS + CYCLE_MS:
        for _, entry in cluster.advance(cluster.now_ms + 10_000):
            seen.see(entry)
    return seen
