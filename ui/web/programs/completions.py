"""OpenAI's chat completions over an archive: what speaks to a model of OpenAI can ask it, as the model `dateline`.

Not there, because an archive has nothing to do with them: several answers, tools, token probabilities, embeddings.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Request

from rag.settings import NONE, Settings
from rag.tokens import token_counts
from rag.types import Answer, Question
from ui.fields import FILTERS, object_schema
from ui.render import Json, answer_json
from ui.web.programs.ascii import AsciiResponse
from ui.web.programs.asking import Asking
from ui.web.programs.events import QUIET_TICKS, STILL_THERE, EventStream, event
from ui.web.programs.markdown import answer_markdown, body_markdown
from ui.web.programs.messages import MODEL, Completion, ModelUnknown, read_completion
from ui.web.programs.openai_errors import OpenAIErrors, error_document

Fields = Annotated[dict[str, Any], Body()]


_MESSAGE = {
    "type": "object",
    "properties": {"role": {"type": "string"}, "content": {}},
    "required": ["role", "content"],
}
_PROPERTIES = {
    "model": {"type": "string", "default": MODEL},
    "messages": {"type": "array", "items": _MESSAGE, "description": "the conversation; its last message is the question"},
    "stream": {"type": "boolean", "default": False},
    "stream_options": {"type": "object", "properties": {"include_usage": {"type": "boolean"}}},
    "dateline": {**object_schema((*FILTERS, "as_of", "max_risk", "insist", "literal", "ignored")), "description": "limits"},
}
_SCHEMA = {"type": "object", "title": "Completion", "properties": _PROPERTIES, "required": ["messages"]}
BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": {"schema": _SCHEMA}}}}


def add_chat_completions(app: FastAPI, asking: Asking) -> None:
    """Adds the routes under `/v1`."""
    router = APIRouter(prefix="/v1", route_class=OpenAIErrors, default_response_class=AsciiResponse, tags=["OpenAI"])
    models = name_models(asking.rag.settings)
    served_since = int(time.time())

    @router.get("/models", response_model=None, summary="The models: the archive, and who may word its answers")
    def list_models() -> AsciiResponse:
        return AsciiResponse({"object": "list", "data": [_model(name, served_since) for name in models]})

    @router.get("/models/{name:path}", response_model=None, summary="One model")
    def one_model(name: str) -> AsciiResponse:
        if name not in models:
            raise ModelUnknown(f"model: {name[:80]!r} is not served here; there is {', '.join(models)}")
        return AsciiResponse(_model(name, served_since))

    @router.post("/chat/completions", response_model=None, summary="Answer the last message", openapi_extra=BODY)
    async def complete(body: Fields, request: Request) -> AsciiResponse | EventStream:
        asked_for = read_completion(body, models)
        question = asking.question(asked_for.fields)
        reply = Reply(asked_for, asking.rag.settings.public_url or str(request.base_url))
        if asked_for.stream:
            asking.require_room()
            return EventStream(reply.streamed(asking, question))
        return AsciiResponse(reply.whole(await asking.answer(question, request)))

    app.include_router(router)


def name_models(settings: Settings) -> dict[str, str | None]:
    """Names to ask for, and the language model that each stands for: `dateline` as it is set, `dateline:NAME` for another."""
    others = dict.fromkeys((settings.llm, *settings.llm_offered, NONE))
    named = {f"{MODEL}:{name}": name for name in others} if len(others) > 1 else {}
    return {MODEL: None, **named}


def _model(name: str, created: int) -> Json:
    return {"id": name, "object": "model", "created": created, "owned_by": "dateline"}


@dataclass(slots=True)
class Reply:
    """One completion on its way. `base` is the address of this server, for links."""

    asked_for: Completion
    base: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))
    said: str = ""

    def whole(self, answer: Answer) -> Json:
        content = answer_markdown(answer, self.base)
        message = {"role": "assistant", "content": content, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": self._usage(content),
            "dateline": answer_json(answer),
        }

    async def streamed(self, asking: Asking, question: Question) -> AsyncGenerator[str]:
        """The events of a stream: sentences as they are settled, then what is left, the answer as data, and the end."""
        yield self._chunk({"role": "assistant", "content": ""})
        last, quiet = None, 0
        try:
            async with aclosing(asking.steps(question)) as steps:
                async for answer in steps:
                    quiet = 0 if answer else quiet + 1
                    if answer and (piece := self._next(answer)):
                        yield self._chunk({"content": piece})
                    elif quiet and quiet % QUIET_TICKS == 0:
                        yield STILL_THERE
                    last = answer or last
            if last is None:
                raise RuntimeError("the pipeline gave no answer")
        except Exception as error:
            yield event(error_document(error)[1])
            return
        for ending in self._end(last):
            yield ending

    def _next(self, answer: Answer) -> str:
        """The sentences that a language model has added. Quotations are not settled before the answer is whole."""
        if not answer.mode.startswith("llm:") or answer.status == "abstained":
            return ""
        body = body_markdown(answer, self.base)
        if not body.startswith(self.said):
            return ""
        piece, self.said = body[len(self.said) :], body
        return piece

    def _end(self, answer: Answer) -> list[str]:
        content = answer_markdown(answer, self.base)
        if self.said and self.said in content:
            rest = content.partition(self.said)[2]
        else:
            rest = f"\n\nThe answer as a whole:\n\n{content}" if self.said else content
        ends = [self._chunk({"content": rest})] if rest else []
        ends.append(self._chunk({}, "stop", {"dateline": answer_json(answer)}))
        if self.asked_for.with_usage:
            head = self._head("chat.completion.chunk")
            ends.append(event({**head, "choices": [], "usage": self._usage(self.said + rest)}))
        return [*ends, event("[DONE]")]

    def _head(self, kind: str) -> Json:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.asked_for.model}

    def _chunk(self, delta: Json, finish: str | None = None, beside: Mapping[str, Any] | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return event({**self._head("chat.completion.chunk"), "choices": [choice], **(beside or {})})

    def _usage(self, content: str) -> Json:
        *prompt, completion = token_counts([*self.asked_for.prompt, content])
        return {"prompt_tokens": sum(prompt), "completion_tokens": completion, "total_tokens": sum(prompt) + completion}
