"""`dateline serve` and `dateline demo`: the chat in a browser and the HTTP API."""

from __future__ import annotations

import ipaddress
import socket
import time
import webbrowser
from collections.abc import Sequence
from contextlib import closing, nullcontext, suppress
from importlib.resources import as_file, files
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import StorageError
from ui.cli.options import Index, settings_for
from ui.cli.output import progress_bar, results, say

if TYPE_CHECKING:
    from rag.settings import Settings
    from ui.web.users import Users

Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")]
RootPath = Annotated[
    str | None,
    typer.Option("--root-path", metavar="PATH", help="The path at which a proxy serves the page, for example /archive."),
]
ShareToken = Annotated[
    list[str] | None,
    typer.Option(
        "--share-token", metavar="ROLE", help="Print a link for a reader or an editor; without such a link nobody gets in."
    ),
]
Catalog = Annotated[
    str | None,
    typer.Option(
        "--catalog",
        metavar="ADDRESS",
        help="The PostgreSQL database with the catalog; the indexes are in the archive directory. [default: DATELINE_CATALOG]",
        show_default=False,
    ),
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]

DEMO_QUESTIONS = (
    "At what hour did the boat crews in Port Maravel stop working?",
    "How many homes were destroyed by the fire in the Thornback Hills?",
    "Why did St. Orrin’s Hospital put off operations during the strike?",
    "How large was Karsovia’s budget deficit in 2024?",
)
"""Of the sample's gold questions: a fact, a figure that reports give differently, a reason, and one with no answer there."""


def serve(
    index: Index = None, host: Host = "127.0.0.1", port: Port = 7860, root_path: RootPath = None, share_token: ShareToken = None,
    catalog: Catalog = None,
) -> None:  # fmt: skip
    """Serve the chat and the HTTP API until stopped.

    An archive with nothing in it yet is served as such; articles can be added in the page. Readers ask and read, editors also
    add, delete and try again. Without tokens and without DATELINE_USERS_FILE, whoever is on this machine is an editor.
    """
    from ui.web.below import root_path as checked

    settings = settings_for(index, catalog=catalog)
    if root_path is not None:
        settings = settings.model_copy(update={"root_path": checked(root_path)})
    users, tokens = name_users(settings, share_token or ())
    check_address(host, port, with_keys=settings.api_keys_file is not None or users is not None)
    for role, token in tokens:
        base = settings.public_url or address_of(host, port) + settings.root_path
        say(f"for a{'n' * (role == 'editor')} {role}, until this server stops: {base.rstrip('/')}/dateline/enter?token={token}")
    _serve(settings, host, port, users=users)


def demo(index: Index = None, host: Host = "127.0.0.1", port: Port = 7860, no_browser: NoBrowser = False) -> None:
    """Ingest the sample archive into a scratch index and open the chat.

    The scratch index is in the user's cache directory; a second run finds it and starts at once.
    """
    from ingest.pipeline import ingest

    settings = settings_for(index or demo_index()).model_copy(update={"catalog": None})  # a sample is for no shared catalog
    check_address(host, port, with_keys=settings.api_keys_file is not None)
    with results(), as_file(files("eval") / "sample" / "articles") as articles:
        with progress_bar("sample articles") as progress:
            report = ingest([str(articles)], settings.index, settings, progress=progress)
        say(f"sample archive at {settings.index}: {report.stored} articles stored, {report.unchanged} already there")
    if not no_browser:
        Thread(target=open_browser, args=(host, port), daemon=True).start()
    _serve(settings, host, port, DEMO_QUESTIONS)


def demo_index() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("dateline", appauthor=False) / "demo"


def check_address(host: str, port: int, *, with_keys: bool = False) -> None:
    """Refuses an address that cannot be listened on before any model is loaded, and warns of one that others can reach."""
    from ui.web.server import listen

    with closing(listen(host, port)) as listener:
        address = ipaddress.ip_address(listener.getsockname()[0])
    if not address.is_loopback and not with_keys:
        told = "and whoever reaches it can read the whole archive: there is no login; DATELINE_API_KEYS_FILE names a file of keys"
        say(f"{host} can be reached from other machines, {told}")


def open_browser(host: str, port: int) -> None:
    """Waits until the server answers, for as long as it may take to load its model."""
    for _ in range(300):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            webbrowser.open(address_of(host, port))
            return


def address_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def name_users(settings: Settings, roles: Sequence[str]) -> tuple[Users | None, list[tuple[str, str]]]:
    """Who may come in, None where everybody may; and the tokens made for links, each with its role."""
    from ui.web.users import Users, role_named

    users = Users.read(settings.users_file) if settings.users_file else Users(())
    tokens: list[tuple[str, str]] = []
    for role in map(role_named, roles):
        users, token = users.and_shared(role)
        tokens.append((role, token))
    return (users if tokens or settings.users_file else None), tokens


def _make(settings: Settings) -> None:
    """The catalog, where there is none. What cannot be reached now may have been copied before: see `rag.archive.mirror`."""
    from rag.archive import open_catalog

    with suppress(StorageError) if settings.catalog else nullcontext():
        open_catalog(settings.index, create=True, zone=settings.zone, address=settings.catalog_address).close()


def _serve(settings: Settings, host: str, port: int, examples: Sequence[str] = (), *, users: Users | None = None) -> None:
    from rag.pipeline import Rag
    from ui.web import serve as run

    url = address_of(host, port)
    with results():
        _make(settings)
        rag = Rag.open(settings=settings, serve_url=url)
    with results(), rag:
        say(f"chat and API at {url} (Ctrl-C stops)")
        run(rag, host, port, examples=examples, users=users)
