"""The library's pages: made whole on the server, with links and forms alone, so that they work without a script."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from ui.web.html import Fragments
from ui.web.library import Library, changes, read_wanted
from ui.web.roles import may_edit

if TYPE_CHECKING:
    from rag.pipeline import Rag

HOME = "/dateline/library"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


def add_library(app: FastAPI, rag: Rag, root: str = "") -> None:
    """Adds the pages. Editors alone may delete."""
    library, fragments = Library(rag), Fragments(root)

    @app.get(HOME, include_in_schema=False)
    def shelf(request: Request) -> Response:
        return _page(_shelf(rag, library, fragments, request))

    @app.get(f"{HOME}/{{id:path}}", include_in_schema=False)
    def article(id: str, request: Request) -> Response:
        catalog = rag.archive.catalog
        if (found := catalog.article(id)) is None:
            return _page(fragments.page("missing.html", id=id), 404)
        values = {
            "article": found, "versions": catalog.versions(id), "changes": changes(catalog.versions(id)),
            "copies": catalog.copies([id]).get(id, ()), "may_delete": may_edit(request.scope),
        }  # fmt: skip
        return _page(fragments.page("whole.html", **values))

    @app.post(f"{HOME}/forget", include_in_schema=False)
    async def forget(request: Request) -> Response:
        id = parse_qs((await request.body()).decode("utf-8", "replace")).get("id", [""])[0]
        if not may_edit(request.scope):
            return _page(fragments.page("missing.html", id=id), 403)
        known = await run_in_threadpool(partial(rag.archive.original.forget, id, for_good=True))
        return (
            RedirectResponse(f"{root}{HOME}?forgotten={quote(id)}", 303)
            if known
            else _page(fragments.page("missing.html", id=id), 404)
        )


def _shelf(rag: Rag, library: Library, fragments: Fragments, request: Request) -> str:
    given = dict(request.query_params)
    catalog, asked = rag.archive.catalog, read_wanted(given)
    found = library.shelf(asked)
    ids = [source.id for source in found.articles]
    values = {
        "asked": asked, "shelf": found, "copies": catalog.copies(ids), "watched": catalog.sources.list_watched(),
        "versions": {id: len(catalog.versions(id)) for id in ids}, "failed": catalog.sources.dead_letters(),
        "forgotten": given.get("forgotten", ""), "editor": may_edit(request.scope),
    }  # fmt: skip
    return fragments.page("library.html", **values)


def _page(content: str, status: int = 200) -> Response:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(content.encode("utf-8", "replace"), status, headers)
