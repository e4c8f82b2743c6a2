"""Passages as the sentences that an answer can rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from rag.sentences import sentence_spans
from rag.types import Chunk, Passage, Quote

SHORTEST_PART = 4
_SEMICOLON = regex.compile(r";\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence of the passage with the index `passage`, or two beside each other.

    `before` are the sentences that stand before it there.
    """

    passage: int
    quote: Quote
    before: tuple[Quote, ...]
    chunk: Chunk
    parts: tuple[str, ...]
    """Its sentences."""

    @property
    def text(self) -> str:
        return self.quote.text

    @property
    def context(self) -> str:
        return " ".join(quote.text for quote in self.before)


def spans(passages: Sequence[Passage], looked_at: Sequence[int]) -> list[Span]:
    """The sentences of the passages with the indices `looked_at`."""
    found: list[Span] = []
    for index in looked_at:
        chunk = passages[index].chunk
        quotes = [
            Quote(chunk.source, chunk.start + start, chunk.start + end, chunk.text[start:end])
            for sentence in sentence_spans(chunk.text)
            for start, end in _parts(chunk.text, *sentence)
        ]
        found += [Span(index, quote, tuple(quotes[:place]), chunk, (quote.text,)) for place, quote in enumerate(quotes)]
    return found


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence, or its parts between semicolons where each has some words: they say different things of different people."""
    edges = [start, *(start + found.end() for found in _SEMICOLON.finditer(text[start:end])), end]
    parts = [(one, one + len(text[one:other].rstrip())) for one, other in pairwise(edges)]
    whole = any(len(text[one:other].split()) < SHORTEST_PART for one, other in parts) or "“" in text[start:end]
    return [(start, end)] if whole else parts


def pairs(single: Sequence[Span]) -> list[Span]:
    """Each two sentences of `single` that stand beside each other in one paragraph, as one span."""
    return [span for one, other in pairwise(single) if (span := _join(one, other))]


def verbatim(sentence: str, chunks: Sequence[Chunk]) -> Quote | None:
    """The sentence where it stands word for word as whole sentences of one of `chunks`, their last full stop aside."""
    core = sentence.strip().rstrip(".!?")
    for chunk in chunks:
        at = chunk.text.find(core) if core else -1
        if at < 0:
            continue
        edges = sentence_spans(chunk.text)
        end = next((last for _, last in edges if last >= at + len(core)), 0)
        if any(at == first for first, _ in edges) and not chunk.text[at + len(core) : end].strip(".!?"):
            return Quote(chunk.source, chunk.start + at, chunk.start + end, chunk.text[at:end])
    return None


def _join(one: Span, other: Span) -> Span | None:
    first, second = one.quote, other.quote
    if one.passage != other.passage or not other.before or other.before[-1] != first:
        return None
    text = one.chunk.text[first.start - one.chunk.start : second.end - one.chunk.start]
    if len(text.splitlines()) > 1:
        return None
    return Span(one.passage, Quote(first.source, first.start, second.end, text), one.before, one.chunk, (first.text, second.text))
