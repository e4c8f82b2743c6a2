"""What retrieval finds: slices of articles, and exact words of them."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types.article import Source


@dataclass(frozen=True, slots=True)
class Chunk:
    """An exact slice of an article, made of whole sentences: `text == article.text[start:end]`."""

    source: Source
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        return f"{self.source.id}#{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that retrieval found, and how well it fits the question (higher is better)."""

    chunk: Chunk
    score: float


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article: `article.text[start:end] == text`."""

    source: Source
    start: int
    end: int
    text: str
