"""The sources of an answer as a reader sees them: one card an article, with the several quotes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rag.english.datelines import DATELINE
from rag.types import Answer, Citation, Copy, Mention, Passage, Source

NEAREST = 6
SNIPPET_CHARACTERS = 220


@dataclass(frozen=True, slots=True)
class Card:
    """An article with what is quoted of it, in the order of the numbers."""

    source: Source
    citations: tuple[Citation, ...]

    @property
    def copies(self) -> tuple[Copy, ...]:
        """The other articles that tell the same text."""
        return tuple({copy.source.id: copy for cited in self.citations for copy in cited.copies}.values())


def cards(answer: Answer) -> list[Card]:
    """The cited articles, each once, in the order in which they are first cited."""
    cited: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        cited.setdefault(citation.source.id, []).append(citation)
    return [Card(citations[0].source, tuple(citations)) for citations in cited.values()]


def nearest(answer: Answer | None) -> list[tuple[int, Passage]]:
    """The best passage of each article under an abstention, with its place among the answer's passages."""
    if answer is None or answer.status == "answered":
        return []
    best: dict[str, tuple[int, Passage]] = {}
    for place, passage in enumerate(answer.passages):
        best.setdefault(passage.chunk.source.id, (place, passage))
    return list(best.values())[:NEAREST]


def bare(text: str) -> str:
    """Words of an article without the place and the agency that stand before a report; the article keeps them."""
    found = DATELINE.match(text)
    return text[found.end() :] if found and found.end() < len(text) else text


def bare_parts(citation: Citation) -> list[tuple[str, Mention | None]]:
    """The quote in parts, each that ends with a time together with that time, without a dateline at its front."""
    left = len(citation.quote) - len(bare(citation.quote))
    parts: list[tuple[str, Mention | None]] = []
    for words, time in citation.dated_parts:
        if len(words) > left:
            parts.append((words[left:], time))
        left = max(0, left - len(words))
    return parts


def snippet(passage: Passage) -> str:
    """The beginning of a passage, without the title that stands above it and the dateline."""
    words = " ".join(passage.chunk.text.split())
    title = " ".join(passage.chunk.source.title.split())
    if title and words.startswith(title):
        words = words[len(title) :].lstrip(" .:–—-")
    words = bare(words)
    return words if len(words) <= SNIPPET_CHARACTERS else words[:SNIPPET_CHARACTERS].rsplit(" ", 1)[0] + " …"


def days(answer: Answer) -> tuple[date, date] | None:
    """The first and the last day on which what is cited was published."""
    known = [day_of(citation.source) for citation in answer.citations]
    told = sorted(day for day in known if day)
    return (told[0], told[-1]) if told else None


def day_of(source: Source) -> date | None:
    return source.published.date() if isinstance(source.published, datetime) else source.published


def list_outlets(answer: Answer) -> Sequence[str]:
    """The outlets of what is cited, each once."""
    return list(dict.fromkeys(citation.source.outlet for citation in answer.citations if citation.source.outlet))
