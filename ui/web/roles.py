"""Who may do what: readers ask and read, editors also add, delete and try again."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.web.gradio_protocol import UPLOAD_PATHS

if TYPE_CHECKING:
    import gradio

Role = Literal["reader", "editor"]
READER: Role = "reader"
EDITOR: Role = "editor"
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""Headers of a proxy: a request that has one came from elsewhere, though the proxy is on this machine."""
_EDITORS = re.compile(UPLOAD_PATHS)
_USER = "dateline.user"


@dataclass(frozen=True, slots=True)
class User:
    """Whoever sends a request; `name` is "" where nobody has to say who they are."""

    role: Role
    name: str = ""


class Everybody:
    """Gives every request the same role; but what a proxy passes on came from elsewhere, and is a reader's."""

    def __init__(self, app: ASGIApp, role: Role) -> None:
        self._app = app
        self._user = User(role)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        passed_on = scope["type"] == "http" and is_forwarded(Headers(scope=scope))
        await self._app(with_user(scope, User(READER) if passed_on else self._user), receive, send)


class EditorsOnly:
    """Hides what of Gradio's page is for editors from everybody else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _EDITORS.fullmatch(scope["path"]) and not may_edit(scope):
            await JSONResponse({"detail": "there is nothing here"}, 404, {"Connection": "close"})(scope, receive, send)
            return
        await self._app(scope, receive, send)


def is_forwarded(headers: Headers) -> bool:
    return any(name in headers for name in FORWARDED)


def is_from_here(scope: Scope) -> bool:
    """Whether a program or browser on this machine sends the request, and no proxy for somebody else."""
    return is_loopback_address(scope["client"][0] if scope.get("client") else "") and not is_forwarded(Headers(scope=scope))


def is_loopback_address(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def with_user(scope: Scope, user: User) -> Scope:
    return {**scope, _USER: user}


def user_of(scope: Scope) -> User:
    """A request that nobody has let in as somebody is a reader's."""
    return cast("User", scope.get(_USER) or User(READER))


def may_edit(scope: Scope) -> bool:
    return user_of(scope).role == EDITOR


def gradio_user(request: Request) -> str:
    """What Gradio's own authentication takes for the user's name."""
    user = user_of(request.scope)
    return f"{user.role}:{user.name}"


def may_edit_in_page(request: gradio.Request) -> bool:
    """Whether the user whom Gradio has let in is an editor."""
    return (request.username or "").startswith(f"{EDITOR}:")
