"""A file of questions: one JSON object a line in, one document a line out, in the same order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ValidationError

from rag.errors import DatelineError, InputError
from rag.types import Role
from ui.cli.desk import Query
from ui.render import Json


class Message(BaseModel):
    role: Role
    content: str


class BatchQuestion(BaseModel):
    """A line of a batch. What it sets comes before the options of the command line; other keys are left alone."""

    question: str
    history: list[Message] = []
    since: str | None = None
    until: str | None = None
    outlets: list[str] | None = None
    as_of: str | None = None

    def query(self, given: Query) -> Query:
        return Query(
            question=self.question,
            since=given.since if self.since is None else self.since,
            until=given.until if self.until is None else self.until,
            outlets=given.outlets if self.outlets is None else tuple(self.outlets),
            as_of=given.as_of if self.as_of is None else self.as_of,
            history=tuple((message.role, message.content) for message in self.history),
        )


def run_batch(path: Path, given: Query, reply: Callable[[Query], Json], put: Callable[[Json], None]) -> tuple[int, int]:
    """Puts one document for each line that is not blank and returns how many were answered and how many failed.

    A line that cannot be read or answered gets `{"id", "line", "error"}` in its place; the others are not affected.
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
                put({**reply(_read(record).query(given)), "id": id})
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


def _read(record: Json) -> BatchQuestion:
    try:
        return BatchQuestion.model_validate(record)
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
