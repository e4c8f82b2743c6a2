"""Passages as the sentences that an answer can rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.sentences import sentence_spans
from rag.types import Passage, Quote


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence of the passage with the index `passage`; `before` are the sentences that stand before it there."""

    passage: int
    quote: Quote
    before: tuple[Quote, ...]

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
            for start, end in sentence_spans(chunk.text)
        ]
        found += [Span(index, quote, tuple(quotes[:place])) for place, quote in enumerate(quotes)]
    return found
