"""JSON: one article, a list of articles, or an object that holds such a list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ingest.load.decode import decoded
from ingest.load.feed import is_json_feed, records_of_json_feed
from ingest.load.fields import record_of
from ingest.load.record import Content, Record, Refused
from rag.errors import InputError

LISTS = ("articles", "items", "documents", "docs", "data", "results", "records")
MAX_DIGITS = 25
"""A longer number is kept as its digits: no date or id is that long, and Python refuses to convert thousands of them."""


def load_json(content: Content) -> Iterator[Record | Refused]:
    text, note = decoded(content.path.read_bytes())
    if not text.strip():
        yield Refused("skipped", "the file is empty")
        return
    value = parsed(text)
    if is_json_feed(value):
        yield from records_of_json_feed(value)
        return
    found = value if isinstance(value, list) else _inner_list(value)
    if found is None:
        yield _noted(record_of(value, None), note)
        return
    if not found:
        yield Refused("skipped", "the list of articles is empty")
    for number, item in enumerate(found, start=1):
        yield _noted(record_of(item, number), note)


def parsed(text: str) -> object:
    """The value of a JSON text; NaN and infinities are null. Raises InputError that says what is wrong and where."""
    try:
        return json.loads(text, parse_int=_number, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        unfinished = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated")
        cut = "; it ends too early" if unfinished else ""
        raise InputError(f"not valid JSON ({error.msg} at line {error.lineno}, column {error.colno}){cut}") from error
    except RecursionError as error:
        raise InputError("not an article but JSON nested too deeply") from error


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _inner_list(value: object) -> list[object] | None:
    if isinstance(value, Mapping):
        for name in LISTS:
            if isinstance(inner := value.get(name), list) and all(isinstance(item, Mapping) for item in inner):
                return inner
    return None


def _noted(found: Record | Refused, note: str | None) -> Record | Refused:
    return replace(found, notes=(note,)) if note and isinstance(found, Record) else found
