"""Questions as typed: cleaned, and made to stand alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.settings import MAX_QUESTION_CHARACTERS
from rag.types import Turn
from rag.understand import clean, stand_alone


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


HISTORY = (
    Turn("user", "Who won the Northgate election?"),
    Turn("assistant", "Ada Brook won it."),
    Turn("user", "By how much did she win?"),
)


@pytest.mark.parametrize(
    "question", ["And in June?", "When did she resign?", "Why?", "What about the runner-up?", "Who advised them?"]
)
def test_a_follow_up_is_read_behind_the_last_question_that_stood_alone(question: str) -> None:
    assert stand_alone(question, HISTORY) == f"Who won the Northgate election? {question}"


@pytest.mark.parametrize("question", ["When did the ferry to Port Amberline sink?", "How many dams were inspected in 2024?"])
def test_a_new_topic_is_left_alone(question: str) -> None:
    assert stand_alone(question, HISTORY) == question


def test_without_history_a_follow_up_is_asked_as_it_is() -> None:
    assert stand_alone("And in June?", ()) == "And in June?"
    assert stand_alone("And in June?", (Turn("assistant", "Hello"),)) == "And in June?"
    assert stand_alone("And in June?", (Turn("user", "And in May?"),)) == "And in May? And in June?"
