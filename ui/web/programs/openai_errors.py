"""What goes wrong, as clients of OpenAI expect to be told: `{"error": {"message", "type", "param", "code"}}`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute

from rag.errors import DatelineError, UsageError
from ui.render import Json
from ui.web.limits import Full
from ui.web.programs.ascii import AsciiResponse
from ui.web.programs.asking import Gone
from ui.web.programs.messages import ModelUnknown, Refusal

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5
INVALID, SERVER = "invalid_request_error", "server_error"


class OpenAIErrors(APIRoute):
    """A route whose errors are told in OpenAI's way, whatever raises them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer_error(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:
                status, document = error_document(error)
                return AsciiResponse(document, status, {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, Full) else None)

        return answer_error


def error_document(error: Exception) -> tuple[int, Json]:
    """The status and the body for an error. What the operator must act on goes to standard error in full."""
    if isinstance(error, Refusal):
        return 400, error_body(str(error), INVALID, error.field, error.code)
    if isinstance(error, ModelUnknown):
        return 404, error_body(str(error), INVALID, "model", "model_not_found")
    if isinstance(error, UsageError):
        return 400, error_body(str(error), INVALID, _field(str(error)))
    if isinstance(error, RequestValidationError):
        return 400, error_body("the body has to be one JSON object; send it as application/json", INVALID)
    if isinstance(error, Full):
        return 503, error_body(f"too many questions at once; ask again in {RETRY_SECONDS} seconds", SERVER, None, "overloaded")
    if isinstance(error, Gone):
        return 499, error_body("the caller has hung up", SERVER)
    if isinstance(error, DatelineError):
        logger.error("%s", error)
        return 503, error_body("the archive cannot be read at the moment; its operator finds the cause in the log", SERVER)
    logger.error("a chat completion failed", exc_info=error)
    return 500, error_body("unexpected error; the server's log has it", SERVER)


def error_body(message: str, kind: str, param: str | None = None, code: str | None = None) -> Json:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _field(message: str) -> str:
    """The field that a message of `rag.request` names, as the request had it; the question is in the messages."""
    name = message.partition(":")[0]
    return f"dateline.{name}" if name.isidentifier() and name not in ("question", "history", "llm") else "messages"
