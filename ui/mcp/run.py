"""The server on the streams of this process, and on a port."""

from __future__ import annotations

import sys
from contextlib import closing
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO

import anyio
import uvicorn
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp

from ui.mcp.mount import PATH
from ui.mcp.server import make_server
from ui.web.bodies import BodyLimit
from ui.web.keys import KeyGate, own_keys
from ui.web.limits import Limits
from ui.web.security import Gate, names_of
from ui.web.server import GRACE_SECONDS, listen

if TYPE_CHECKING:
    from rag.pipeline import Rag


def run_on_streams(rag: Rag, results: BinaryIO) -> None:
    """Serves the program that started this one until it closes standard input. Only messages are written to `results`."""
    given = TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    written = TextIOWrapper(results, encoding="utf-8", newline="\n")
    try:
        anyio.run(_serve_streams, make_server(rag), given, written)
    finally:
        written.detach()


async def _serve_streams(server: Server[Any], given: TextIOWrapper, written: TextIOWrapper) -> None:
    async with stdio_server(anyio.wrap_file(given), anyio.wrap_file(written)) as (requests, replies):
        await server.run(requests, replies, server.create_initialization_options())


def run_on_port(rag: Rag, host: str, port: int) -> None:
    """Serves programs at `/mcp` by streamable HTTP until SIGINT or SIGTERM.

    Raises DatelineError for an address that cannot be listened on.
    """
    with closing(listen(host, port)) as listener:
        config = uvicorn.Config(
            http_app(rag, host), log_level="warning", access_log=False, server_header=False, proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listener])


def http_app(rag: Rag, host: str, limits: Limits | None = None) -> ASGIApp:
    """The application behind the gate that the chat has, which knows more of hosts and origins than the protocol's own."""
    own_checks = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = make_server(rag).streamable_http_app(streamable_http_path=PATH, transport_security=own_checks, host=host)
    limited = BodyLimit(app, limits or Limits())
    return Gate(KeyGate(limited, own_keys(rag.settings), rag.settings.api_keys_loopback), host, names_of(rag.settings))
