"""uvicorn, embedded: it serves, and the service says when it ends."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

import uvicorn
from litestar import Litestar

WISH_BYTES = 4_096
"""The largest message a browser may send over the live WebSocket."""
PING_S = 20
CLOSE_S = 5


class Server(uvicorn.Server):
    """uvicorn without its own signal handlers; `should_exit` ends it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def make_server(app: Litestar) -> Server:
    """A server that is given its socket by `serve(sockets=…)`."""
    # At info it logs the address of each browser that connects.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    return Server(
        uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            ws="websockets-sansio",
            ws_max_size=WISH_BYTES,
            # A compressor costs each connection more memory than its messages need.
            ws_per_message_deflate=False,
            ws_ping_interval=PING_S,
            ws_ping_timeout=PING_S,
            timeout_graceful_shutdown=CLOSE_S,
        )
    )
