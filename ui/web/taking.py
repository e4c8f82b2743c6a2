"""What a visitor takes away: the files of an answer or a conversation, and answers that a link opens for whoever is told it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from ui import export
from ui.render import Json, answer_json
from ui.web.conversation import Exchange
from ui.web.store import Store
from ui.web.visitors import visitor_of
from ui.web.wording import day_in_words

KINDS = {"md": "text/markdown", "html": "text/html", "csv": "text/csv"}
ALONE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""A page with its own style and nothing else: no script, no picture, nothing from anywhere."""
LIMIT = 10_000
"""Exchanges of a conversation that a file has at most: all of them."""


def add_taking(app: FastAPI, store: Store) -> None:
    @app.get("/dateline/exchange/{key:int}.{kind}", include_in_schema=False)
    def exchange(key: int, kind: str, request: Request) -> Response:
        found = store.exchange(visitor_of(request.cookies) or "", key)
        return _file([found] if found else [], kind, "answer")

    @app.get("/dateline/conversation/{id}.{kind}", include_in_schema=False)
    def conversation(id: str, kind: str, request: Request) -> Response:
        found = store.conversation(visitor_of(request.cookies) or "", id, LIMIT)
        return _file(found.exchanges if found else (), kind, "conversation")

    @app.get("/dateline/answer/{name}", include_in_schema=False)
    def answer(name: str) -> Response:
        if (found := store.linked(name)) is None:
            return _nothing()
        linked, made = found
        note = f"As Dateline answered on {day_in_words(datetime.fromtimestamp(made))}. The archive may say more by now."
        return _page(export.page(_documents([linked]), linked.question, note))


def _file(exchanges: Sequence[Exchange], kind: str, name: str) -> Response:
    documents = _documents(exchanges)
    if kind not in KINDS or not documents:
        return _nothing()
    if kind == "html":
        content = export.page(documents, documents[0]["question"])
    else:
        content = export.markdown(documents) if kind == "md" else export.table(documents)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Content-Security-Policy": ALONE}
    return Response(content.encode("utf-8", "replace"), media_type=f"{KINDS[kind]}; charset=utf-8", headers=headers)


def _page(content: str) -> Response:
    headers = {"Content-Security-Policy": ALONE, "Cache-Control": "no-store"}
    return Response(content.encode("utf-8", "replace"), media_type="text/html; charset=utf-8", headers=headers)


def _documents(exchanges: Sequence[Exchange]) -> list[Json]:
    return [answer_json(each.answer) for each in exchanges if each.answer]


def _nothing() -> Response:
    return JSONResponse({"detail": "there is no such answer here, or it is another visitor's"}, 404)
