"""Which conversation is whose.

Gradio lets the page choose the name of its session, so whoever learned or guessed a name could read that conversation and go on
with it. Here every browser gets a secret cookie, and the name that Gradio sees is a hash of the cookie and the page's own.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from functools import partial
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.bodies import replay
from ui.web.gradio_protocol import PREFIX, Rename, has_session_in_body, rename_session, rename_session_in_body

COOKIE = "dateline_visitor"
COOKIE_SECONDS = 365 * 86_400
WRITTEN = re.compile(r"[\w-]{43}")


class Visitors:
    """Hands out the cookie with the page and renames the sessions of requests. A request for a session without it is refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._key = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == "/" or path.startswith(PREFIX)):
            await self._app(scope, receive, send)
            return
        visitor = _cookie(Headers(scope=scope))
        if path == "/":
            await self._app(scope, receive, _hand_out(send, visitor or secrets.token_urlsafe(32)))
            return
        renamed = await self._rename(scope, receive, visitor)
        if renamed is None:
            await JSONResponse({"detail": "open the page first, with cookies allowed"}, 403)(scope, receive, send)
            return
        await self._app(*renamed, send)

    async def _rename(self, scope: Scope, receive: Receive, visitor: str | None) -> tuple[Scope, Receive] | None:
        if not visitor:
            return None
        rename = partial(self._name, visitor)
        if has_session_in_body(scope["path"]):
            return await self._rename_body(scope, receive, rename)
        before = scope["path"], scope["query_string"].decode("latin-1")
        path, query = after = rename_session(*before, rename)
        if after == before:
            return scope, receive
        return {**scope, "path": path, "raw_path": path.encode(), "query_string": query.encode("latin-1")}, receive

    async def _rename_body(self, scope: Scope, receive: Receive, rename: Rename) -> tuple[Scope, Receive] | None:
        body = rename_session_in_body(await Request(scope, receive).body(), rename)
        if body is None:
            return None
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


def _hand_out(send: Send, value: str) -> Send:
    """Sends the cookie with every page, so that it lasts a year from the last visit."""

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            cookie = f"{COOKIE}={value}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax"
            MutableHeaders(scope=message).append("Set-Cookie", cookie)
        await send(message)

    return send_with_cookie
