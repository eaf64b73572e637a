"""The Internet of the test bed: an SMTP server that answers by the recipient's local part."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiosmtpd.smtp import SMTP, Envelope, Session

SLOW_S = 2.0

_AT_RCPT = {
    "defer": "451 4.3.0 Temporary local problem, please try again later",
    "grey": "450 4.2.0 <{to}>: Recipient address rejected: Greylisted for 60 seconds",
    "nouser": "550 5.1.1 <{to}>: Recipient address rejected: User unknown",
    "full": "552 5.2.2 Mailbox is full",
    "listed": "554 5.7.1 Service unavailable; Client host [{peer}] blocked using zen.spamhaus.org",
    "policy": "550 5.7.1 Message refused by local policy",
    "rate": "421 4.7.28 Unusual rate of mail from your IP address, please slow down",
}
_AFTER_DATA = {"spam": "550 5.7.1 This message looks like spam"}
GREETING = "554 5.7.1 Service unavailable; Client host [{peer}] blocked using zen.spamhaus.org"


@dataclass(frozen=True)
class Delivery:
    """A mail that the sink took: `peer` is the address it came from."""

    peer: str
    sender: str
    recipients: tuple[str, ...]


@dataclass
class _Handler:
    delivered: list[Delivery] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd looks for
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        kind = address.partition("@")[0].rstrip("0123456789")
        if answer := _AT_RCPT.get(kind):
            return answer.format(to=address, peer=_peer(session))
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        kind = envelope.rcpt_tos[0].partition("@")[0].rstrip("0123456789")
        if kind == "slow":
            await asyncio.sleep(SLOW_S)  # the behaviour under test: a server that takes its time
        if answer := _AFTER_DATA.get(kind):
            return answer
        self.delivered.append(Delivery(_peer(session), envelope.mail_from or "", tuple(envelope.rcpt_tos)))
        return "250 2.0.0 OK queued"


class _Listener(Protocol):
    def close(self) -> None: ...


class Sink:
    """Two listeners on free ports in a thread: `port` answers, `refusing_port` blocks at the greeting."""

    def __init__(self) -> None:
        self._handler = _Handler()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)
        self._listeners: list[_Listener] = []
        self.port = 0
        self.refusing_port = 0

    @property
    def delivered(self) -> list[Delivery]:
        """Every mail taken so far, oldest first."""
        return list(self._handler.delivered)

    def start(self) -> None:
        """Returns when both ports listen."""
        self._thread.start()
        self._call(self._listen())

    def stop(self) -> None:
        """Closes the ports and ends the thread."""
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        server = await self._loop.create_server(
            lambda: SMTP(self._handler, hostname="mx.sink.test", ident="Sink", loop=self._loop),
            "127.0.0.1",
            0,
        )
        refusing = await asyncio.start_server(_refuse, "127.0.0.1", 0)
        self._listeners += [server, refusing]
        self.port = server.sockets[0].getsockname()[1]
        self.refusing_port = refusing.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        for listener in self._listeners:
            listener.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    peer = writer.get_extra_info("peername")[0]
    writer.write(f"{GREETING.format(peer=peer)}\r\n".encode())
    await writer.drain()
    await reader.read()  # the other side hangs up once it has read why
    writer.close()


def _peer(session: Session) -> str:
    assert session.peer is not None, "a command came over no connection"
    return str(session.peer[0])
