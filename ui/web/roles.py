"""Who may do what: readers ask and read, editors also add, delete and try again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    import gradio

Role = Literal["reader", "editor"]
READER: Role = "reader"
EDITOR: Role = "editor"
_USER = "dateline.user"


@dataclass(frozen=True, slots=True)
class User:
    """Whoever sends a request; `name` is "" where nobody has to say who they are."""

    role: Role
    name: str = ""


class Everybody:
    """Gives every request the same role."""

    def __init__(self, app: ASGIApp, role: Role) -> None:
        self._app = app
        self._user = User(role)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, _USER: self._user}, receive, send)


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
