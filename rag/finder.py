"""A question to the passages that its answer is made from, and the articles that they stand in."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from rag.cite import is_exact
from rag.clock import Clock
from rag.errors import ModelError
from rag.log import log_fault
from rag.parts import Parts
from rag.retrieve import Retriever
from rag.types import Article, Passage, Question, Quote

logger = logging.getLogger(__name__)

READINGS = 3
"""How often passages and their articles are read when an ingest comes between the two."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Passages, best first, and by id the articles that they stand in."""

    passages: tuple[Passage, ...]
    articles: dict[str, Article]


class Finder:
    """Finds in an archive; `count` is how many passages an answer is made from."""

    def __init__(self, parts: Parts, count: int) -> None:
        self._parts = parts
        self._count = count

    def find(self, question: Question, clock: Clock | None = None) -> Retrieval:
        """The passages that an answer is made from, and the articles that they stand in.

        Those that an ingest changes in between are sought again.
        """
        for _ in range(READINGS):
            passages = self.retrieve(question, self._count, clock)
            articles = self._parts.archive.catalog.articles(list(dict.fromkeys(passage.chunk.source.id for passage in passages)))
            standing = tuple(passage for passage in passages if _stands(passage, articles))
            if len(standing) == len(passages):
                break
        return Retrieval(standing, articles)

    def retrieve(self, question: Question, k: int, clock: Clock | None = None) -> list[Passage]:
        """The best `k` passages, best first, reranked where there is a reranker."""
        archive, parts, clock = self._parts.archive, self._parts, clock or Clock()
        archive.keep_up()
        retriever = Retriever(
            parts.embedder, archive.dense, archive.lexical, archive.catalog.chunks, groups=archive.catalog.groups,
            naming=archive.catalog.naming,
        )  # fmt: skip
        depth = max(k, parts.reranker.depth) if parts.reranker else k
        found = retriever.retrieve(question.sought, depth, question.filters, question.as_of, question.scopes)
        clock.mark("retrieve")
        if parts.reranker:
            try:
                found = parts.reranker.rerank(question.sought, found)
            except ModelError as error:
                log_fault(logger, f"passages stay in the order of the search, since they could not be reranked: {error}")
            clock.mark("rerank")
        return found[:k]

    def cut(self, question: Question) -> Question:
        """The question with the archive as it was on the day that it is asked as of; what was published later is not read."""
        days = self._parts.archive.catalog.days()
        if question.as_of is None or not days or days[1] <= question.as_of:
            return question
        end, filters = question.as_of + timedelta(days=1), question.filters
        return replace(question, filters=replace(filters, before=min(filters.before or end, end)))


def _stands(passage: Passage, articles: Mapping[str, Article]) -> bool:
    chunk = passage.chunk
    return is_exact(Quote(chunk.source, chunk.start, chunk.end, chunk.text), articles)
