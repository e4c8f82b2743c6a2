"""SQuAD 1.1 and 2.0: each paragraph is an article of its own (Rajpurkar et al., EMNLP 2016 and ACL 2018)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.datasets.gold import Evidence, Gold, make_question
from eval.datasets.records import Record, read_document, unique


def matches(record: Record) -> bool:
    return isinstance(record.fields.get("data"), list)


def gold(path: Path) -> Iterator[Gold]:
    """The questions; the evidence is the span of the first answer in its paragraph."""
    for article_id, _, paragraph in _paragraphs(path):
        for question in paragraph.objects("qas"):
            answers = question.objects("answers")
            answerable = bool(answers) and not question.flag("is_impossible", default=False)
            yield Gold(
                question=make_question(question, id=question.text("id"), question=question.text("question")),
                answers=unique([answer.text("text") for answer in answers]) if answerable else (),
                article_ids=(article_id,) if answerable else (),
                evidence=(_evidence(article_id, answers[0]),) if answerable else (),
                answerable=answerable,
                kind="answerable" if answerable else "unanswerable",
            )


def articles(path: Path) -> Iterator[dict[str, object]]:
    """The paragraphs as Dateline's article records."""
    for article_id, title, paragraph in _paragraphs(path):
        yield {"id": article_id, "title": title.replace("_", " "), "text": paragraph.text("context")}


def _paragraphs(path: Path) -> Iterator[tuple[str, str, Record]]:
    """(article id, title, paragraph) of each paragraph; the id is the title and the paragraph's number from 1."""
    for entry in read_document(path).objects("data"):
        title = entry.text("title")
        for number, paragraph in enumerate(entry.objects("paragraphs"), 1):
            yield f"{title}-{number}", title, paragraph


def _evidence(article_id: str, answer: Record) -> Evidence:
    text, start = answer.text("text"), answer.fields.get("answer_start")
    if type(start) is not int or start < 0:
        raise answer.error(f'"answer_start" of {text!r} must be a whole number from 0')
    return Evidence(article_id=article_id, start=start, end=start + len(text))
