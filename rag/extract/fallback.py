"""One answerer behind another: where the first fails for want of its model, the second answers and a notice says so."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.errors import ModelError
from rag.log import log_fault
from rag.protocols import Answerer
from rag.types import Article, Draft, Passage, Question

logger = logging.getLogger(__name__)


class WithFallback:
    """Asks `first`, and `second` when that raises ModelError before its first draft. Drafts are judged as their maker's."""

    def __init__(self, first: Answerer, second: Answerer) -> None:
        self._first = first
        self._second = second

    @property
    def mode(self) -> str:
        return self._first.mode

    def least_confidence(self, max_risk: float | None = None) -> float:
        return self._first.least_confidence(max_risk)

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        told = False
        try:
            for draft in self._first.draft(question, passages, articles):
                told = True
                yield draft
        except ModelError as error:
            if told:
                raise
            notice = f"Answered by likeness of words, without the reader: {error}."
            log_fault(logger, notice)
            least = self._second.least_confidence(question.max_risk)
            for draft in self._second.draft(question, passages, articles):
                yield replace(draft, least=least, notices=(*draft.notices, notice))
