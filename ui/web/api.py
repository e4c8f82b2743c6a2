"""The HTTP API: the same documents as `dateline … --json`, under the same limits as the chat."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.exceptions import RequestValidationError

from rag.errors import DatelineError, UsageError
from ui.fields import ASK, SEARCH
from ui.render import Json, answer_json, hits_json
from ui.web.limits import Full
from ui.web.programs.article_documents import HealthDocument
from ui.web.programs.ascii import AsciiResponse
from ui.web.programs.asking import Asking, Gone
from ui.web.programs.described import gives, reads
from ui.web.programs.documents import AnswerDocument, HitsDocument
from ui.web.programs.listing import make_listing_routes
from ui.web.programs.stories import story_routes
from ui.web.programs.streaming import make_streaming_routes

if TYPE_CHECKING:
    from rag.pipeline import Rag

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5


Fields = Annotated[dict[str, Any], Body()]
"""A request's body: the fields of one question."""


def add_api(app: FastAPI, asking: Asking) -> None:
    """Adds the routes under `/api`, and the answers to whatever goes wrong in them."""
    for routes in (question_routes, make_streaming_routes, story_routes, make_listing_routes):
        app.include_router(routes(asking), prefix="/api")

    @app.get("/api/health", response_model=None, tags=["State"], responses=gives(HealthDocument, "how it is"))
    def health() -> AsciiResponse:
        """Whether all is well, what there is, and what whoever asks should know."""
        return AsciiResponse(_health(asking.rag, app.state.follower.failure))

    _explain_errors(app)


def question_routes(asking: Asking) -> APIRouter:
    router = APIRouter(default_response_class=AsciiResponse, tags=["Questions"])
    answers, hits = gives(AnswerDocument, "the answer; an abstention too"), gives(HitsDocument, "passages, best first")

    @router.post("/ask", response_model=None, responses=answers, openapi_extra=reads("Question", ASK, ["question"]))
    async def ask(fields: Fields, request: Request) -> AsciiResponse:
        """Answer a question, or abstain with a reason."""
        asked = asking.question(fields)
        answer = await asking.answer(asked, request)
        return AsciiResponse({**answer_json(answer), "id": asked.id})

    @router.post("/search", response_model=None, responses=hits, openapi_extra=reads("Search", SEARCH, ["question"]))
    async def search(fields: Fields) -> AsciiResponse:
        """The passages that fit a question best, best first."""
        asked = asking.question(fields)
        passages = await asking.call(lambda: asking.rag.search(asked))
        return AsciiResponse(hits_json(asked, passages))

    return router


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
            logger.error("%s", error)
        return AsciiResponse({"detail": str(error)}, status)

    async def on_full(_: Request, __: Exception) -> AsciiResponse:
        detail = f"too many questions at once; ask again in {RETRY_SECONDS} seconds"
        return AsciiResponse({"detail": detail}, 503, {"Retry-After": str(RETRY_SECONDS)})

    async def on_gone(_: Request, __: Exception) -> AsciiResponse:
        return AsciiResponse({"detail": "the caller has hung up"}, 499)

    async def on_fault(_: Request, error: Exception) -> AsciiResponse:
        logger.error("a request to the API failed", exc_info=error)
        return AsciiResponse({"detail": "unexpected error; the server's log has it"}, 500)

    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(DatelineError, on_refused)
    app.add_exception_handler(Full, on_full)
    app.add_exception_handler(Gone, on_gone)
    app.add_exception_handler(Exception, on_fault)
