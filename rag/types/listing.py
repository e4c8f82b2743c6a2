"""What an archive holds, a page at a time, by outlet and by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.types.article import Source


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Sources, newest first; `next` asks for those that come after them, None where these are the last."""

    sources: tuple[Source, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class OutletTally:
    """How many articles of an outlet there are, and the first and last day of their publication."""

    name: str
    articles: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class DayTally:
    """How many articles were published on a day."""

    day: date
    articles: int
