"""What can be asked at all: a question is made fit to be read, or refused."""

from __future__ import annotations

import unicodedata

from rag.errors import UsageError
from rag.settings import MAX_QUESTION_CHARACTERS


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
