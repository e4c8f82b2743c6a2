"""What is exact in a sentence and in the span it is held against: times, numbers, names, speakers, quoted words."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from rag.english.names import Name, names
from rag.english.negation import Polarity, polarity
from rag.english.numbers import Number, numbers
from rag.english.reporting import Saying, sayings
from rag.english.stems import Stems
from rag.types import Mention, Source
from rag.verify.dates import times
from rag.verify.evidence import Span
from rag.verify.relations import Relations, relations

QUOTED = regex.compile(r"“([^”]+)”|\"([^\"]+)\"|(?<!\p{L})‘([^’]+(?:’\p{L}[^’]*)*)’(?!\p{L})")
_SPACED = regex.compile(r"\s+(?=[,.;:!?’])(?![.,]\d)")
"""Blanks before punctuation, which some archives have."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is exact in a text: times, numbers that are no times, names, who says something, words in quotation marks."""

    text: str
    times: tuple[Mention, ...]
    numbers: tuple[Number, ...]
    names: tuple[Name, ...]
    sayings: tuple[Saying, ...]
    quoted: tuple[str, ...]
    polarity: Polarity
    relations: Relations


def facts(text: str, source: Source, known: frozenset[str], stems: Stems) -> Facts:
    """The facts of `text`, times told from the day of `source`; `known` are words that are known to be of names."""
    text = _SPACED.sub("", text)
    dated = times(text, source)
    apart = [(mention.start, mention.end) for mention in dated]
    return Facts(
        text, dated, tuple(numbers(text, apart)), tuple(names(text, known=known)), tuple(sayings(text, tuple(known))),
        tuple(next(group for group in found.groups() if group) for found in QUOTED.finditer(text)),
        polarity(text, stems), relations(text, known, stems),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """A span with its facts, and those of what stands around it: the passage before it, its title, its outlet."""

    span: Span
    facts: Facts
    before: tuple[Name, ...]
    around: frozenset[str]
    """The folded words of names in the title, the outlet, and among the authors."""
    known: frozenset[str]
    outlet: frozenset[str]
    """Those of the outlet and the authors alone."""
    whole: Relations
    """Those of the whole passage."""
