"""A file of questions: one JSON object a line in, one document a line out, in the same order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from rag.errors import DatelineError, InputError
from ui.asked import Asked
from ui.cli.desk import Query
from ui.render import Json


def run_batch(path: Path, given: Query, reply: Callable[[Query], Json], put: Callable[[Json], None]) -> tuple[int, int]:
    """Puts one document for each line that is not blank and returns how many were answered and how many failed.

    What a line sets comes before what is `given`. A line that cannot be read or answered gets `{"id", "line", "error"}` in
    its place; the others are not affected.
    """
    answered = failed = 0
    with _lines(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            id: object = None
            try:
                record = _record(line)
                id = record.get("id")
                put({**reply(_query(_read(record), given)), "id": id})
                answered += 1
            except DatelineError as error:
                put({"id": id, "line": number, "error": str(error)})
                failed += 1
    return answered, failed


def _record(line: bytes) -> Json:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"not a line of JSON in UTF-8: {error}") from error
    if not isinstance(record, dict):
        raise InputError('not a JSON object; write {"id": …, "question": …}')
    return record


def _query(asked: Asked, given: Query) -> Query:
    return Query(
        question=asked.question,
        since=given.since if asked.since is None else asked.since,
        until=given.until if asked.until is None else asked.until,
        outlets=given.outlets if asked.outlets is None else tuple(asked.outlets),
        as_of=given.as_of if asked.as_of is None else asked.as_of,
        max_risk=given.max_risk if asked.max_risk is None else asked.max_risk,
        llm=asked.llm or given.llm,
        insist=asked.insist or given.insist,
        literal=asked.literal or given.literal,
        ignored=tuple(asked.ignored) or given.ignored,
        history=tuple((message.role, message.content) for message in asked.history),
    )


def _read(record: Json) -> Asked:
    try:
        return Asked.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error


@contextmanager
def _lines(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    with file:
        yield file
