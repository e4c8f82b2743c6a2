"""The gold item, and Dateline's own JSONL of them.

A line is a batch question (`id`, `question`, `history`, `since`, `until`, `outlets`, `as_of`) with what a good answer is:
`answers` (short texts, any of which is right), `long_answers` (whole texts, compared by ROUGE-L alone), `article_ids`,
`evidence` (sentences, or objects with `text`, `article_id`, `start`, `end`), `answerable` (true unless false) and `kind` (a
group that is reported by itself). `archive`, `class` and `note` may be there for whoever reads the file; nothing else may.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.datasets.records import Record, read_records
from rag.errors import UsageError
from rag.nearest import refuse_unknown
from rag.request import question_fields, read_question
from rag.types import Question

GOLD_FIELDS = ("answers", "long_answers", "article_ids", "evidence", "answerable", "kind", "archive", "class", "note")
"""What a line may have beside the fields of a question."""
EVIDENCE_FIELDS = ("text", "quote", "article_id", "start", "end")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text that answers, where it stands, or both. `start` and `end` count characters of the article's text."""

    text: str | None = None
    article_id: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Gold:
    """A question, with all that it is asked with, and what a good answer is."""

    question: Question
    answers: tuple[str, ...] = ()
    long_answers: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answerable: bool = True
    kind: str = "answerable"

    @property
    def id(self) -> str:
        return str(self.question.id)

    @property
    def text(self) -> str:
        """The words of the question."""
        return self.question.text


def read_native(path: Path) -> Iterator[Gold]:
    """The items of a Dateline gold file. InputError names the file and the line."""
    return (_gold(record) for record in read_records(path))


def gold_record(gold: Gold) -> dict[str, object]:
    """The item as a line of a gold file, without what is empty."""
    asked = question_fields(gold.question)
    record: dict[str, object] = {
        "id": gold.id,
        "question": asked.pop("question"),
        "answers": list(gold.answers),
        "long_answers": list(gold.long_answers),
        "article_ids": list(gold.article_ids),
        "evidence": [_evidence_record(evidence) for evidence in gold.evidence],
        "kind": gold.kind,
        **{name: value for name, value in asked.items() if name not in ("id", "k")},
    }
    return {name: value for name, value in record.items() if value} | {"answerable": gold.answerable}


def _gold(record: Record) -> Gold:
    item = read_item(record)
    if item.answerable and not (item.answers or item.long_answers or item.article_ids or item.evidence):
        raise record.error('nothing to score: give "answers", "article_ids" or "evidence", or say "answerable": false')
    return item


def read_item(record: Record) -> Gold:
    """The item of a line, whether or not there is anything to score. Raises InputError that names file and line."""
    answerable = record.flag("answerable", default=True)
    record.text("question")
    return Gold(
        question=make_question(record, GOLD_FIELDS, **{**record.fields, "id": item_id(record)}),
        answers=record.texts("answers"),
        long_answers=record.texts("long_answers"),
        article_ids=record.texts("article_ids"),
        evidence=_evidence(record),
        answerable=answerable,
        kind=record.optional_text("kind") or ("answerable" if answerable else "unanswerable"),
    )


def make_question(record: Record, beside: Sequence[str] = (), /, **fields: object) -> Question:
    """The question of these `fields`, refused here with its line and not when it is its turn to be asked."""
    try:
        return read_question(fields, beside)
    except UsageError as error:
        raise record.error(str(error)) from error


def item_id(record: Record) -> str:
    """The record's `id`, text or number; its line number where it has none."""
    value = record.fields.get("id")
    if value is None:
        return str(record.line)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
        raise record.error('"id" must be a text or a whole number')
    return str(value)


def _evidence(record: Record) -> tuple[Evidence, ...]:
    value = record.fields.get("evidence") or []
    if not isinstance(value, list):
        raise record.error('"evidence" must be a list of texts or objects')
    return tuple(_one_evidence(record, item) for item in value)


def _one_evidence(record: Record, item: object) -> Evidence:
    if isinstance(item, str) and item.strip():
        return Evidence(text=item)
    if not isinstance(item, dict):
        raise record.error('"evidence" must be a list of texts or objects')
    fields = Record(record.path, record.line, item)
    try:
        refuse_unknown(item, EVIDENCE_FIELDS, "field", "evidence: ")
    except UsageError as error:
        raise record.error(str(error)) from error
    start, end = item.get("start"), item.get("end")
    spanned = type(start) is int and type(end) is int and 0 <= start < end and bool(item.get("article_id"))
    if (start is not None or end is not None) and not spanned:
        raise record.error('an evidence span needs "article_id" and whole numbers 0 <= "start" < "end"')
    text = fields.optional_text("text") or fields.optional_text("quote")
    if text is None and not spanned:
        raise record.error('evidence needs a "text", or an "article_id" with "start" and "end"')
    return Evidence(text, fields.optional_text("article_id"), start, end)


def _evidence_record(evidence: Evidence) -> str | dict[str, object]:
    if evidence.text and evidence.article_id is None:
        return evidence.text
    fields = {"text": evidence.text, "article_id": evidence.article_id, "start": evidence.start, "end": evidence.end}
    return {name: value for name, value in fields.items() if value is not None}
