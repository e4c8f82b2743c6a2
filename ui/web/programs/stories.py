"""Stories of a topic over HTTP: briefs, timelines and comparisons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body

from rag.nearest import refuse_unknown
from rag.request import read_topic
from rag.types import Answer
from ui.fields import BRIEF, TIMELINE
from ui.render import answer_json
from ui.web.programs.ascii import AsciiResponse
from ui.web.programs.asking import Asking
from ui.web.programs.described import gives, reads
from ui.web.programs.documents import AnswerDocument

Fields = Annotated[dict[str, Any], Body()]


def story_routes(asking: Asking) -> APIRouter:
    router = APIRouter(default_response_class=AsciiResponse, tags=["Stories"])
    answers = gives(AnswerDocument, "the story, or an abstention where nothing is about the topic")

    async def answer_story(fields: dict[str, Any], known: tuple[str, ...], tell: Callable[..., Answer]) -> AsciiResponse:
        refuse_unknown(fields, known, "field")
        topic = read_topic(fields)
        return AsciiResponse(answer_json(await asking.call(lambda: tell(**topic))))

    @router.post("/brief", response_model=None, responses=answers, openapi_extra=reads("Brief", BRIEF, ["topic"]))
    async def brief(fields: Fields) -> AsciiResponse:
        """The story of a topic in a few quoted lines, newest state first."""
        return await answer_story(fields, BRIEF, asking.rag.brief)

    @router.post("/timeline", response_model=None, responses=answers, openapi_extra=reads("Timeline", TIMELINE, ["topic"]))
    async def timeline(fields: Fields) -> AsciiResponse:
        """The story of a topic by day, each development with the quote that says it."""
        return await answer_story(fields, TIMELINE, asking.rag.timeline)

    @router.post("/compare", response_model=None, responses=answers, openapi_extra=reads("Comparison", BRIEF, ["topic"]))
    async def compare(fields: Fields) -> AsciiResponse:
        """What outlets say of a topic: both, only one, and where their figures differ."""
        return await answer_story(fields, BRIEF, asking.rag.compare)

    return router
