"""Chroma's chunking evaluation: a CSV of questions, each with the character ranges of one document that answer it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from eval.datasets.gold import Evidence, Gold, make_question
from eval.datasets.records import Record, open_text
from rag.errors import InputError

COLUMNS = {"question", "references", "corpus_id"}


def matches(header: str) -> bool:
    """Whether the first line of a file is this format's."""
    return set(next(csv.reader([header]), [])) >= COLUMNS


def gold(path: Path) -> Iterator[Gold]:
    """The questions; the evidence has both text and range, the `kind` is the document."""
    try:
        with open_text(path) as lines:
            rows = csv.DictReader(lines)
            for row in rows:
                yield _gold(Record(path, rows.line_num, row))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def articles(folder: Path) -> Iterator[dict[str, object]]:
    """The documents of a folder as Dateline's article records; the id is the file's name without its ending."""
    for path in sorted(folder.glob("*.md")):
        yield {"id": path.stem, "title": path.stem.replace("_", " "), "text": path.read_text(encoding="utf-8")}


def _gold(record: Record) -> Gold:
    article_id = record.text("corpus_id")
    try:
        references = json.loads(record.text("references"))
    except ValueError as error:
        raise record.error(f'"references" is not JSON: {error}') from error
    spans = Record(record.path, record.line, {"references": references}).objects("references")
    return Gold(
        question=make_question(record, id=str(record.line), question=record.text("question")),
        article_ids=(article_id,),
        evidence=tuple(_evidence(article_id, span) for span in spans),
        kind=article_id,
    )


def _evidence(article_id: str, span: Record) -> Evidence:
    start, end = span.fields.get("start_index"), span.fields.get("end_index")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise span.error('a reference needs whole numbers 0 <= "start_index" < "end_index"')
    return Evidence(span.text("content"), article_id, start, end)
