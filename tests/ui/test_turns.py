"""Which answer a page waits for, and what it is turned to meanwhile."""

from __future__ import annotations

from ui.web.conversation import Conversation
from ui.web.turns import Turns

OTHER = Conversation(id="other")


def test_an_answer_in_progress_turns_the_page_itself() -> None:
    turns = Turns(sessions=2)
    progress = turns.begin("page")
    assert turns.shows("page", progress)
    assert turns.turn("page", OTHER, "words")
    assert progress.ended.is_set()
    assert not turns.shows("page", progress)
    assert progress.take() == (OTHER, "words")
    assert progress.take() is None


def test_without_an_answer_in_progress_whoever_turns_the_page_does_it() -> None:
    turns = Turns(sessions=2)
    assert not turns.turn("page", OTHER, "")
    turns.finish("page", turns.begin("page"))
    assert not turns.turn("page", OTHER, "")


def test_only_the_last_wish_counts() -> None:
    turns = Turns(sessions=2)
    progress = turns.begin("page")
    turns.turn("page", OTHER, "")
    turns.turn("page", Conversation(id="last"), "")
    assert progress.take() == (Conversation(id="last"), "")


def test_a_second_question_ends_the_answer_before_it() -> None:
    turns = Turns(sessions=2)
    first = turns.begin("page")
    second = turns.begin("page")
    assert first.ended.is_set()
    assert not turns.shows("page", first)
    turns.finish("page", first)
    assert turns.shows("page", second)


def test_stopping_leaves_the_answer_shown() -> None:
    turns = Turns(sessions=2)
    progress = turns.begin("page")
    turns.stop("page")
    turns.stop("another page")
    assert progress.ended.is_set()
    assert turns.shows("page", progress)


def test_what_was_begun_before_a_turn_can_be_told() -> None:
    turns = Turns(sessions=2)
    before = turns.count("page")
    turns.turn("page", OTHER, "")
    assert turns.count("page") != before


def test_the_counts_of_few_pages_are_kept() -> None:
    turns = Turns(sessions=2)
    for page in ("first", "second", "third"):
        turns.turn(page, OTHER, "")
    assert [turns.count(page) for page in ("first", "second", "third")] == [0, 1, 1]
