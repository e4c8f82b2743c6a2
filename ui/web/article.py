"""An article on a page of its own, for links to the words of a citation: `/a/ARTICLE#START-END`.

What stands behind the # never leaves the browser, so a script of ours marks those characters there.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from ui.web.html import Fragments

if TYPE_CHECKING:
    from rag.pipeline import Rag

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
ASSETS = {"article.css": "text/css", "article.js": "text/javascript"}


def span_link(base: str, article_id: str, start: int, end: int) -> str:
    """The address at which an article opens with its characters from `start` to `end` marked; `base` is the server's own."""
    return f"{base.rstrip('/')}/a/{quote(article_id, safe='', errors='replace')}#{start}-{end}"


def add_articles(app: FastAPI, rag: Rag, root: str = "") -> None:
    """Adds the pages of articles, with their script and their style."""
    fragments = Fragments(root)

    @app.get("/a/{id:path}", include_in_schema=False)
    def page(id: str) -> HTMLResponse:
        found = rag.archive.catalog.article(id)
        return HTMLResponse(fragments.article(found), 200 if found else 404, {"Content-Security-Policy": POLICY})

    for name, media_type in ASSETS.items():
        _add_asset(app, name, media_type)


def _add_asset(app: FastAPI, name: str, media_type: str) -> None:
    content = (files("ui.web") / name).read_bytes()

    @app.get(f"/dateline/{name}", include_in_schema=False)
    def asset() -> Response:
        return Response(content, media_type=media_type, headers={"Cache-Control": "no-cache"})
