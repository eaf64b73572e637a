"""A load generator in a process of its own: `python -m tests.load.sender`, told what to do on stdin.

Reads one line of JSON (url, keys by host, file of bodies, events a second or 0 for as fast as it goes,
connections), loads the bodies, prints `ready`, waits for another line,
posts every body until it was answered 202, and prints one line of JSON with latencies.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import uvloop


async def send(order: dict[str, Any], prepared: list[tuple[str, bytes]]) -> dict[str, Any]:
    """Post all bodies; seconds from start to the last 202, and each answer's latency."""
    latencies: list[float] = []
    refused = 0
    queue: Iterator[tuple[int, tuple[str, bytes]]] = iter(enumerate(prepared))
    interval = order["events_per_body"] / order["events_per_s"] if order["events_per_s"] else 0.0
    started = time.monotonic()

    async def work(session: aiohttp.ClientSession) -> None:
        nonlocal refused
        for index, (host, body) in queue:
            if interval:
                await asyncio.sleep(max(0.0, started + index * interval - time.monotonic()))
            headers = {"Authorization": f"Bearer {order['keys'][host]}"}
            while True:
                at = time.monotonic()
                async with session.post(order["url"], data=body, headers=headers) as answer:
                    await answer.read()
                    if answer.status == 202:
                        latencies.append(time.monotonic() - at)
                        break
                    refused += 1
                    await asyncio.sleep(0.1)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(work(session) for _ in range(order["connections"])))
    return {"seconds": time.monotonic() - started, "latencies": latencies, "refused": refused}


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    loaded = pickle.loads(Path(told["bodies"]).read_bytes())
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(uvloop.run(send(told, loaded))))
