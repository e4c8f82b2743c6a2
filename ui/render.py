"""The typed nouns as the JSON of the contract: the same documents on the command line and over HTTP.

Keys are added here and never removed or renamed: scripts outside the project rely on them. What is not known is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.pipeline import Report
    from rag.catalog import Version
    from rag.forms import Part
    from rag.types import Answer, Article, Citation, Filters, Mention, Passage, Question, Scope, Source

Json = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    return {
        "id": answer.question.id,
        "question": answer.question.text,
        "standalone_question": answer.standalone_question,
        "rewritten_by": answer.understood.rewritten_by,
        "inferred": [_scope_json(scope) for scope in answer.understood.scopes],
        "status": answer.status,
        "reason": answer.reason,
        "cause": answer.cause,
        "text": answer.text,
        "short_answer": answer.short_answer,
        "sentences": [
            {"text": sentence.text, "citations": list(sentence.citations), "support": _share(sentence.support)}
            for sentence in answer.sentences
        ],
        "struck": [
            {"text": struck.text, "reason": struck.reason, "check": struck.check, "after": struck.after}
            for struck in answer.struck
        ],
        "show_struck": answer.show_struck,
        "citations": [_citation_json(citation) for citation in answer.citations],
        "confidence": _share(answer.confidence) if answer.calibrated else None,
        "corroboration": answer.corroboration
        and {"independent_outlets": answer.corroboration.outlets, "articles": answer.corroboration.articles},
        "as_of": _day(answer.question.as_of),
        "filters": filters_json(answer.question.filters),
        "passages": [_passage_json(passage) for passage in answer.passages],
        "mode": answer.mode,
        "llm": answer.writing
        and {
            "model": answer.writing.model,
            "passages": answer.writing.passages,
            "left_out": answer.writing.left_out,
            "invalid_markers": answer.writing.invalid_markers,
            "error": answer.writing.error,
        },
        "notices": list(answer.notices),
        "form": answer.form,
        "parts": [_part_json(part) for part in answer.parts],
        "timings_ms": {step: round(float(value), 3) for step, value in answer.timings_ms.items()},
    }


def _part_json(part: Part) -> Json:
    """A part of a story answer with its `kind`: row, development, figure, contrast, table or coverage.

    Of a contrast, `contrast` says whether both say it, only one does, or they differ.
    """
    told: Json = plain_json(part)
    if (kind := type(part).__name__.lower()) == "contrast":
        told["contrast"] = told["kind"]
    return {**told, "kind": kind}


def hits_json(question: Question, passages: Sequence[Passage]) -> Json:
    return {
        "id": question.id,
        "question": question.text,
        "filters": filters_json(question.filters),
        "hits": [_passage_json(passage) for passage in passages],
    }


def article_json(article: Article, versions: Sequence[Version] = (), times: Sequence[Mention] = ()) -> Json:
    """`versions` is oldest first; each carries the text it had, so that an older citation can still be looked up.

    `times` are those that the text names.
    """
    source = article.source
    return {
        "id": source.id,
        "title": source.title,
        "outlet": source.outlet,
        "url": source.url,
        "authors": list(source.authors),
        "published": _day(source.published),
        "published_from": source.published_from,
        "published_confidence": source.published_confidence,
        "modified": _day(source.modified),
        "language": source.language,
        "section": source.section,
        "place": source.place,
        "origin": source.origin,
        "text": article.text,
        "dates": [_time_json(time, article.text) for time in times],
        "versions": [
            {
                "number": version.number,
                "stored_at": version.stored_at.isoformat(),
                "title": version.title,
                "published": _day(version.published),
                "text": version.text,
            }
            for version in versions
        ],
    }


def list_json(source: Source) -> Json:
    """An article in a list: what is known of it but its text."""
    return {
        **source_json(source),
        "url": source.url,
        "authors": list(source.authors),
        "section": source.section,
        "language": source.language,
    }


def report_json(report: Report) -> Json:
    """The counts, and one entry for each file or record with what became of it and why."""
    return {
        **report.counts,
        "lost": report.lost,
        "noted": report.noted,
        "seconds": round(report.seconds, 3),
        "interrupted": report.interrupted,
        "dry_run": report.dry_run,
        "notices": list(report.notices),
        "articles": plain_json(report.articles),
    }


def filters_json(filters: Filters) -> Json:
    """Both ends are inclusive, as they are given."""
    return {"since": _day(filters.since), "until": _day(filters.until), "outlets": list(filters.outlets)}


def _scope_json(scope: Scope) -> Json:
    """`words` of the question that were taken for a time or an outlet, what they mean, and what is asked of that report."""
    return {
        **filters_json(scope.filters),
        "words": list(scope.words),
        "about": scope.about,
        "means": scope_in_words(scope.filters),
    }


def scope_in_words(filters: Filters) -> str:
    """Outlets and days in a few words: "The Daily Lantern, October 2024"."""
    from rag.days import long_day
    from rag.when import in_words

    if filters.since and filters.before:
        days = in_words(filters.since, filters.before)
    elif filters.since:
        days = f"since {long_day(filters.since)}"
    else:
        days = f"until {long_day(filters.until)}" if filters.until else ""
    return ", ".join(part for part in (" or ".join(filters.outlets), days) if part)


def _time_json(time: Mention, text: str, offset: int = 0) -> Json:
    """Both days are included; `text` begins at character `offset` of the article."""
    from rag.when import in_words

    return {
        "start": time.start,
        "end": time.end,
        "text": text[time.start - offset : time.end - offset],
        "first": time.first.isoformat(),
        "last": (time.before - timedelta(days=1)).isoformat(),
        "rule": time.rule,
        "means": in_words(time.first, time.before),
    }


def _citation_json(citation: Citation) -> Json:
    return {
        "number": citation.number,
        **source_json(citation.source),
        "url": citation.source.url,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "dates": [_time_json(time, citation.quote, citation.start) for time in citation.dates],
        "copies": [{**source_json(copy.source), "url": copy.source.url, "kind": copy.kind} for copy in citation.copies],
    }


def _passage_json(passage: Passage) -> Json:
    chunk = passage.chunk
    return {
        **source_json(chunk.source),
        "start": chunk.start,
        "end": chunk.end,
        "score": round(float(passage.score), 6),
        "text": chunk.text,
    }


def source_json(source: Source) -> Json:
    return {"article_id": source.id, "title": source.title, "outlet": source.outlet, "published": _day(source.published)}


def _day(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, float(value))), 4)


def plain_json(value: Any) -> Any:
    """A dataclass, or anything made of them, of mappings, sequences, days, paths and plain values, as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_json(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, PurePath) else value
