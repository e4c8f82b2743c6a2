"""A file of questions: one JSON object a line in, one document a line out, in the same order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from eval.datasets.gold import GOLD_FIELDS
from rag.errors import DatelineError, InputError
from rag.request import read_question
from rag.types import Question
from ui.render import Json


def run_batch(path: Path, given: Json, reply: Callable[[Question], Json], put: Callable[[Json], None]) -> tuple[int, int]:
    """Puts one document for each line that is not blank and returns how many were answered and how many failed.

    What a line sets comes before the fields that are `given`. A line that cannot be read or answered gets
    `{"id", "line", "error"}` in its place; the others are not affected. The fields of a gold item may be there: a gold set is a
    batch as well.
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
                own = {name: value for name, value in record.items() if value is not None}
                put({**reply(read_question({**given, **own}, GOLD_FIELDS)), "id": id})
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
