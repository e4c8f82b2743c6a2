"""Every field that a program may send, as JSON Schema says it. What they mean is decided in `rag.request` alone.

The same descriptions are in the OpenAPI document and in the tools of the MCP server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rag.browse import PAGE
from rag.request import LINES, MAX_LINES
from rag.settings import MAX_K, MAX_PAGE, MAX_QUESTION_CHARACTERS

Schema = dict[str, Any]
DAY = "a day, month or year: 2025-08-04, 2025-08 or 2025"
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_TURN: Schema = {
    "type": "object",
    "properties": {"role": {"enum": ["user", "assistant"]}, "content": {"type": "string"}},
    "required": ["role", "content"],
    "additionalProperties": False,
}

FIELDS: Mapping[str, Schema] = {
    "id": {"description": "whatever should come back with the answer"},
    "question": {"type": "string", "maxLength": MAX_QUESTION_CHARACTERS, "description": "what is asked, in plain words"},
    "topic": {"type": "string", "maxLength": MAX_QUESTION_CHARACTERS, "description": "what the story is about"},
    "history": {"type": "array", "items": _TURN, "description": "the conversation before, oldest first"},
    "since": {"type": "string", "description": f"first day of publication: {DAY}"},
    "until": {"type": "string", "description": f"last day of publication, included: {DAY}"},
    "outlets": {**_TEXTS, "description": "only articles of these outlets, by name, without regard to case"},
    "as_of": {"type": "string", "description": "the day taken as today: 2025-08-04"},
    "max_risk": {
        "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1,
        "description": "answer only where at most this share of answers is wrong: 0.1 for one in ten",
    },
    "llm": {"type": "string", "description": "the language model that words the answer, one that the server offers, or none"},
    "insist": {"type": "boolean", "description": "answer however weak the evidence is"},
    "literal": {"type": "boolean", "description": "take the question at its word: no times or outlets are read out of it"},
    "ignored": {**_TEXTS, "description": "words of the question that mean no time or outlet"},
    "k": {"type": "integer", "minimum": 1, "maximum": MAX_K, "default": 10, "description": "how many passages"},
    "lines": {
        "type": "integer", "minimum": 1, "maximum": MAX_LINES, "default": LINES, "description": "how many developments at most",
    },
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE, "description": "how many at most"},
    "after": {"type": "string", "description": "`next` of the page before"},
    "article_id": {"type": "string", "description": "the id of an article, as answers and lists name it"},
    "start": {"type": "integer", "minimum": 0, "description": "the first character to read"},
    "end": {"type": "integer", "minimum": 0, "description": "the character to stop before"},
}  # fmt: skip
FILTERS = ("since", "until", "outlets")
ASK = ("question", "id", "history", *FILTERS, "as_of", "max_risk", "llm", "insist", "literal", "ignored", "k")
SEARCH = ("question", "k", "id", "history", *FILTERS, "as_of", "max_risk", "llm", "insist", "literal", "ignored")
BRIEF = ("topic", *FILTERS, "as_of")
TIMELINE = (*BRIEF, "lines")
LISTING = (*FILTERS, "limit", "after")


def object_schema(names: Iterable[str], required: Iterable[str] = ()) -> Schema:
    """An object with the fields of these names and no other."""
    return {
        "type": "object",
        "properties": {name: FIELDS[name] for name in names},
        "required": list(required),
        "additionalProperties": False,
    }
