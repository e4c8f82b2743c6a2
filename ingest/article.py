"""A record to an article: cleaned, dated, titled. Its id is decided later, against what the archive knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ingest.agency import read_agency
from ingest.clean import clean_text, headline
from ingest.dateline import read_head
from ingest.dates import read_date
from ingest.load.record import Note, Record
from ingest.published import find_published
from rag.catalog.names import without_tracking
from rag.sentences import sentence_spans
from rag.types import Article, Source

TITLE_CHARACTERS = 90
HEADLINE_CHARACTERS = 140
"""A longer first line is a paragraph, not a headline."""
HEADLINE_WORDS = 4
"""A line of fewer words is more often an author, an agency or a place than a headline."""
FIRST_SENTENCE_WITHIN = 2_000

_BYLINE = re.compile(r"(?:by|von|par|por)\s", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class AssembledArticle:
    """An article whose id is still empty when its record gives none, and what the report should say about it.

    `line` is its record's; `linked` says that the text is a feed's summary of the page at its URL, `key` what its feed calls it.
    """

    article: Article
    notes: tuple[str, ...] = ()
    line: int | None = None
    linked: bool = False
    key: str | None = None


def assemble(record: Record, outlet: str | None, now: datetime, name: str = "") -> AssembledArticle | None:
    """The article of a record; None when it has no text. `outlet` stands in where the record names none, `name` is its file's."""
    text = clean_text(record.text)
    head = read_head(text)
    text = text[head.start :]
    if not text or not any(map(str.isalnum, text)):
        return None
    dated = find_published(record, head.day, name, now)
    modified = read_date(record.modified, now)
    source = Source(
        id=record.id or "",
        title=headline(record.title) or derive_title(text, head.body - head.start),
        outlet=record.outlet or outlet,
        url=without_tracking(record.url) if record.url else None,
        authors=record.authors,
        published=dated.value,
        published_from=dated.found_in,
        published_confidence=dated.confidence if dated.value else None,
        modified=modified.value,
        language=record.language,
        section=record.section,
        place=head.place,
        origin=read_agency(text, head.agency, record.authors, record.outlet or outlet),
    )
    doubts = (Note(note, "date-doubted") for note in (*dated.notes, modified.note) if note)
    return AssembledArticle(Article(source, text), (*record.notes, *doubts), record.line, record.link_only, record.key)


def derive_title(text: str, body: int = 0) -> str:
    """The first line if it reads like a headline, else the start of the first sentence from character `body` on."""
    line = text.partition("\n")[0].strip()
    if len(line) < len(text.strip()) and _is_headline(line):
        return line
    opening = text[body : body + FIRST_SENTENCE_WITHIN]
    sentences = [opening[start:end] for start, end in sentence_spans(opening)]
    whole = (sentence for sentence in sentences if len(_WORD.findall(sentence)) >= HEADLINE_WORDS)
    return _shorten(next(whole, sentences[0] if sentences else text[:TITLE_CHARACTERS]))


def _is_headline(line: str) -> bool:
    plain = len(line) <= HEADLINE_CHARACTERS and not line.endswith((".", ",", ";", ":"))
    return plain and len(_WORD.findall(line)) >= HEADLINE_WORDS and not _BYLINE.match(line)


def _shorten(sentence: str) -> str:
    words = " ".join(sentence.split())
    if len(words) <= TITLE_CHARACTERS:
        return words
    cut = words[: TITLE_CHARACTERS + 1].rpartition(" ")[0] or words[:TITLE_CHARACTERS]
    return cut.rstrip(" ,;:–—-") + "…"
