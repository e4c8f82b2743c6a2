"""MultiHop-RAG: questions over several reports, with their evidence facts (Tang & Yang, COLM 2024)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.datasets.gold import Evidence, Gold, item_id, make_question
from eval.datasets.records import Record, read_records, unique


def matches(record: Record) -> bool:
    return {"question_type", "evidence_list"} <= record.fields.keys()


def gold(path: Path, corpus: Path | None = None, joined: bool = False) -> Iterator[Gold]:
    """The questions; null ones are unanswerable, the `kind` is the type of question. Article ids need the fact corpus."""
    ids = _article_ids(corpus, joined) if corpus else {}
    for record in read_records(path):
        kind = record.text("question_type").removesuffix("_query")
        facts = unique([evidence.text("fact") for evidence in record.objects("evidence_list")])
        answerable = kind != "null"
        yield Gold(
            question=make_question(record, id=item_id(record), question=record.optional_text("question") or record.text("query")),
            answers=(record.text("answer"),) if answerable else (),
            article_ids=unique([ids[fact] for fact in facts if fact in ids]),
            evidence=tuple(Evidence(text=fact) for fact in facts),
            answerable=answerable,
            kind=kind,
        )


def articles(path: Path, joined: bool = False) -> Iterator[dict[str, object]]:
    """The fact corpus as Dateline's article records: an article for each fact, or all facts of one report `joined`."""
    reports: dict[str, list[Record]] = {}
    for record in read_records(path):
        reports.setdefault(record.text("url") if joined else item_id(record), []).append(record)
    for facts in reports.values():
        first = facts[0]
        yield {
            "id": item_id(first),
            "title": first.optional_text("title") or "",
            "text": "\n\n".join(fact.text("fact") for fact in facts),
            "url": None if not joined else first.optional_text("url"),
            "outlet": first.optional_text("source"),
            "authors": [author] if (author := first.optional_text("author")) else [],
            "published": first.optional_text("published_at"),
            "section": first.optional_text("category"),
        }


def _article_ids(corpus: Path, joined: bool) -> dict[str, str]:
    """The id of the article that holds each fact."""
    first: dict[str, str] = {}
    ids = {}
    for record in read_records(corpus):
        report = record.text("url") if joined else item_id(record)
        ids[record.text("fact")] = first.setdefault(report, item_id(record))
    return ids
