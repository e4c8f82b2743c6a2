"""What is kept of a run, and its file: one JSON object, `{"format": 1, "gold", "mode", "items": […]}`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from eval.datasets import Gold
from eval.datasets.gold import gold_record, read_item
from eval.datasets.records import Record
from rag.errors import InputError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A retrieved passage: a span of an article."""

    article_id: str
    title: str
    start: int
    end: int
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A citation of the answer."""

    article_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the system said. `refused` means that it raised a UsageError, whose message is the `reason`."""

    status: Literal["answered", "abstained", "refused"]
    reason: str | None
    text: str
    short_answer: str | None
    confidence: float
    citations: tuple[Quotation, ...]
    mode: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """A gold item, what came of it, and its scores (names in `eval.score`). `reply` is None where only retrieval ran."""

    gold: Gold
    articles: tuple[str, ...]
    passages: tuple[RankedPassage, ...]
    reply: Reply | None
    scores: Mapping[str, float]

    @property
    def answered(self) -> bool:
        return self.reply is not None and self.reply.status == "answered"

    @property
    def abstained(self) -> bool:
        return self.reply is not None and self.reply.status == "abstained"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """An ItemRecord without its gold item, which is kept as in a gold file."""

    articles: tuple[str, ...]
    passages: tuple[RankedPassage, ...]
    reply: Reply | None
    scores: Mapping[str, float]


def save_records(path: Path, gold: str, records: tuple[ItemRecord, ...]) -> None:
    """Write a run's file. `gold` is the path of the gold set."""
    items = [{"gold": gold_record(record.gold), **_dump(record)} for record in records]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"format": FORMAT, "gold": gold, "items": items}), encoding="utf-8")


def load_records(path: Path) -> tuple[str, tuple[ItemRecord, ...]]:
    """The gold set's path and the records of a run's file. InputError when it is not one."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise InputError(f"{path}: format {document['format']}, this version reads {FORMAT}; run the evaluation again")
        return str(document["gold"]), tuple(_load(path, number, item) for number, item in enumerate(document["items"], 1))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        raise InputError(f"{path}: not a saved evaluation: {error}") from error


def _dump(record: ItemRecord) -> dict[str, Any]:
    outcome = _Outcome(record.articles, record.passages, record.reply, record.scores)
    return dict(TypeAdapter(_Outcome).dump_python(outcome, mode="json"))


def _load(path: Path, number: int, item: dict[str, Any]) -> ItemRecord:
    gold = read_item(Record(path, number, item["gold"]))
    outcome = TypeAdapter(_Outcome).validate_python({name: value for name, value in item.items() if name != "gold"})
    return ItemRecord(gold, outcome.articles, outcome.passages, outcome.reply, outcome.scores)
