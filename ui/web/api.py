"""The HTTP API: the same documents as `dateline … --json`, under the same limits as the chat."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.exceptions import RequestValidationError

from rag.errors import DatelineError, UsageError
from ui.render import Json, answer_json, article_json, hits_json
from ui.web.limits import Full
from ui.web.programs.ascii import AsciiResponse
from ui.web.programs.asking import Asking, Gone

if TYPE_CHECKING:
    from rag.pipeline import Rag

RETRY_SECONDS = 5


Fields = Annotated[dict[str, Any], Body()]
"""A request's body: the fields of one question."""


def add_api(app: FastAPI, asking: Asking) -> None:
    """Adds the routes under `/api`, and the answers to whatever goes wrong in them."""
    router = APIRouter(prefix="/api", default_response_class=AsciiResponse)
    rag = asking.rag

    @router.post("/ask", response_model=None)
    async def ask(fields: Fields, request: Request) -> AsciiResponse:
        asked = asking.question(fields)
        answer = await asking.answer(asked, request)
        return AsciiResponse({**answer_json(answer), "id": asked.id})

    @router.post("/search", response_model=None)
    async def search(fields: Fields) -> AsciiResponse:
        asked = asking.question(fields)
        passages = await asking.call(lambda: rag.search(asked))
        return AsciiResponse(hits_json(asked, passages))

    @router.get("/articles/{id:path}", response_model=None)
    def article(id: str) -> AsciiResponse:
        found = rag.archive.catalog.article(id)
        if found is None:
            return AsciiResponse({"detail": f"there is no article {id[:200]!r} in the archive"}, 404)
        return AsciiResponse(article_json(found, rag.archive.catalog.versions(id), rag.archive.catalog.times([id]).get(id, ())))

    @router.get("/health", response_model=None)
    def health() -> AsciiResponse:
        return AsciiResponse(_health(rag, app.state.follower.failure))

    app.include_router(router)
    _explain_errors(app)


def _health(rag: Rag, failure: str | None) -> Json:
    catalog = rag.archive.catalog
    counts, days, notices = catalog.counts(), catalog.days(), list(rag.notices)
    if failure:
        notices.append(f"new articles do not reach the indexes: {failure}")
    return {
        "status": "degraded" if notices else "ok",
        "articles": counts.articles,
        "chunks": counts.chunks,
        "since": days[0].isoformat() if days else None,
        "until": days[1].isoformat() if days else None,
        "notices": notices,
    }


def _explain_errors(app: FastAPI) -> None:
    async def on_invalid(_: Request, error: Exception) -> AsciiResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "body")
        return AsciiResponse({"detail": f"{place or 'body'}: {first['msg']}"}, 422)

    async def on_refused(_: Request, error: Exception) -> AsciiResponse:
        status = 422 if isinstance(error, UsageError) else 503
        if status == 503:
            print(f"dateline: {error}", file=sys.stderr, flush=True)
        return AsciiResponse({"detail": str(error)}, status)

    async def on_full(_: Request, __: Exception) -> AsciiResponse:
        detail = f"too many questions at once; ask again in {RETRY_SECONDS} seconds"
        return AsciiResponse({"detail": detail}, 503, {"Retry-After": str(RETRY_SECONDS)})

    async def on_gone(_: Request, __: Exception) -> AsciiResponse:
        return AsciiResponse({"detail": "the caller has hung up"}, 499)

    async def on_fault(_: Request, error: Exception) -> AsciiResponse:
        traceback.print_exception(error)
        return AsciiResponse({"detail": "unexpected error; the server's log has it"}, 500)

    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(DatelineError, on_refused)
    app.add_exception_handler(Full, on_full)
    app.add_exception_handler(Gone, on_gone)
    app.add_exception_handler(Exception, on_fault)
