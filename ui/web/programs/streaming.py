"""An answer while it is made, as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Body

from rag.errors import UsageError
from rag.types import Question
from ui.fields import ASK
from ui.render import answer_json
from ui.web.answering import explain
from ui.web.programs.asking import Asking
from ui.web.programs.described import PROBLEMS, reads
from ui.web.programs.events import QUIET_TICKS, STILL_THERE, EventStream, event

Fields = Annotated[dict[str, Any], Body()]
SENT = "events: `answer` with ever longer answers, then `done` with the last; or `error` with a `detail`"


def make_streaming_routes(asking: Asking) -> APIRouter:
    router = APIRouter(tags=["Questions"])
    stream: dict[int | str, dict[str, Any]] = {
        200: {"description": SENT, "content": {"text/event-stream": {"schema": {"type": "string"}}}}, **PROBLEMS,
    }  # fmt: skip

    @router.post("/ask/stream", response_model=None, responses=stream, openapi_extra=reads("Question", ASK, ["question"]))
    async def ask_stream(fields: Fields) -> EventStream:
        """Answer a question, piece by piece, as server-sent events."""
        asked = asking.question(fields)
        asking.require_room()
        return EventStream(_events(asking, asked))

    return router


async def _events(asking: Asking, asked: Question) -> AsyncGenerator[str]:
    last, quiet = None, 0
    try:
        async with aclosing(asking.steps(asked)) as steps:
            async for answer in steps:
                quiet = 0 if answer else quiet + 1
                if answer:
                    last = {**answer_json(answer), "id": asked.id}
                    yield event(last, "answer")
                elif quiet % QUIET_TICKS == 0:
                    yield STILL_THERE
    except Exception as error:
        yield event({"detail": explain(error), "status": 422 if isinstance(error, UsageError) else 503}, "error")
        return
    if last is not None:
        yield event(last, "done")
