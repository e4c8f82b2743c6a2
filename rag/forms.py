"""The form of an answer: what kind of thing a question wants, and the typed parts that an answer of each form is made of.

Parts name the citations of their answer by number. A quote in one is words of an article, as its citation has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Form = Literal[
    "fact", "list", "count", "yes/no", "reason", "quotation", "person", "latest", "change", "timeline", "briefing", "comparison",
    "archive", "talk",
]  # fmt: skip
"""What a question wants: one fact, several of a kind, a number, yes or no, a reason, somebody's words, who somebody is, the
newest state, how something has changed, events by day, an account of a story, what outlets say beside each other, something about
the archive itself, or nothing that is to be looked up at all."""
FORMS: tuple[Form, ...] = get_args(Form)

Place = Literal["lead", "development", "difference", "open", "quotation", "introduction", "verdict", "more", "answer"]
"""What a line is in its answer: the lead of a briefing, a development, a difference between sources, a question that the articles
leave open, somebody's words, who somebody is, what a yes or no rests on, another line of the same articles, or what answers the
one of several questions that is its `label`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an answer: a quote, and `label`, who speaks in it or what it is about where that is known."""

    place: Place
    quote: str
    citations: tuple[int, ...]
    outlets: tuple[str, ...] = ()
    day: date | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Development:
    """Something that happened on `first <= day < before`; `told` says that the article names the day, and not only its own."""

    first: date
    before: date
    told: bool
    quote: str
    citations: tuple[int, ...]
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, as `value` is written in `quote`, of the days that it describes, or was reported on.

    `state` is how it stands to the others: it is the latest, an earlier one, or one of several for the same time. `because` are
    words of the quote that say so ("rose to"), `label` who gives it.
    """

    value: str
    state: Literal["latest", "earlier", "disputed"]
    quote: str
    citations: tuple[int, ...]
    outlets: tuple[str, ...] = ()
    described: date | None = None
    reported: date | None = None
    label: str | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """What one source says, in quotes; `label` is the outlet, or whom it names as its source."""

    label: str
    quotes: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """What sources say beside each other: the same (`both`), only one of them (`only`), or different things (`differ`)."""

    kind: Literal["both", "only", "differ"]
    about: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts and names from the catalog, one row each."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much an account rests on: so many articles and independent outlets, published from `first` to `last`."""

    articles: int
    outlets: int
    first: date | None = None
    last: date | None = None


Part = Row | Development | Figure | Contrast | Table | Coverage
