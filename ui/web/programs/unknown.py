"""Addresses that are not there, and methods that an address does not take: what there is instead."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from fastapi import FastAPI, Request
from starlette.routing import compile_path

from ui.web.programs.ascii import AsciiResponse
from ui.web.programs.openai_errors import INVALID, error_body

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]
LIKE = 0.6


def explain_unknown(app: FastAPI) -> None:
    """Adds the last routes under `/api` and `/v1`, which take what no other does."""

    @app.api_route("/api/{rest:path}", methods=METHODS, include_in_schema=False)
    @app.api_route("/v1/{rest:path}", methods=METHODS, include_in_schema=False)
    def nothing(request: Request) -> AsciiResponse:
        path = request.url.path
        known: Mapping[str, Mapping[str, Any]] = app.openapi()["paths"]
        status, detail, methods = _explain(path, request.method, known)
        body = error_body(detail, INVALID) if path.startswith("/v1/") else {"detail": detail}
        return AsciiResponse(body, status, {"Allow": ", ".join(methods)} if methods else None)


def _explain(path: str, method: str, known: Mapping[str, Mapping[str, Any]]) -> tuple[int, str, list[str]]:
    for pattern, operations in known.items():
        if compile_path(pattern.replace("}", ":path}"))[0].fullmatch(path):
            methods = [name.upper() for name in operations]
            how = " with a JSON object as its body" if methods == ["POST"] else ""
            return 405, f"{path} does not take {method}; use {' or '.join(methods)}{how}, as /docs shows", methods
    near = get_close_matches(path, known, n=1, cutoff=LIKE)
    hint = f": did you mean {near[0]}?" if near else ";"
    return 404, f"there is no {path[:200]}{hint} /docs lists what there is", []
