"""The parts that are killed and frozen, and who starts them again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from random import Random
from typing import Protocol

import msgspec
import psutil
from tests.fixtures.processes import ServiceProcess

from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.cli.embedded.timescaledb import Cluster


class Part(Protocol):
    """Something with a process or several. Every verb blocks; `start` returns when it serves or tries to."""

    name: str

    def kill(self) -> None: ...
    def start(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...
    def ended_by_itself(self) -> int | None: ...
    def is_ready(self) -> bool: ...


class Service:
    """An ingest or a writer."""

    def __init__(self, name: str, process: ServiceProcess) -> None:
        self.name = name
        self.process = process

    def kill(self) -> None:
        self.process.kill()

    def start(self) -> None:
        self.process.start()

    def freeze(self) -> None:
        self.process.freeze()

    def thaw(self) -> None:
        self.process.thaw()

    def ended_by_itself(self) -> int | None:
        child = self.process._process
        return None if child is None else child.poll()

    def is_ready(self) -> bool:
        return self.process.readiness() == {}


class Broker:
    """The nats-server."""

    name = "nats-server"

    def __init__(self, server: NatsServer) -> None:
        self.server = server

    def kill(self) -> None:
        self.server.kill()

    def start(self) -> None:
        self.server.start()

    def freeze(self) -> None:
        self.server.freeze()

    def thaw(self) -> None:
        self.server.thaw()

    def ended_by_itself(self) -> int | None:
        return self.server.exit_code()

    def is_ready(self) -> bool:
        return True  # `start` waited for it


class Database:
    """PostgreSQL: the postmaster and all its children at once, as when the machine stops."""

    name = "postgresql"

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def kill(self) -> None:
        family = self._family()
        for process in family:
            _send(process, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while any(map(_is_alive, family)):
            assert time.monotonic() < deadline, "PostgreSQL survives SIGKILL"
            time.sleep(0.01)

    def start(self) -> None:
        self.cluster.start()

    def freeze(self) -> None:
        for process in self._family():
            _send(process, signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self._family():
            _send(process, signal.SIGCONT)

    def ended_by_itself(self) -> int | None:
        return None

    def is_ready(self) -> bool:
        return True

    def _family(self) -> list[psutil.Process]:
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            pid = int((self.cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
            postmaster = psutil.Process(pid)
            return [postmaster, *postmaster.children(recursive=True)]
        return []


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, number)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


class Plan(msgspec.Struct, frozen=True):
    """What happens to each part, in random order; when it `goes_on`, more of it until the block ends.

    Most kills strike a part that had become ready again: under load a start takes seconds, and killing
    nothing but starting processes would test their start alone.
    """

    kills: int
    freezes_s: tuple[float, ...]
    pause_s: tuple[float, float]
    down_s: tuple[float, float] = (0.0, 1.5)
    ready_within_s: float = 10.0
    goes_on: bool = False


class Torment:
    """Kills, freezes and starts parts, and counts what it did.

    A part that ends by itself is started again as a supervisor would, and `ended` holds its name and
    exit code: some ends are right (no broker within the time allowed at start), a test may look.
    """

    def __init__(self, parts: Iterable[Part], plan: Plan, seed: int) -> None:
        self._parts = list(parts)
        self._plan = plan
        self._seed = seed
        self._enough = asyncio.Event()
        self._unplanned: set[str] = set()
        self.kills: Counter[str] = Counter()
        self.freezes: Counter[str] = Counter()
        self.ended: Counter[tuple[str, int]] = Counter()
        self.planned_done = asyncio.Event()

    @contextlib.asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Torment during the block; afterwards every part runs."""
        self._unplanned = {part.name for part in self._parts}
        async with asyncio.TaskGroup() as group:
            for part in self._parts:
                group.create_task(self._torment(part))
            try:
                yield
            finally:
                self._enough.set()

    async def _torment(self, part: Part) -> None:
        # random, not secrets: a seed shall bring the same acts again
        random = Random(f"{self._seed}-{part.name}")
        plan: list[float | None] = [*[None] * self._plan.kills, *self._plan.freezes_s]
        random.shuffle(plan)
        done = 0
        while True:
            if done == len(plan):
                self._unplanned.discard(part.name)
                if not self._unplanned:
                    self.planned_done.set()
            if random.random() < 0.8:
                await self._until_ready(part)
            await self._pause(part, random.uniform(*self._plan.pause_s))
            while done >= len(plan) and not self._plan.goes_on and not self._enough.is_set():
                await self._pause(part, 0.2)
            if done >= len(plan) and self._enough.is_set():
                return
            act = plan[done] if done < len(plan) else random.choice(plan)
            done += 1
            if act is None:
                await asyncio.to_thread(part.kill)
                self.kills[part.name] += 1
                await asyncio.sleep(random.uniform(*self._plan.down_s))
                await asyncio.to_thread(part.start)
            else:
                part.freeze()
                self.freezes[part.name] += 1
                try:
                    await asyncio.sleep(act)
                finally:
                    part.thaw()

    async def _until_ready(self, part: Part) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._plan.ready_within_s):
                while not await asyncio.to_thread(part.is_ready):
                    await self._pause(part, 0.1)

    async def _pause(self, part: Part, pause_s: float) -> None:
        deadline = asyncio.get_running_loop().time() + pause_s
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            if (code := part.ended_by_itself()) is not None:
                self.ended[part.name, code] += 1
                await asyncio.to_thread(part.start)
            await asyncio.sleep(min(left, 0.2))


async def keep_running(parts: Iterable[Part], ended: Counter[tuple[str, int]]) -> None:
    """Start again whatever ends by itself, for ever: the supervisor of the quiet times."""
    while True:
        for part in parts:
            if (code := part.ended_by_itself()) is not None:
                ended[part.name, code] += 1
                await asyncio.to_thread(part.start)
        await asyncio.sleep(0.2)
