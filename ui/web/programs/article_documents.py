"""What programs get of the archive itself: an article, a list of them, its outlets and days, and whether all is well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ui.web.programs.documents import SourceDocument, TimeDocument


@dataclass(frozen=True)
class ListedDocument(SourceDocument):
    url: str | None
    authors: list[str]
    section: str | None
    language: str | None


@dataclass(frozen=True)
class VersionDocument:
    number: int
    stored_at: str
    title: str
    published: str | None
    text: str


@dataclass(frozen=True)
class ArticleDocument:
    """A stored article; every offset counts characters of its `text`."""

    id: str
    title: str
    outlet: str | None
    url: str | None
    authors: list[str]
    published: str | None
    published_from: str
    published_confidence: float | None
    modified: str | None
    language: str | None
    section: str | None
    place: str | None
    origin: str | None
    text: str
    dates: list[TimeDocument]
    versions: list[VersionDocument]


@dataclass(frozen=True)
class ListingDocument:
    """Articles, newest first. `next`, given back as `after`, asks for those behind them; null where these are the last."""

    articles: list[ListedDocument]
    next: str | None


@dataclass(frozen=True)
class OutletDocument:
    name: str
    articles: int
    first: str | None
    last: str | None


@dataclass(frozen=True)
class OutletsDocument:
    outlets: list[OutletDocument]


@dataclass(frozen=True)
class DayDocument:
    day: str
    articles: int


@dataclass(frozen=True)
class DaysDocument:
    days: list[DayDocument]


@dataclass(frozen=True)
class HealthDocument:
    status: Literal["ok", "degraded"]
    articles: int
    chunks: int
    since: str | None
    until: str | None
    notices: list[str]
