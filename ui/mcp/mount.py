"""The server as a part of the one that serves the chat, so that one process does for all who ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.mcp.server import make_server
from ui.web.programs.ascii import AsciiResponse

if TYPE_CHECKING:
    from rag.pipeline import Rag

PATH = "/mcp"


def mount_mcp(app: FastAPI, rag: Rag) -> StreamableHTTPSessionManager:
    """Adds `/mcp`, which works while the manager that this gives runs. Nothing is remembered between two requests."""
    checked_before = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    manager = StreamableHTTPSessionManager(make_server(rag), stateless=True, security_settings=checked_before)
    app.router.routes.append(Route(PATH, endpoint=PostOnly(StreamableHTTPASGIApp(manager))))
    return manager


class PostOnly:
    """Lets requests pass, and no stream that would wait for what a server without memory never sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await self._app(scope, receive, send)
            return
        detail = f"{PATH} takes messages of the Model Context Protocol by POST"
        await AsciiResponse({"detail": detail}, 405, {"Allow": "POST"})(scope, receive, send)
