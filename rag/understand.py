"""Understanding: a question as typed becomes one that stands alone.

A follow-up ("And in June?", "Who is he?") is read together with the question before it. Non-goals, for now: rewriting its words,
and dates or outlets named in the question's own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.errors import UsageError
from rag.settings import MAX_QUESTION_CHARACTERS
from rag.types import Turn

REMEMBERED_TURNS = 6
FOLLOW_UP = re.compile(
    r"^(and|but|or|so|what about|how about|why|how so|since when|where|when|who|which ones?)\b[^\w]*$"
    r"|^(and|but|so|or|what about|how about)\b"
    r"|\b(he|him|his|she|her|hers|they|them|their|theirs|it|its|this|that|these|those|there|then)\b"
    r"|\bthe (?:same|other|former|latter)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w’'-]+")


def clean(text: str) -> str:
    """The question without control characters and blank ends. Raises UsageError when nothing is left or it is too long."""
    if len(text) > MAX_QUESTION_CHARACTERS:
        raise UsageError(f"the question has {len(text):,} characters; ask in at most {MAX_QUESTION_CHARACTERS:,}")
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    kept = "".join(" " if unicodedata.category(character) == "Cc" else character for character in encodable)
    if not (question := " ".join(kept.split())):
        raise UsageError("the question is empty; write what you want to know")
    return question


def check_risk(max_risk: float | None) -> None:
    """Raises UsageError for what is no share between 0 and 1, both excluded."""
    if max_risk is not None and not 0 < max_risk < 1:
        raise UsageError(f"max_risk is {max_risk}; give a share between 0 and 1, for example 0.1")


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
