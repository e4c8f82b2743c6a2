"""The server below a path of its proxy, as `/archive`: whether the proxy takes the path off the front or leaves it there."""

from __future__ import annotations

import re

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import UsageError

WRITTEN = re.compile(r"(/[A-Za-z0-9._~-]+)+")


def root_path(given: str) -> str:
    """`given` with one slash in front and none behind; "" for no path. Raises UsageError for what is no plain path."""
    path = f"/{given.strip().strip('/')}".rstrip("/")
    if path and not WRITTEN.fullmatch(path):
        raise UsageError(f"--root-path {given[:80]!r}: write a path of letters and digits, as /archive")
    return path


class Below:
    """Everything behind it sees the paths without `root`."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path == self._root:  # what the page names relatively would be looked for beside it
            await RedirectResponse(f"{self._root}/", 308)(scope, receive, send)
            return
        if path.startswith(f"{self._root}/"):
            raw = scope.get("raw_path") or path.encode()
            scope = {**scope, "path": path[len(self._root) :], "raw_path": raw[len(self._root) :]}
        await self._app(scope, receive, send)
