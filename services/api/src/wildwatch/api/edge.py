"""What every request passes first: Host and Origin checks, and security headers on every answer.

Without a log-in yet, this is what keeps another site's page from reading mail data through a browser
(DNS rebinding, cross-site requests and WebSockets).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from wildwatch.api.problems import response
from wildwatch.contracts.post import Problem

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def host_names(listen_host: str, allowed_hosts: tuple[str, ...]) -> frozenset[str]:
    """Names a browser may use in `Host`: the bound address, on loopback also `localhost`, and the allowed."""
    names = {name.lower() for name in allowed_hosts}
    names.add(listen_host.lower())
    try:
        is_loopback = ipaddress.ip_address(listen_host).is_loopback
    except ValueError:
        is_loopback = listen_host.lower() == "localhost"
    if is_loopback:
        names |= {"localhost", "127.0.0.1", "::1"}
    return frozenset(names)


class Edge(ASGIMiddleware):
    """Refuses foreign hosts (421) and origins (403) before anything else looks at the request."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET, ScopeType.ASGI)

    def __init__(self, listen_host: str, allowed_hosts: tuple[str, ...]) -> None:
        self._names = host_names(listen_host, allowed_hosts)
        self._origins = frozenset(name.lower() for name in allowed_hosts)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        problem = self._problem(Headers.from_scope(scope))
        if problem is not None:
            if scope["type"] == ScopeType.WEBSOCKET:
                # Closing before accepting is answered with 403.
                await send({"type": "websocket.close", "code": 1008, "reason": problem.title})
                return
            await response(problem).to_asgi_response(None, None)(scope, receive, _with_headers(send))  # type: ignore[arg-type] # it reads no request
            return
        await next_app(scope, receive, _with_headers(send))

    def _problem(self, headers: Headers) -> Problem | None:
        host = headers.get("host", "")
        if _name(host) not in self._names:
            return Problem(
                type="urn:wildwatch:problem:foreign-host",
                title="Not a name of this server",
                status=421,
                detail="Open it by its address, or add the name to WILDWATCH_API_ALLOWED_HOSTS.",
            )
        origin = headers.get("origin")
        if origin is None:
            return None
        parts = urlsplit(origin)
        # On one machine every program may own a port, so an origin must agree in its port as well; only names
        # that were allowed by setting may differ, as behind a proxy that ends TLS.
        if parts.netloc.lower() == host.lower() or (parts.hostname or "") in self._origins:
            return None
        return Problem(
            type="urn:wildwatch:problem:foreign-origin", title="Another site's page may not ask", status=403
        )


def _name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableScopeHeaders.from_message(message)
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
        await send(message)

    return wrapped
