"""An ingest process on a nats-server of its own, and the ways to talk to it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psutil
from tests.fixtures.processes import ServiceProcess
from tests.fixtures.road import Road

from wildwatch.bus import connection, provision
from wildwatch.cli.embedded.nats_server import NatsServer
from wildwatch.contracts import mail
from wildwatch.contracts.streams import MAIL

PATH = "/v1/events/mail"


class Answer:
    """Status, headers and body of an answer read from a bare socket."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if lines[0].startswith("HTTP/") else 0
        self.headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
        }

    def problem(self) -> dict[str, Any]:
        """The problem document."""
        assert self.headers["content-type"].startswith("application/problem+json"), self.headers
        return dict(json.loads(self.body))


class Door:
    """Ingest, its broker, and a key to it."""

    def __init__(self, road: Road) -> None:
        self.road = road

    @property
    def process(self) -> ServiceProcess:
        return self.road.ingest

    @property
    def port(self) -> int:
        return self.road.ingest_port

    def rss_bytes(self) -> int:
        """Resident memory of the process."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def log_text(self) -> str:
        return self.process.log.read_text()

    async def post(
        self, body: Any, *, key: str | None = None, from_address: str = "127.0.0.1", path: str = PATH,
        method: str = "POST", headers: dict[str, str] | list[tuple[str, str]] | None = None,
    ) -> tuple[int, dict[str, Any], dict[str, str]]:  # fmt: skip
        """`(status, document, headers)` of one request on a connection of its own."""
        connector = aiohttp.TCPConnector(local_addr=(from_address, 0))
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.request(
                method,
                f"http://127.0.0.1:{self.port}{path}",
                data=io.BytesIO(body) if isinstance(body, bytes) else body,
                headers=[
                    ("Authorization", f"Bearer {self.road.key if key is None else key}"),
                    *(headers.items() if isinstance(headers, dict) else headers or ()),
                ],
            ) as answer,
        ):
            text = await answer.text()
            return answer.status, json.loads(text) if text else {}, dict(answer.headers)

    async def raw(
        self, *parts: bytes, pause_s: float = 0.0, timeout_s: float = 15.0, until_closed: bool = True
    ) -> Answer:
        """Send bytes, part by part, and read the answer until the end of the connection or of its body."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            async with asyncio.timeout(timeout_s):
                reading = asyncio.ensure_future(_read(reader, until_closed=until_closed))
                for part in parts:
                    if reading.done():
                        break
                    writer.write(part)
                    try:
                        await writer.drain()
                    except ConnectionError:
                        break
                    await asyncio.wait({reading}, timeout=pause_s)
                return Answer(await reading)
        finally:
            await hang_up(writer)

    def head(self, *headers: str, method: str = "POST", path: str = PATH, key: str | None = None) -> bytes:
        """A request's head; the key is in it unless told otherwise."""
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self.road.key if key is None else key}",
            *headers,
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    async def stored(self, last: int = 1_000_000) -> list[mail.MailBatch]:
        """Every batch in the `last` messages of the stream."""
        async with connection.connect(self.road.admin_settings, "admin") as bus:
            state = (await bus.js.stream_info(MAIL.name)).state
            batches: list[mail.MailBatch] = []
            for seq in range(max(state.first_seq, state.last_seq + 1 - last), state.last_seq + 1):
                message = await bus.js.get_msg(MAIL.name, seq=seq)
                batches += mail.decode(message.data or b"").batches
            return batches

    async def stored_batch(self, name: str) -> mail.MailBatch:
        """The batch of that name, which was stored just now, and once."""
        [found] = [batch for batch in await self.stored(last=10) if batch.batch == name]
        return found


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection without a word."""
    writer.transport.abort()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def _read(reader: asyncio.StreamReader, *, until_closed: bool) -> bytes:
    raw = b""
    try:
        while chunk := await reader.read(65_536):
            raw += chunk
            if not until_closed and b"\r\n\r\n" in raw:
                answer = Answer(raw)
                if len(answer.body) >= int(answer.headers.get("content-length", "0")):
                    break
    except ConnectionError:
        pass  # a reset after the answer loses nothing that was read
    return raw


@asynccontextmanager
async def open_door(folder: Path, *, disk_bytes: int = 512_000_000, **settings: str) -> AsyncIterator[Door]:
    """A nats-server and an ingest of one's own."""
    with NatsServer(folder / "nats") as nats:
        road = Road(nats, "", folder)
        async with connection.connect(road.admin_settings, "admin") as bus:
            await provision.provision(bus, provision.StreamSettings(disk_bytes=disk_bytes))
        road.key = await road.add_key()
        with road.make_ingest(**settings) as road.ingest:
            yield Door(road)


OpenDoor = Callable[..., AbstractAsyncContextManager[Door]]


async def until(check: Callable[[], Any], timeout_s: float = 10.0) -> float:
    """Ask until `check` (plain or async) is true; the seconds it took."""
    began = time.monotonic()
    while True:
        said = check()
        if asyncio.iscoroutine(said):
            said = await said
        if said:
            return time.monotonic() - began
        assert time.monotonic() - began < timeout_s, f"not so within {timeout_s} s"
        await asyncio.sleep(0.02)
