"""Stands in for ingest: speaks its HTTP answers and keeps what it was sent."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Event = dict[str, Any]


class Receiver:
    """`url` and `key` are what the plugin needs. Batches count once by name, as they do in ingest.

    `stop` closes the port and every connection, `start` opens the same port again.
    """

    key = "wwk_testbed_0123456789"

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: list[Event] = []
        self._names: set[str] = set()
        self.duplicates = 0
        self.bodies: list[dict[str, Any]] = []
        self.refused_keys = 0
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Address for the plugin's `url`; the same after a stop and a start."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def events(self) -> list[Event]:
        """All events of all batches, in the order of their arrival."""
        with self._changed:
            return list(self._events)

    def of(self, queue_id: str) -> list[Event]:
        """The events of one message."""
        return [event for event in self.events if event["id"] == queue_id]

    def start(self) -> None:
        """Listens; on a free port the first time."""
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.receiver = self
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Nobody listens any more. Safe to call twice."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.close_connections()
            self._server.server_close()
            self._thread.join()
            self._server = None

    def wait_for(self, is_there: Callable[[list[Event]], bool], timeout_s: float = 40) -> list[Event]:
        """All events, as soon as they satisfy `is_there`; raises TimeoutError with what came instead."""
        with self._changed:
            if not self._changed.wait_for(lambda: is_there(self._events), timeout_s):
                came = "\n".join(
                    f"{e['id']} {e.get('seq')} {e['action']} {e.get('to')}" for e in self._events
                )
                raise TimeoutError(f"not after {timeout_s} s; came so far:\n{came}")
            return list(self._events)

    def take(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answers one post as ingest would."""
        with self._changed:
            if key != f"Bearer {self.key}":
                self.refused_keys += 1
                return 401, {"type": "about:blank", "title": "Unauthorized", "status": 401}
            known = body["batch"] in self._names
            if known:
                self.duplicates += 1
            else:
                self._names.add(body["batch"])
                self._events += body["events"]
                self.bodies.append(body)
            self._changed.notify_all()
            return 202, {"accepted": len(body["events"]), "rejected": [], "duplicate": known, "directives": 0}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    receiver: Receiver

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.handlers: set[_Handler] = set()

    def close_connections(self) -> None:
        for handler in list(self.handlers):
            handler.cut()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.handlers.add(self)

    def finish(self) -> None:
        self.server.handlers.discard(self)
        super().finish()

    def cut(self) -> None:
        try:
            self.connection.shutdown(2)
        except OSError:
            return  # gone by itself

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return  # cut while it waited

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.path == "/v1/events/mail"
        assert self.headers["Content-Encoding"] == "gzip"
        status, answer = self.server.receiver.take(
            self.headers["Authorization"], json.loads(gzip.decompress(raw))
        )
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of the base class
        """Quiet: the tests look at what was kept."""
