"""A follow-up ("And in June?", "Who is he?") is read together with the question before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.protocols import LanguageModel
from rag.read import Reader
from rag.settings import MAX_QUESTION_CHARACTERS
from rag.types import Rewrite, Turn
from rag.understand.checked import clean

REMEMBERED_TURNS = 6
FOLLOW_UP = re.compile(
    r"^(and|but|or|so|what about|how about|why|how so|since when|where|when|who|which ones?)\b[^\w]*$"
    r"|^(and|but|so|or|what about|how about)\b"
    r"|\b(he|him|his|she|her|hers|they|them|their|theirs|it|its|this|that|these|those|there|then)\b"
    r"|\bthe (?:same|other|former|latter)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w’'-]+")


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """`question` itself, or behind the last question that stood alone when it is a follow-up."""
    if not is_follow_up(question):
        return question
    asked = [turn.content for turn in history[-REMEMBERED_TURNS:] if turn.role == "user" and turn.content.strip()]
    for earlier in reversed(asked):
        if not is_follow_up(earlier):
            return f"{clean(earlier[:MAX_QUESTION_CHARACTERS])} {question}"
    return f"{clean(asked[0][:MAX_QUESTION_CHARACTERS])} {question}" if asked else question


def is_follow_up(question: str) -> bool:
    """Whether the question leans on an earlier one: it opens with "and", or says "he" or "it" and names nobody."""
    leans = FOLLOW_UP.search(question) is not None
    return leans and (NAME.search(question) is None or question.lower().startswith(("and ", "what about ", "how about ")))


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

        `outlets` are those of the archive. A question about something new comes back as it is.
        """
        del outlets, model, cancelled
        text = stand_alone(question, history)
        return Rewrite(text, None if text == question else "rules")
