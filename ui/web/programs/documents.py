"""The documents that programs get, as types, for the OpenAPI document. `ui.render` makes them; a test holds the two together.

Keys are added over time, never renamed or removed. What is not known is null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from rag.forms import Form
from ui.web.programs.part_documents import PartDocument


@dataclass(frozen=True)
class Problem:
    """What went wrong, and what to do next."""

    detail: str


@dataclass(frozen=True)
class SourceDocument:
    article_id: str
    title: str
    outlet: str | None
    published: str | None


@dataclass(frozen=True)
class TimeDocument:
    """A time that a text names, and the days that it means, both included. Offsets count characters of the article."""

    start: int
    end: int
    text: str
    first: str
    last: str
    rule: str
    means: str


@dataclass(frozen=True)
class CopyDocument(SourceDocument):
    url: str | None
    kind: Literal["exact", "near"]


@dataclass(frozen=True)
class CitationDocument(SourceDocument):
    """A quote: the article's characters from `start` to `end` are exactly `quote`."""

    number: int
    url: str | None
    start: int
    end: int
    quote: str
    dates: list[TimeDocument]
    copies: list[CopyDocument]


@dataclass(frozen=True)
class PassageDocument(SourceDocument):
    """Characters of an article that retrieval found; a higher score is better."""

    start: int
    end: int
    score: float
    text: str


@dataclass(frozen=True)
class SentenceDocument:
    text: str
    citations: list[int]
    support: float


@dataclass(frozen=True)
class StruckDocument:
    """A sentence of a language model that no source carries."""

    text: str
    reason: str
    check: str | None
    after: int


@dataclass(frozen=True)
class FiltersDocument:
    since: str | None
    until: str | None
    outlets: list[str]


@dataclass(frozen=True)
class InferredDocument(FiltersDocument):
    """Words of the question that were taken for a time or an outlet, and what they mean."""

    words: list[str]
    about: str
    means: str


@dataclass(frozen=True)
class CorroborationDocument:
    independent_outlets: int
    articles: int


@dataclass(frozen=True)
class ModelDocument:
    """What a language model was given and did."""

    model: str
    passages: int
    left_out: int
    invalid_markers: int
    error: str | None


@dataclass(frozen=True)
class AnswerDocument:
    """An answer, or an abstention with its `reason` and `cause`. `confidence` and `support` are shares from 0 to 1."""

    id: Any
    question: str
    standalone_question: str
    rewritten_by: str | None
    inferred: list[InferredDocument]
    status: Literal["answered", "abstained"]
    reason: str | None
    cause: str | None
    text: str
    short_answer: str | None
    sentences: list[SentenceDocument]
    struck: list[StruckDocument]
    show_struck: bool
    citations: list[CitationDocument]
    confidence: float
    corroboration: CorroborationDocument | None
    as_of: str | None
    filters: FiltersDocument
    passages: list[PassageDocument]
    mode: str
    llm: ModelDocument | None
    notices: list[str]
    form: Form
    parts: list[PartDocument]
    timings_ms: dict[str, float]


@dataclass(frozen=True)
class HitsDocument:
    """Passages, best first."""

    id: Any
    question: str
    filters: FiltersDocument
    hits: list[PassageDocument]
