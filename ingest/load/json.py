"""JSON: one article, a list of articles, or an object that holds such a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ingest.load.decode import decode_bytes
from ingest.load.feed import is_json_feed, records_of_json_feed
from ingest.load.fields import find_field, record_of
from ingest.load.markup import as_shown
from ingest.load.record import Content, Note, Record, Refusal
from rag.errors import InputError

LISTS = ("articles", "items", "documents", "docs", "data", "results", "records", "hits", "response", "rows", "entries", "posts",
         "news", "stories")  # fmt: skip
"""Names of lists of articles, and of objects that hold one."""
DEPTH = 4
_BETWEEN = re.compile(r"[\s,]*")
MAX_DIGITS = 25
"""A longer number is kept as its digits: no date or id is that long, and Python refuses to convert thousands of them."""


def load_json(content: Content) -> Iterator[Record | Refusal]:
    """The articles of a JSON text, or of JSON Lines under another name."""
    text, note = decode_bytes(content.path.read_bytes())
    if not text.strip():
        yield Refusal("skipped", "the file is empty")
        return
    try:
        value = parse_json(text)
    except InputError:
        if is_lines(text):
            for number, line in enumerate(text.split("\n"), start=1):
                if line.strip():
                    yield add_note(record_of_line(line, number), note)
            return
        if (several := values_of(text)) is None:
            raise
        value = several
    for found in records_of_json(value):
        yield add_note(found, note)


def records_of_json(value: object) -> Iterator[Record | Refusal]:
    """The articles of a parsed JSON text."""
    if is_json_feed(value):
        yield from records_of_json_feed(value)
        return
    found = value if isinstance(value, list) else _inner_list(value, DEPTH)
    if found is None:
        yield as_shown(record_of(value, None))
        return
    if not found:
        yield Refusal("skipped", "the list of articles is empty")
    for number, item in enumerate(found, start=1):
        yield as_shown(record_of(item, number))


def record_of_line(line: str, number: int) -> Record | Refusal:
    """The article of a line of JSON Lines."""
    try:
        return as_shown(record_of(parse_json(line), number))
    except InputError as error:
        return Refusal("failed", str(error), number)


def is_lines(text: str) -> bool:
    """Whether each of its first lines but one is an object of its own."""
    first = [line for line in text.split("\n", 4)[:4] if line.strip()]
    return len(first) > 1 and sum(map(_is_object, first)) >= max(1, len(first) - 1)


def parse_json(text: str) -> object:
    """The value of a JSON text; NaN and infinities are null. Raises InputError that says what is wrong and where."""
    try:
        return json.loads(text.lstrip("\ufeff"), parse_int=_number, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        unfinished = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated")
        cut = "; it ends too early" if unfinished else ""
        raise InputError(f"not valid JSON ({error.msg} at line {error.lineno}, column {error.colno}){cut}") from error
    except RecursionError as error:
        raise InputError("not an article but JSON nested too deeply") from error


def values_of(text: str) -> list[object] | None:
    """The objects that stand one after the other in a text with nothing between them; None where it is anything else."""
    decoder = json.JSONDecoder(parse_int=_number, parse_constant=lambda _: None)
    found: list[object] = []
    at = 0
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            return None
        found.append(value)
        at = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]  # it matches an empty string
    return found if len(found) > 1 and all(isinstance(one, Mapping) for one in found) else None


def add_note(found: Record | Refusal, note: Note | None) -> Record | Refusal:
    return replace(found, notes=(*found.notes, note)) if note and isinstance(found, Record) else found


def _is_object(line: str) -> bool:
    try:
        return isinstance(parse_json(line), Mapping)
    except InputError:
        return False


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _inner_list(value: object, depth: int) -> list[object] | None:
    """The list of articles in an object that has no text of its own, also one some objects down."""
    if not depth or not isinstance(value, Mapping) or _has_text(value):
        return None
    for name in LISTS:
        inner = value.get(name)
        if isinstance(inner, list) and all(isinstance(item, Mapping) for item in inner):
            return inner
        if isinstance(inner, Mapping) and (found := _inner_list(inner, depth - 1)) is not None:
            return found
    return None


def _has_text(value: Mapping[str, object]) -> bool:
    return any(isinstance(inner, str) and key not in LISTS and find_field(key) == "text" for key, inner in value.items())
