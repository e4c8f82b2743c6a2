"""The application in one piece, and the process that serves it."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, closing, nullcontext
from importlib.resources import files
from importlib.util import find_spec
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from rag.errors import DatelineError
from ui.web.adding import Adding
from ui.web.api import add_api
from ui.web.article import add_articles
from ui.web.below import Below, root_path
from ui.web.bodies import BodyLimit
from ui.web.door import Door
from ui.web.follower import Follower
from ui.web.gradio_protocol import end_streams, find_mounted_chat
from ui.web.keys import KeyGate, own_keys
from ui.web.limits import Limits
from ui.web.programs.asking import Asking
from ui.web.programs.completions import add_chat_completions
from ui.web.programs.metrics import Meter, add_metrics, count_with
from ui.web.programs.reference import add_reference
from ui.web.programs.unknown import explain_unknown
from ui.web.rates import RateGate, Rates
from ui.web.roles import EDITOR, READER, EditorsOnly, Everybody, gradio_user
from ui.web.security import Gate, is_loopback, names_of
from ui.web.shell import Shell
from ui.web.shelves import add_library
from ui.web.store import Store, opened
from ui.web.taking import add_taking
from ui.web.visitors import Visitors

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from ingest.pages import Connect
    from rag.pipeline import Rag
    from rag.settings import Settings
    from ui.web.page import Page
    from ui.web.users import Users

GRACE_SECONDS = 3
CONNECTIONS = 1000


def create_app(
    rag: Rag,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    allowed_hosts: Collection[str] = (),
    limits: Limits | None = None,
    examples: Sequence[str] = (),
    store: Store | None = None,
    connect: Connect | None = None,
    users: Users | None = None,
) -> FastAPI:
    """The chat at `/` and the API under `/api`, both asking `rag`, which stays the caller's to close.

    `allowed_hosts` are further names under which browsers may call the server, as behind a proxy. `store` keeps what visitors
    ask; without one it is forgotten at the end. `connect` makes what fetches the pages that an editor adds. With `users`
    nobody gets in without a token, not even on this machine.
    """
    limits, meter, store, rates = limits or Limits(), Meter(), store or Store(), Rates(rag.settings.questions_per_minute)
    root = root_path(rag.settings.root_path)
    rag = count_with(rag, meter)

    @asynccontextmanager
    async def follow(app: FastAPI) -> AsyncIterator[None]:
        app.state.follower.start()
        async with app.state.mcp.run() if app.state.mcp else nullcontext():
            yield
        app.state.page.close()
        await run_in_threadpool(app.state.follower.stop)

    app = FastAPI(title="Dateline", docs_url=None, redoc_url=None, openapi_url=None, lifespan=follow)
    app.state.follower = Follower(rag.archive)
    asking = Asking(rag, limits)
    add_api(app, asking)
    add_chat_completions(app, asking)
    add_articles(app, rag, root)
    add_reference(app)
    add_metrics(app, rag, meter)
    app.state.mcp = _mount_mcp(app, rag)
    explain_unknown(app)
    _add_assets(app)
    add_taking(app, store)
    add_library(app, rag, root)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported and again when it starts
    from ui.web.page import Page

    app.state.page = Page(rag, limits, store, examples, Adding(rag, limits, connect), rates, root)
    _mount_chat(app, app.state.page, host, port, limits, root)
    app.add_middleware(Shell, root=root)
    app.add_middleware(Visitors)
    app.add_middleware(BodyLimit, limits=limits)
    app.add_middleware(EditorsOnly)
    app.add_middleware(RateGate, rates=rates)
    _guard(app, rag.settings, host, (*allowed_hosts, *names_of(rag.settings)), users)
    return app


def _guard(app: FastAPI, settings: Settings, host: str, names: Collection[str], users: Users | None) -> None:
    """Puts in front of the application who may come in, as whom, and under which names; the last one added is asked first."""
    root, keys = root_path(settings.root_path), own_keys(settings)
    app.add_middleware(KeyGate, keys=keys, loopback=settings.api_keys_loopback)
    if users:
        app.add_middleware(Door, users=users, keys=keys, root=root)
    else:
        app.add_middleware(Everybody, role=EDITOR if is_loopback(host) and not names else READER)
    app.add_middleware(Gate, host=host, allowed_hosts=names)
    if root:
        app.add_middleware(Below, root=root)


def serve(
    rag: Rag,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    allowed_hosts: Collection[str] = (),
    examples: Sequence[str] = (),
    users: Users | None = None,
) -> None:
    """Serves until SIGINT or SIGTERM, then lets the answers in progress end for a few seconds.

    Raises DatelineError when the address cannot be listened on.
    """
    with closing(listen(host, port)) as listener, closing(opened(rag.settings.index)) as store:
        app = create_app(rag, host=host, port=port, allowed_hosts=allowed_hosts, examples=examples, store=store, users=users)
        Server(app).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address, before anything else is started. Raises DatelineError that names it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise DatelineError(f"cannot listen on {host} port {port}: {error.strerror}; choose another with --port") from error
    return listener


class Server(uvicorn.Server):
    """uvicorn, with the open event streams of the pages ended first: they would otherwise hold the server up."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, proxy_headers=False, lifespan="on",
            timeout_graceful_shutdown=GRACE_SECONDS, limit_concurrency=CONNECTIONS,
        )  # fmt: skip
        super().__init__(config)
        self._chat, self._page = app.state.chat, app.state.page

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        end_streams(self._chat)
        self._page.close()
        super().handle_exit(sig, frame)


def _mount_mcp(app: FastAPI, rag: Rag) -> StreamableHTTPSessionManager | None:
    """None where the extra is not installed; then there is no `/mcp`."""
    if find_spec("mcp") is None:
        return None
    from ui.mcp.mount import mount_mcp

    return mount_mcp(app, rag)


def _add_assets(app: FastAPI) -> None:
    for name, kind in (("chat.css", "text/css"), ("theme.js", "text/javascript")):
        _add_asset(app, name, kind)


def _add_asset(app: FastAPI, name: str, kind: str) -> None:
    content = (files("ui.web") / name).read_bytes()

    @app.get(f"/dateline/{name}", include_in_schema=False)
    def asset() -> Response:
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})


def _mount_chat(app: FastAPI, page: Page, host: str, port: int, limits: Limits, root: str) -> None:
    import gradio

    gradio.mount_gradio_app(
        app, page.blocks(), "/", server_name=host, server_port=port, footer_links=[], run_history=False,
        show_error=False, ssr_mode=False, enable_monitoring=False, pwa=False, mcp_server=False, max_file_size=limits.upload_bytes,
        auth_dependency=gradio_user, root_path=root or None,
        theme=gradio.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
    )  # fmt: skip
    app.state.chat = find_mounted_chat(app)
