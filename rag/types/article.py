"""What is stored: an article, where it comes from, and the times that its text names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

PublishedFrom = Literal["record", "front matter", "JSON-LD", "meta", "feed", "page", "dateline", "URL", "file name", "none"]
"""How a publication date is known: a field of the record, a document's front matter, a page's JSON-LD, its other metadata, the
feed that names it, the page's own words, the words before the text, its address, its file's name, not at all."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text comes from: everything known about an article but its words.

    `published_confidence`, 0 to 1, says how far the date of publication can be trusted; `origin` is the news agency that the
    report is credited to.
    """

    id: str
    title: str
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    published: date | datetime | None = None
    published_from: PublishedFrom = "none"
    modified: date | datetime | None = None
    language: str | None = None
    section: str | None = None
    place: str | None = None
    published_confidence: float | None = None
    origin: str | None = None

    def day(self, zone: tzinfo) -> date | None:
        """The calendar day of publication in `zone`; a date without a time is that day in every zone."""
        if isinstance(self.published, datetime):
            return (self.published.astimezone(zone) if self.published.tzinfo else self.published).date()
        return self.published


@dataclass(frozen=True, slots=True)
class Article:
    """A source and its text, exactly as a reader sees it."""

    source: Source
    text: str

    @property
    def digest(self) -> str:
        """A hash of the text and of everything known about it but `published_confidence` and `origin`, which are inferred anew.

        Equal digests mean that nothing of it has changed; what is not known and an empty text are one and the same.
        """
        source = self.source
        parts = (
            source.id, source.title, source.outlet, source.url, *source.authors, source.published, source.published_from,
            source.modified, source.language, source.section, source.place, self.text,
        )  # fmt: skip
        whole = "\x1f".join("" if part is None else str(part) for part in parts)
        return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Mention:
    """A time that a text names in `text[start:end]`, and the days that it means: `first <= day < before`. `rule` says how."""

    start: int
    end: int
    first: date
    before: date
    rule: str


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that tells the text of another one: `exact` with the same words, `near` with most of them."""

    source: Source
    kind: Literal["exact", "near"]
