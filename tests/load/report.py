"""What `make bench` writes: figures, what they must be, and the machine they were measured on."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil


class Figure(msgspec.Struct, omit_defaults=True):
    """One figure, as one line of JSON."""

    figure: str
    value: float
    must: str = ""
    dream: str = ""


def machine() -> str:
    """Processor, memory, system and Python of this machine."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    model = names[0].split(":", 1)[1].strip() if names else platform.machine()
    gib = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} x {model}, {gib:.0f} GiB, Linux {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def document(figures: list[Figure], versions: str, load: float) -> str:
    """docs/benchmarks.md."""
    rows = [f"| `{f.figure}` | {f.value:,} | {f.must} | {f.dream} |" for f in figures]
    return f"""# Benchmarks

Written by `make bench`: figures of one run on one machine, everything on it, with the durable settings of
production. The share of a bare COPY is what compares between machines.

Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}; {versions}. Load average when it began: {load:.1f}.

- **Bare COPY**: asyncpg, one connection, 10,000 prepared rows a transaction into `mail_event` with its
  indexes, fsync on, nothing else running; the median of runs interleaved with those of the road.
- **Road**: bodies of 500 events of the simulated cluster over HTTP, through ingest, JetStream and the writer,
  from the first post to the last committed row with its rollups. *Plain* is the same without rollups.
- **At 10k**: a steady 10,000 events a second. Cores are CPU seconds a second of each part, its children
  included; *visible* is from posting an event to a query that finds it.

| figure | value | must | dream |
|---|---|---|---|
{chr(10).join(rows)}
"""
