"""An archive of one's own to add to, asked by parts that need no model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rag.archive import Archive
from rag.parts import Parts
from rag.pipeline import Rag
from rag.settings import load_settings
from rag.types import Article, Claim, Draft, Passage, Question, Quote
from tests.fakes import HashEmbedder


class Quoting:
    """Quotes every passage, however little it answers."""

    mode = "extractive"

    def least_confidence(self, max_risk: float | None = None) -> float:
        return max_risk or 0.0

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        del question, articles
        quotes = [Quote(each.chunk.source, each.chunk.start, each.chunk.end, each.chunk.text) for each in passages]
        yield Draft(tuple(Claim(quote.text, (quote,), 0.9) for quote in quotes), 0.9)


@contextmanager
def own_archive(directory: Path, busy_timeout: float = 30.0) -> Iterator[Rag]:
    settings = load_settings(index=directory, busy_timeout=busy_timeout)
    with Rag(Parts(Archive.open(directory, create=True), HashEmbedder(), Quoting()), settings) as rag:
        yield rag
