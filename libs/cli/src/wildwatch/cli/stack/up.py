"""`wildwatch up`: prepares, starts, watches and stops everything on one machine."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

import aiohttp
import msgspec

from wildwatch.bus.provision import StreamSettings
from wildwatch.cli.embedded.secrets import write_private
from wildwatch.cli.stack import demo, folder, preparing, services
from wildwatch.cli.stack.servers import Servers
from wildwatch.cli.stack.settings import UpSettings
from wildwatch.cli.stack.supervisor import Child, Program

Say = Callable[[str], None]
T = TypeVar("T")

_FIRST_GRACE_S = 6.0
_WRITER_GRACE_S = 9.0
"""With 4 s for NATS and 5 s for the database everything ends within 25 s."""


class Local(msgspec.Struct, kw_only=True):
    """`var/local.json`: how to reach what runs here. It holds secrets (mode 0600)."""

    dashboard_url: str
    ingest_url: str
    nats_url: str
    database_url: str
    ingest_key: str
    ingest_host: str
    health_urls: dict[str, str]


def run(settings: UpSettings, environ: Mapping[str, str], say: Say) -> None:
    """Run until SIGINT or SIGTERM. Raises `StartError` and the libraries' errors when it cannot start."""
    # Until the event loop takes over, both signals end the start the same way, and what runs is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    var = settings.folder
    with folder.claimed(var):
        folder.require_room(var)
        budget = folder.stream_budget(var, settings.nats_disk)
        servers = Servers(settings, budget, say)
        where = services.addresses(settings)
        servers.prepare()
        servers.check_ports()
        try:
            say("Starting the database and the NATS server")
            servers.start()
            streams = StreamSettings(disk_bytes=budget, replicas=settings.nats_replicas)
            asyncio.run(_Stack(settings, servers, where, environ, say).serve(streams))
        except KeyboardInterrupt:
            say("Stopped while starting")
        finally:
            servers.stop()
            (var / "local.json").unlink(missing_ok=True)
    say("Stopped; the data stays in " + str(var))


class _Stopped(Exception):  # noqa: N818 - no error: somebody asked for the end
    pass


class _Stack:
    def __init__(
        self,
        settings: UpSettings,
        servers: Servers,
        where: services.Addresses,
        environ: Mapping[str, str],
        say: Say,
    ) -> None:
        self._settings = settings
        self._servers = servers
        self._where = where
        self._environ = environ
        self._say = say
        self._stop = asyncio.Event()
        self._children: dict[str, Child] = {}

    async def serve(self, streams: StreamSettings) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        keeping: list[asyncio.Task[None]] = []
        try:
            await self._unless_stopped(self._start(streams))
            keeping = [asyncio.create_task(child.keep()) for child in self._children.values()]
            keeping.append(asyncio.create_task(self._servers.keep()))
            ended, _ = await asyncio.wait(
                [asyncio.create_task(self._stop.wait()), *keeping], return_when=asyncio.FIRST_COMPLETED
            )
            for task in ended:
                task.result()
            self._say("Stopping")
        except _Stopped:
            self._say("Stopping before everything was ready")
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)
            await self._stop_children()

    async def _start(self, streams: StreamSettings) -> None:
        servers, var = self._servers, self._settings.folder
        admin = servers.database_url, servers.nats_url, servers.seed_file("admin")
        applied = await preparing.prepare(*admin, streams)
        if applied:
            self._say(f"Applied {len(applied)} migrations")
        key, host = await preparing.local_key(*admin, var / "secrets")
        self._say("Starting " + ", ".join(services.NAMES))
        programs = services.programs(self._settings, servers, self._where, self._environ)
        await self._start_all(programs)
        local = Local(
            dashboard_url=self._where.dashboard_url,
            ingest_url=self._where.ingest_url,
            nats_url=servers.nats_url,
            database_url=servers.database_url,
            ingest_key=key,
            ingest_host=host,
            health_urls={p.name: p.ready_url.removesuffix("/readyz") for p in programs if p.ready_url},
        )
        document = msgspec.json.format(msgspec.json.encode(local), indent=2).decode()
        write_private(var / "local.json", document + "\n")
        if self._settings.demo:
            self._say("Making keys for the simulated cluster")
            await self._start_all([await self._demo()])
        self._tell_what_next()

    async def _demo(self) -> Program:
        return await demo.program(
            database_url=self._servers.database_url,
            nats_url=self._servers.nats_url,
            seed_file=self._servers.seed_file("admin"),
            var=self._settings.folder,
            ingest_url=self._where.ingest_url,
            environ=self._environ,
        )

    async def _start_all(self, programs: list[Program]) -> None:
        started = []
        for program in programs:
            child = Child(program, self._settings.folder / "log", self._say)
            self._children[program.name] = child
            await child.start()
            started.append(child)
        timeout = aiohttp.ClientTimeout(total=2)
        async with aiohttp.ClientSession(timeout=timeout) as client, asyncio.TaskGroup() as group:
            for child in started:
                group.create_task(child.wait_ready(client))

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        task, stop = asyncio.create_task(work), asyncio.create_task(self._stop.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if task.done():
            try:
                return task.result()
            except ExceptionGroup as group:
                raise group.exceptions[0] from None
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task
        raise _Stopped

    async def _stop_children(self) -> None:
        """Who sends stops before who stores, so that what was taken in is committed."""
        writer = self._children.pop("writer", None)
        await asyncio.gather(*(child.stop(_FIRST_GRACE_S) for child in self._children.values()))
        if writer is not None:
            await writer.stop(_WRITER_GRACE_S)

    def _tell_what_next(self) -> None:
        var, where = self._settings.folder, self._where
        lines = [
            "",
            "Wildwatch is running.",
            f"  Page     {where.dashboard_url}/",
            f"  Ingest   {where.ingest_url}/  (key and host: {var / 'local.json'})",
            f"  Logs     {var / 'log'}",
            "",
            "Next: open the page."
            if self._settings.demo
            else "Next: connect a ZoneMTA (docs/operating.md), or see a simulated one: `make run DEMO=1`.",
            "Ctrl-C stops everything; the data stays.",
        ]
        self._say("\n".join(lines))
