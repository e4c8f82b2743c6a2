"""Lets users in by their token, and everybody else no further than the page that asks for one.

A link with the token puts it into a cookie that scripts cannot read; programs send it as a bearer token, or as the password of
any name. Gradio's own authentication asks here who somebody is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.web.gradio_protocol import PREFIX
from ui.web.html import Fragments
from ui.web.keys import Keys, token_of
from ui.web.roles import READER, User, is_from_here, with_user

if TYPE_CHECKING:
    from ui.web.users import Users

ENTER, LEAVE = "/dateline/enter", "/dateline/leave"
COOKIE = "dateline_user"
COOKIE_SECONDS = 30 * 86_400
HEALTH = "/api/health"
"""What watches the process on its own machine, as a container does, need not say who it is."""
LOOKS = frozenset({"/dateline/chat.css", "/dateline/theme.js", "/favicon.ico"})
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
WANTED = "this server asks who you are: open the link that you were given, or send its token as Authorization: Bearer TOKEN"
PROGRAMS = ("/api/", "/v1/", "/mcp", "/metrics", PREFIX)


class Door:
    """Stands in front of everything. A request with one of the server's `keys` is a reader's."""

    def __init__(self, app: ASGIApp, users: Users, keys: Keys | None = None, root: str = "") -> None:
        self._app = app
        self._users = users
        self._keys = keys
        self._root = root
        self._fragments = Fragments(root)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        user = self._find(headers)
        if path in (ENTER, LEAVE):
            await (await self._enter(Request(scope, receive)))(scope, receive, send)
        elif user or path in LOOKS or (path == HEALTH and is_from_here(scope)):
            await self._app(with_user(scope, user or User(READER)), receive, send)
        elif path.startswith(PROGRAMS):
            await JSONResponse({"detail": WANTED}, 401, {"WWW-Authenticate": "Bearer"})(scope, receive, send)
        else:
            await self._ask()(scope, receive, send)

    def _find(self, headers: Headers) -> User | None:
        token = Request({"type": "http", "headers": headers.raw}).cookies.get(COOKIE) or token_of(headers)
        if not token:
            return None
        if user := self._users.find(token):
            return user
        holder = self._keys.holder(token) if self._keys else None
        return User(READER, holder) if holder else None

    async def _enter(self, request: Request) -> Response:
        """Takes the token of the link or the form into the cookie; or takes the cookie away."""
        if request.url.path.endswith(LEAVE):
            gone = RedirectResponse(f"{self._root}/", 303)
            gone.delete_cookie(COOKIE, path=f"{self._root}/", httponly=True, samesite="lax")
            return gone
        form = parse_qs((await request.body()).decode("utf-8", "replace")) if request.method == "POST" else {}
        token = form.get("token", [""])[0].strip() or request.query_params.get("token", "")
        if not self._users.find(token):
            return self._ask("This token is not known here. Ask for a new link." if token else "")
        entered = RedirectResponse(f"{self._root}/", 303)
        entered.set_cookie(COOKIE, token, COOKIE_SECONDS, path=f"{self._root}/", httponly=True, samesite="lax")
        return entered

    def _ask(self, problem: str = "") -> Response:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return HTMLResponse(self._fragments.page("enter.html", problem=problem), 401, headers)
