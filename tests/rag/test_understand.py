"""Questions as typed, cleaned or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.settings import MAX_QUESTION_CHARACTERS
from rag.understand import clean


@pytest.mark.parametrize("text", ["", "   ", "\x00\x00", "\n\t\r"])
def test_a_question_without_words_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        clean(text)


def test_a_question_that_is_too_long_is_refused() -> None:
    with pytest.raises(UsageError, match="20,000"):
        clean("x" * (MAX_QUESTION_CHARACTERS + 1))


@given(st.text(st.characters(codec=None), max_size=50))
def test_a_cleaned_question_can_always_be_encoded(text: str) -> None:
    try:
        question = clean(text)
    except UsageError:
        return
    question.encode("utf-8")
    assert "\x00" not in question
    assert question == clean(question)
