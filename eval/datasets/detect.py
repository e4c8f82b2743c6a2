"""Which format a gold file is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from eval.datasets import clapnq, multihop, realtimeqa, spans, squad
from eval.datasets.gold import Gold, read_native
from eval.datasets.records import Record, open_text, read_document, read_records
from rag.errors import InputError

Reader = Callable[[Path], Iterator[Gold]]


def load_gold(path: Path) -> tuple[Gold, ...]:
    """The items of a gold file in any of the formats, in order.

    InputError names the file and line where one is bad or an id comes twice, and the formats where the file is none of them.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such gold file")
    items = tuple(_reader(path)(path))
    if not items:
        raise InputError(f"{path}: there is no question in this file")
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise InputError(f"{path}: two questions have the id {item.id!r}; ids must differ")
        seen.add(item.id)
    return items


def is_realtimeqa(path: Path) -> bool:
    """Whether a gold file is RealTime QA's. InputError when it cannot be read."""
    return not spans.matches(_first_line(path)) and realtimeqa.matches(_first_record(path))


def _reader(path: Path) -> Reader:
    if spans.matches(_first_line(path)):
        return spans.gold
    first = _first_record(path)
    if squad.matches(first):
        return squad.gold
    formats = ((realtimeqa.matches, realtimeqa.gold), (multihop.matches, multihop.gold), (clapnq.matches, clapnq.gold))
    for matches, gold in formats:
        if matches(first):
            return gold
    if "question" in first.fields:
        return read_native
    raise first.error(
        'not a question; a gold file has a "question" in every line, or is RealTime QA, SQuAD, CLAP NQ or MultiHop-RAG'
    )


def _first_record(path: Path) -> Record:
    """The first line's object; the whole file where the first line alone is not one."""
    if path.name.removesuffix(".gz").endswith(".json"):
        return read_document(path)
    first = next(read_records(path), None)
    if first is None:
        raise InputError(f"{path}: there is no question in this file")
    return first


def _first_line(path: Path) -> str:
    try:
        with open_text(path) as lines:
            return lines.readline(10_000)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
