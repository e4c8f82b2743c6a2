"""RealTime QA: quiz questions of a week with a crawl of news pages (Kasai et al., NeurIPS 2023).

A question's `kind` says how far the crawl is known to answer it: `linked` (the page that the quiz cites is in it, with the
answer), `found` (some page that a web search returned holds the answer's words) or `open` (neither).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from eval.datasets.gold import Gold, item_id, make_question
from eval.datasets.records import Record, read_records

OUTLETS = {"cnn.com": "CNN", "usatoday.com": "USA Today", "theweek.com": "The Week", "theweek.co.uk": "The Week"}
MIN_CHARACTERS = 300
"""A shorter page is a video caption or a stub."""


def matches(record: Record) -> bool:
    return "gold_doc_ids" in record.fields or {"choices", "answer_idx"} <= record.fields.keys()


def gold(path: Path) -> Iterator[Gold]:
    """The questions, asked on the day of their quiz."""
    for record in read_records(path):
        linked = record.texts("gold_doc_ids") if record.flag("gold_has_answer", default=True) else ()
        found = record.texts("gcs_docs_with_answer")
        yield Gold(
            question=make_question(record, id=item_id(record), question=record.text("question"), as_of=_day(record, "date")),
            answers=record.texts("answers"),
            article_ids=record.texts("gold_doc_ids"),
            kind="linked" if linked else "found" if found else "open",
        )


def specific_ids(path: Path) -> frozenset[str]:
    """The questions whose answer stands in some page and means little else, so that finding its words in a passage is telling."""
    return frozenset(
        item_id(record)
        for record in read_records(path)
        if record.flag("answer_specific", default=False) and record.texts("gcs_docs_with_answer")
    )


def articles(path: Path) -> Iterator[dict[str, object]]:
    """The pages as Dateline's article records, without quizzes (they hold the questions) and stubs."""
    for record in read_records(path):
        url, title = record.optional_text("url") or "", record.optional_text("title") or ""
        text = record.optional_text("text") or ""
        if "quiz" in url.lower() or "quiz" in title.lower() or len(text) < MIN_CHARACTERS:
            continue
        day = _day(record, "publish_date")
        yield {
            "id": item_id(record),
            "title": title,
            "text": text,
            "url": url or None,
            "outlet": outlet(url),
            "authors": list(record.texts("authors")),
            "published": day.isoformat() if day else None,
        }


def outlet(url: str) -> str | None:
    """The outlet of a page's host: its known name, else the host without `www.`."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    known = (name for domain, name in OUTLETS.items() if host == domain or host.endswith("." + domain))
    return next(known, host or None)


def _day(record: Record, name: str) -> date | None:
    """A day written 2022/06/17 or 2022-06-17, with or without a time after it."""
    value = record.optional_text(name)
    try:
        return date.fromisoformat(value[:10].replace("/", "-")) if value else None
    except ValueError:
        raise record.error(f'"{name}" must be a day, YYYY/MM/DD, not {value!r}') from None
