"""A question asked again as a click under its answer wants it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.errors import UsageError
from rag.request import read_question
from rag.types import Filters
from tests.ui.newsroom import Newsroom
from ui.render import scope_in_words
from ui.web.again import again
from ui.web.conversation import Exchange

GIVEN = read_question(
    {
        "question": "Typed since?", "history": [{"role": "user", "content": "Before?"}], "since": "2023",
        "outlets": ["Kestrel Bay News"], "llm": "none", "insist": True,
    }
)  # fmt: skip


def exchange(question: str) -> Exchange:
    return Exchange(1, question, Newsroom().ask(question), working=False)


def test_at_its_word() -> None:
    asked = again(exchange("And in March?"), {"wish": "literal"}, GIVEN)
    assert (asked.text, asked.literal, asked.history) == ("And in March?", True, ())
    assert (asked.filters, asked.llm, asked.insist) == (GIVEN.filters, "none", True)


def test_without_what_was_inferred_and_what_has_been_taken_back_before() -> None:
    newsroom = Newsroom()
    answer = newsroom.ask("And in March?")
    before = Exchange(1, "And in March?", newsroom.ask("And in March?", ignored=("the strike",)), working=False)
    assert answer.understood.scopes
    asked = again(before, {"wish": "without", "scope": "0"}, GIVEN)
    assert asked.text == "What about in March?"
    assert asked.ignored == ("the strike", "in March", "the Courier")


def test_limited_to_what_was_inferred() -> None:
    asked = again(exchange("And in March?"), {"wish": "only", "scope": "0"}, GIVEN)
    assert asked.filters == Filters(date(2024, 3, 1), date(2024, 4, 1), ("The Amberline Courier",))
    assert asked.history == ()


def test_once_more_as_it_was_asked() -> None:
    answer = Newsroom().ask("And in March?", since="2024", outlets=("Kestrel Bay News",))
    before = Exchange(1, "And in March?", answer, working=False)
    asked = again(before, {"wish": "retry"}, GIVEN)
    assert (asked.text, asked.filters, asked.history) == ("What about in March?", answer.question.filters, ())
    failed = Exchange(1, "And in March?", error="it failed", working=False)
    assert again(failed, {"wish": "retry"}, GIVEN) == replace(GIVEN, text="And in March?")


def test_without_any_limit() -> None:
    before = Exchange(1, "And in March?", Newsroom().ask("And in March?", since="2024"), working=False)
    assert again(before, {"wish": "everywhere"}, GIVEN).filters == Filters()


@pytest.mark.parametrize("scope", [None, "1", "-1", "x", "9" * 30, {"a": 1}])
def test_what_is_not_there_is_refused(scope: object) -> None:
    with pytest.raises(UsageError, match="Ask it anew"):
        again(exchange("And in March?"), {"wish": "only", "scope": scope}, GIVEN)
    with pytest.raises(UsageError, match="Ask it anew"):
        again(None, {"wish": "literal"}, GIVEN)


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(date(2024, 3, 1), date(2024, 4, 1)), "March 2024"),
        (Filters(date(2024, 3, 4)), "since 4 March 2024"),
        (Filters(before=date(2024, 3, 4), outlets=("A", "B")), "A or B, until 3 March 2024"),
        (Filters(outlets=("A",)), "A"),
        (Filters(), ""),
    ],
)
def test_scopes_in_words(filters: Filters, words: str) -> None:
    assert scope_in_words(filters) == words
