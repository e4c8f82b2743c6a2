"""A question and the conversation before it to a question that stands alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from rag.errors import DatelineError
from rag.log import log_fault
from rag.protocols import LanguageModel, Reader
from rag.read import Text
from rag.settings import MAX_QUESTION_CHARACTERS
from rag.types import Rewrite, Turn
from rag.understand.followup.asking import ask_model
from rag.understand.followup.conversation import Context
from rag.understand.followup.rules import conversation, stand_alone

logger = logging.getLogger(__name__)

LONGEST_REWRITTEN = 1_000
"""A longer question brings its own context: it is left alone."""


class Rewriter:
    """Makes follow-up questions stand alone. `reader` finds in an earlier answer whom or what it was about; None for rules alone.

    Safe to use from many threads.
    """

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader = reader

    def rewrite(
        self,
        question: str,
        history: Sequence[Turn],
        outlets: Sequence[str] = (),
        model: LanguageModel | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Rewrite:
        """`question` as it would be asked without `history`, by `model` where it does it well, else by rules.

        `outlets` are those of the archive. A question about something new comes back as it is; so does one that leans on the
        conversation where no rule makes a well-formed question of it, with the topic that it is to be searched for `behind`.
        """
        if not history or len(question) > LONGEST_REWRITTEN:
            return Rewrite(question)
        context = conversation(history, outlets, self._find_answer if self._reader else None)
        found = stand_alone(question, context)
        if found is None:
            return Rewrite(question)
        if model is not None and (written := ask_model(model, question, context, cancelled)):
            return Rewrite(written, f"llm:{model.name}")
        if found.text == question or len(found.text) > MAX_QUESTION_CHARACTERS:
            return Rewrite(question, behind=found.behind)
        return Rewrite(found.text, "rules", found.behind)

    def _find_answer(self, question: str, answer: str) -> str | None:
        """The words of an answer that answer its question; None where there are none, or the reader fails."""
        if self._reader is None:
            return None
        try:
            reading = self._reader.read(question, [Text(answer)])[0]
        except DatelineError as error:
            log_fault(logger, f"an earlier answer was not read for the follow-up: {error}")
            return None
        best = reading.spans[0] if reading.spans else None
        return answer[best.start : best.end] if best and best.score > reading.silence else None


__all__ = ["Context", "Rewriter"]
