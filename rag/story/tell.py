"""What a step tells, and how its quotes become numbered citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rag.cite import is_exact
from rag.forms import Form, Part
from rag.types import Answer, Article, Citation, Passage, Quote, Sentence


@dataclass(frozen=True, slots=True)
class StoryAnswer:
    """An answer in one of the story forms: its sentences, what they cite, and the typed parts.

    A sentence without citations is the archive's own account of itself, or talk.
    """

    form: Form
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...] = ()
    parts: tuple[Part, ...] = ()
    short_answer: str | None = None
    confidence: float = 1.0
    notices: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()


class Footnotes:
    """Numbers quotes 1, 2, 3 in the order in which they are first cited, one number for one span.

    A quote that is not the exact slice of its article gets no number.
    """

    def __init__(self, articles: Mapping[str, Article]) -> None:
        self._articles = articles
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._citations: list[Citation] = []

    def cite(self, quotes: Sequence[Quote]) -> tuple[int, ...]:
        """The numbers of those quotes that are exact."""
        return tuple(self._number(quote) for quote in quotes if is_exact(quote, self._articles))

    def _number(self, quote: Quote) -> int:
        span = (quote.source.id, quote.start, quote.end)
        if span not in self._numbers:
            self._numbers[span] = len(self._citations) + 1
            self._citations.append(Citation(self._numbers[span], quote.source, quote.start, quote.end, quote.text))
        return self._numbers[span]

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._citations)


def as_answer(empty: Answer, told: StoryAnswer) -> Answer:
    """What is told as an answer to the question of `empty`.

    How sure it is was fitted to no answers that were read, unless it is the archive's own account: its confidence is to be shown
    nowhere.
    """
    return replace(
        empty, status="answered", reason=None, cause=None, sentences=told.sentences, short_answer=told.short_answer,
        citations=told.citations, confidence=told.confidence, form=told.form, parts=told.parts,
        passages=told.passages or empty.passages, notices=(*empty.notices, *told.notices),
        calibrated=empty.calibrated and not told.citations,
    )  # fmt: skip


def day_of(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
