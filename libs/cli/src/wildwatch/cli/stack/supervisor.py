"""Children: started, watched, restarted with back-off, stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import aiohttp
import msgspec

from wildwatch.cli.embedded import lifetime
from wildwatch.cli.errors import StartError
from wildwatch.cli.stack.logfile import RotatingLog

_BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_STEADY_AFTER_S = 60.0
"""A child that lived this long is restarted at once when it dies, its earlier deaths forgotten."""
_PROBE_EVERY_S = 0.05


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A child to run. `ready_url` answers 200 when it is ready; None: it is ready when it runs."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready_url: str | None = None
    ready_timeout_s: float = 60.0


class Child:
    """One running program and its log; `keep` restarts it until `stop`."""

    def __init__(self, program: Program, logs: Path, say: Callable[[str], None]) -> None:
        self.program = program
        self.log = RotatingLog(logs / f"{program.name}.log")
        self.restarts = 0
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it once; readiness is another question."""
        self._process = await asyncio.create_subprocess_exec(
            *lifetime.bound_to_parent(list(self.program.command)),
            env=dict(self.program.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us: children are stopped in order
        )
        self._reader = asyncio.create_task(self._copy_output(self._process))

    async def wait_ready(self, client: aiohttp.ClientSession) -> None:
        """Until `ready_url` answers 200. Raises `StartError` when it ends or the time is up."""
        if self.program.ready_url is None:
            return
        waiting = "no answer"
        try:
            async with asyncio.timeout(self.program.ready_timeout_s):
                while True:
                    if self._process is None or self._process.returncode is not None:
                        await self._output_read()
                        raise StartError(f"{self.program.name} ended: {self._last_words()}", self._see_log())
                    with contextlib.suppress(aiohttp.ClientError, OSError):
                        async with client.get(self.program.ready_url) as answer:
                            if answer.status == 200:
                                return
                            waiting = await answer.text()
                    await asyncio.sleep(_PROBE_EVERY_S)
        except TimeoutError:
            raise StartError(
                f"{self.program.name} is not ready after {self.program.ready_timeout_s:.0f} s: {waiting}",
                self._see_log(),
            ) from None

    async def keep(self) -> None:
        """Restart it whenever it ends, with back-off, until `stop` is called or this is cancelled."""
        loop = asyncio.get_running_loop()
        deaths = 0
        while self._process is not None:
            began = loop.time()
            code = await self._process.wait()
            if self._stopping:
                return
            deaths = 0 if loop.time() - began > _STEADY_AFTER_S else deaths + 1
            pause_s = _BACK_OFF_S[min(max(deaths - 1, 0), len(_BACK_OFF_S) - 1)]
            await self._output_read()
            why = f"{_how(code)}: {self._last_words()}"
            self._say(f"{self.program.name} ended ({why}); starting it again in {pause_s} s")
            await asyncio.sleep(pause_s)
            self.restarts += 1
            await self.start()

    async def stop(self, grace_s: float) -> None:
        """SIGTERM, then SIGKILL after `grace_s`."""
        self._stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), grace_s)
            except TimeoutError:
                self._say(f"{self.program.name} did not end within {grace_s:.0f} s and was killed")
                process.kill()
                await process.wait()
        await self._output_read()
        self.log.close()

    async def _copy_output(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is not None:
            while data := await process.stdout.read(65_536):
                self.log.write(data)

    async def _output_read(self) -> None:
        if self._reader is not None:
            # A grandchild may hold the pipe open: do not wait for its sake.
            await asyncio.wait({self._reader}, timeout=1)
            self._reader.cancel()

    def _last_words(self) -> str:
        said = [line for line in self.log.tail() if line.strip()]
        return said[-1].strip() if said else "no word"

    def _see_log(self) -> str:
        return f"See {self.log.path}"


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
