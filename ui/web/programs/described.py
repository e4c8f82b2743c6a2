"""How a route is described in the OpenAPI document: the body that it reads, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ui.fields import FIELDS, object_schema
from ui.web.programs.documents import Problem

PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "a key is wanted"},
    413: {"model": Problem, "description": "the body is too long"},
    422: {"model": Problem, "description": "a field is wrong or not known; the detail names it and the nearest known one"},
    503: {"model": Problem, "description": "the archive cannot be used now, or too many ask at once; see Retry-After"},
}


def gives(document: Any, description: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": document, "description": description}, **PROBLEMS}


def reads(title: str, names: Iterable[str], required: Sequence[str]) -> dict[str, Any]:
    """The body: an object with these fields and no other."""
    schema = {**object_schema(names, required), "title": title}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def takes(names: Iterable[str]) -> dict[str, Any]:
    """What may stand behind the ? of an address; an outlet may be repeated."""
    shown = {"outlets": "outlet"}
    return {
        "parameters": [
            {
                "name": shown.get(name, name), "in": "query", "required": False,
                "description": FIELDS[name].get("description", ""),
                "schema": {key: value for key, value in FIELDS[name].items() if key != "description"},
            }
            for name in names
        ]
    }  # fmt: skip
