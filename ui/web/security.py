"""Who may send what to the server: hosts, origins, paths and the headers of every response.

Its own machine is trusted, unless users are named; other web pages open in the same browser are not, and neither are names that
an attacker makes resolve to this machine.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.settings import Settings
from ui.web.gradio_protocol import CLIENT_PATHS, UPLOAD_PATHS

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
OPEN_PATHS = re.compile(rf"/dateline/[^/].*|/(api|v1)/.*|/a/.+|/docs|/openapi\.json|/metrics|/mcp|{CLIENT_PATHS}|{UPLOAD_PATHS}")
"""What the page and the API need."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # without any, a browser calls the origin of our own forms "null"
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOTHING_LOADS = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def names_of(settings: Settings) -> tuple[str, ...]:
    """The names of hosts that the settings give the server: those allowed, and that of its public address."""
    public = urlsplit(settings.public_url or "").hostname
    return (*settings.allowed_hosts, *([public] if public else ()))


class Gate:
    """Refuses what is not for this server, and puts the security headers on whatever leaves it.

    A browser names the page it sends from in `Origin`; programs send none and are let in.
    """

    def __init__(self, app: ASGIApp, host: str, allowed_hosts: Collection[str] = ()) -> None:
        self._app = app
        self._names = LOOPBACK_NAMES | {host.casefold()} | {name.casefold() for name in allowed_hosts}
        self._any_address = not is_loopback(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                guard(MutableHeaders(scope=message))
            await send(message)

        if refusal := self._refusal(scope, headers):
            status, detail = refusal
            await JSONResponse({"detail": detail}, status, {"Connection": "close"})(scope, receive, send_guarded)
            return
        await self._app({**scope, "headers": list(_without_foreign_names(scope["headers"]))}, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._allows(host):
            return 400, f"this server does not answer to the host {host[:80]!r}; name it in DATELINE_ALLOWED_HOSTS"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.casefold() != host.casefold():
            return 403, "requests from other web pages are refused"
        if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
            return 403, "requests from other web pages are refused"
        path = str(scope["path"])
        if not OPEN_PATHS.fullmatch(path) or ".." in path.split("/") or "\\" in path or "\0" in path:
            return 404, "there is nothing here"
        return None

    def _allows(self, host: str) -> bool:
        """Addresses cannot be made to point elsewhere, as names can; they are allowed where others may reach the server."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").casefold()
        except ValueError:
            return False
        return name in self._names or (self._any_address and _is_address(name))


def _without_foreign_names(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """Gradio writes what a proxy says of host and scheme into the page; only that it came over HTTPS is let through."""
    for name, value in headers:
        if name != b"x-forwarded-host" and (name != b"x-forwarded-proto" or value == b"https"):
            yield name, value


def guard(headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", NOTHING_LOADS)
    if headers.get("Access-Control-Allow-Credentials"):
        del headers["Access-Control-Allow-Credentials"]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
