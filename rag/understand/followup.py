"""A follow-up ("And in June?", "Who is he?") is read together with the question before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.settings import MAX_QUESTION_CHARACTERS
from rag.types import Turn
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
