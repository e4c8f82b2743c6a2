"""Which conversation is whose.

Gradio lets the page choose the name of its session, so whoever learned or guessed a name could read that conversation and go on
with it. Here every browser gets a secret cookie, and the name that Gradio sees is a hash of the cookie and the page's own.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.bodies import replay

COOKIE = "dateline_visitor"
COOKIE_SECONDS = 365 * 86_400
WRITTEN = re.compile(r"[\w-]{43}")
HEARTBEAT = re.compile(r"/gradio_api/heartbeat/(\w+)")
WITH_SESSION = frozenset({"/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/cancel"})
STREAM = "/gradio_api/queue/data"


class Visitors:
    """Hands out the cookie with the page and renames the sessions of requests. A request for a session without it is refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._key = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == "/" or path.startswith("/gradio_api/")):
            await self._app(scope, receive, send)
            return
        visitor = _cookie(Headers(scope=scope))
        if path == "/":
            await self._app(scope, receive, _handing_out(send, visitor or secrets.token_urlsafe(32)))
            return
        renamed = await self._renamed(scope, receive, visitor)
        if renamed is None:
            await JSONResponse({"detail": "open the page first, with cookies allowed"}, 403)(scope, receive, send)
            return
        await self._app(*renamed, send)

    async def _renamed(self, scope: Scope, receive: Receive, visitor: str | None) -> tuple[Scope, Receive] | None:
        path = scope["path"]
        if not visitor:
            return None
        if match := HEARTBEAT.fullmatch(path):
            path = f"/gradio_api/heartbeat/{self._name(visitor, match[1])}"
            return {**scope, "path": path, "raw_path": path.encode()}, receive
        if path == STREAM:
            given = dict(parse_qsl(scope["query_string"].decode("latin-1")))
            given["session_hash"] = self._name(visitor, given.get("session_hash", ""))
            return {**scope, "query_string": urlencode(given).encode()}, receive
        if path in WITH_SESSION:
            return await self._renamed_body(scope, receive, visitor)
        return scope, receive

    async def _renamed_body(self, scope: Scope, receive: Receive, visitor: str) -> tuple[Scope, Receive] | None:
        try:
            given = json.loads(await Request(scope, receive).body())
            given["session_hash"] = self._name(visitor, str(given["session_hash"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        body = json.dumps(given).encode("ascii")
        headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
        return {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}, replay(body, receive)

    def _name(self, visitor: str, chosen: str) -> str:
        whole = f"{visitor}\x1f{chosen}".encode("utf-8", "replace")
        return hashlib.blake2b(whole, key=self._key, digest_size=20).hexdigest()


def visitor_of(cookies: Mapping[str, str]) -> str | None:
    """What the store calls the visitor who sends these cookies: a hash, with which nobody can send them."""
    value = cookies.get(COOKIE, "")
    return hashlib.blake2b(value.encode(), digest_size=20, person=b"visitor").hexdigest() if WRITTEN.fullmatch(value) else None


def _cookie(headers: Headers) -> str | None:
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None
    value = jar[COOKIE].value if COOKIE in jar else ""
    return value if WRITTEN.fullmatch(value) else None


def _handing_out(send: Send, value: str) -> Send:
    """Sends the cookie with every page, so that it lasts a year from the last visit."""

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            cookie = f"{COOKIE}={value}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax"
            MutableHeaders(scope=message).append("Set-Cookie", cookie)
        await send(message)

    return send_with_cookie
