"""CLAP NQ: questions to one passage each, with gold sentences and whole answers (Rosenthal et al., TACL 2025)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.datasets.gold import Evidence, Gold, item_id, make_question
from eval.datasets.records import Record, read_records, unique


def matches(record: Record) -> bool:
    return {"input", "passages", "output"} <= record.fields.keys()


def gold(path: Path) -> Iterator[Gold]:
    """The questions; the evidence is the sentences that any annotator selected."""
    for record in read_records(path):
        outputs = record.objects("output")
        answers = unique([answer for output in outputs if (answer := output.optional_text("answer"))])
        sentences = unique([sentence for output in outputs for sentence in output.texts("selected_sentences")])
        passages = record.objects("passages")
        yield Gold(
            question=make_question(record, id=item_id(record), question=record.text("input")),
            long_answers=answers,
            article_ids=tuple(_article_id(record, number) for number, _ in enumerate(passages, 1)) if answers else (),
            evidence=tuple(Evidence(text=sentence) for sentence in sentences) if answers else (),
            answerable=bool(answers),
            kind="answerable" if answers else "unanswerable",
        )


def articles(path: Path) -> Iterator[dict[str, object]]:
    """The passages as Dateline's article records."""
    for record in read_records(path):
        for number, passage in enumerate(record.objects("passages"), 1):
            title = passage.optional_text("title") or ""
            yield {"id": _article_id(record, number), "title": title, "text": passage.text("text")}


def _article_id(record: Record, number: int) -> str:
    return f"{item_id(record)}-{number}"
