"""What a question's own words point to: the times, the outlets, and which belongs to which report."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Filters, Scope
from rag.understand.scopes import scopes_asked

TODAY = date(2025, 8, 20)
OUTLETS = (
    "The Daily Lantern",
    "Port Maravel Gazette",
    "Dawn",
    "Fortune",
    "The Age",
    "TechWharf",
    "BNN News",
    "Coast News - Sport",
    "Coast News - Arts",
)
WORDS = st.sampled_from(
    """
    according to the Lantern Gazette Dawn Fortune Age TechWharf BNN Coast News Sport - | ' ’ " , . ? article articles report says
    said by in on at both and while whereas between since before after until from as of May June 2024 2023-11-24 March 3 last
    month week yesterday Friday 1999 or The Daily 's what Does did the one its earlier end 9999 0001 on October 31 onwards
    """.split()  # noqa: SIM905
)


def asked(question: str, *ignored: str) -> tuple[Scope, ...]:
    return scopes_asked(question, TODAY, OUTLETS, ignored)


def days(question: str) -> list[tuple[str, str]]:
    found = [scope.filters for scope in asked(question)]
    return [(str(one.since or ""), str(one.until or "")) for one in found]


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Who fled since the ceasefire in May?", "2025-05-01", ""),
        ("Who fled since the ceasefire in November?", "2024-11-01", ""),
        ("What was sold before 2023?", "", "2022-12-31"),
        ("What was sold until the end of August?", "", "2025-08-31"),
        ("What was sold until the end of September?", "", "2024-09-30"),
        ("What was sold after 3 October 2023?", "2023-10-04", ""),
        ("What was sold as of June?", "", "2025-06-30"),
        ("What was sold between March and June 2024?", "2024-03-01", "2024-06-30"),
        ("What was sold between November and February 2024?", "2023-11-01", "2024-02-29"),
        ("What was sold from June 2025 onwards?", "2025-06-01", ""),
        ("What was sold in the past two weeks?", "2025-08-06", "2025-08-20"),
        ("What was published at '2023-10-04T22:42:00+00:00'?", "2023-10-04", "2023-10-04"),
    ],
)
def test_days(question: str, since: str, until: str) -> None:
    assert days(question) == [(since, until)]


@pytest.mark.parametrize("question", ["What will June Hallam say?", "Who directed 1917?", "What happened the day before?", ""])
def test_words_that_are_no_times(question: str) -> None:
    assert asked(question) == ()


@pytest.mark.parametrize(
    ("question", "words", "outlets"),
    [
        ("What did the Lantern report?", "the Lantern", ["The Daily Lantern"]),
        ("How many came, according to Dawn?", "Dawn", ["Dawn"]),
        ("Who is blamed in The Age’s report?", "The Age", ["The Age"]),
        ("Who is blamed in the 'TechWharf' article?", "TechWharf", ["TechWharf"]),
        ("What does BNN say of it?", "BNN", ["BNN News"]),
        ("What does Coast News say of it?", "Coast News", ["Coast News - Arts", "Coast News - Sport"]),
    ],
)
def test_outlets_as_sources(question: str, words: str, outlets: list[str]) -> None:
    (scope,) = asked(question)
    assert (scope.words, sorted(scope.filters.outlets), scope.about) == ((words,), outlets, "")


@pytest.mark.parametrize(
    "question",
    [
        "Who fled at dawn?",
        "Who left a fortune?",
        "What does the age of the bridge say about its builders?",
        "Who owns the Gazette?",
        "How many people work for BNN News?",
        "What did Dawn Harker say?",
        "According to the Evening Lantern-Post, who won?",
        "According to the Brannoch Herald, who won?",
    ],
)
def test_words_that_are_no_sources(question: str) -> None:
    assert asked(question) == ()


def test_a_short_name_of_two_papers_names_neither() -> None:
    assert scopes_asked("What did the Lantern say?", TODAY, ("Hale Lantern", "Velmara Lantern")) == ()
    assert len(scopes_asked("What did the Hale Lantern say?", TODAY, ("Hale Lantern", "Velmara Lantern"))) == 1


def test_each_report_has_its_outlet_its_days_and_its_part() -> None:
    first, second = asked(
        "Does the Dawn article of 24 May 2024 claim that the dam is safe, while the Fortune article of May 26, 2024 finds cracks?"
    )
    assert first.filters == Filters(date(2024, 5, 24), date(2024, 5, 25), ("Dawn",))
    assert second.filters == Filters(date(2024, 5, 26), date(2024, 5, 27), ("Fortune",))
    assert "safe" in first.about
    assert "cracks" not in first.about
    assert "cracks" in second.about
    assert "safe" not in second.about


def test_a_second_article_of_the_same_outlet_is_a_report() -> None:
    found = asked("Has the toll in the Gazette changed between its article of 4 May 2024 and the one on 11 May 2024?")
    assert [scope.filters.since for scope in found] == [date(2024, 5, 4), date(2024, 5, 11)]
    assert {scope.filters.outlets for scope in found} == {("Port Maravel Gazette",)}


def test_a_list_of_outlets_shares_the_whole_question() -> None:
    found = asked("Who, according to both Dawn and TechWharf, won the prize?")
    assert [(scope.filters.outlets, scope.about) for scope in found] == [(("Dawn",), ""), (("TechWharf",), "")]


def test_words_can_be_ignored() -> None:
    question = "What did the Lantern report last month?"
    (whole,) = asked(question)
    assert whole.words == ("the Lantern", "last month")
    (timed,) = asked(question, "the lantern")
    assert timed.filters == Filters(date(2025, 7, 1), date(2025, 8, 1))
    (named,) = asked(question, "last month")
    assert named.filters == Filters(outlets=("The Daily Lantern",))
    assert asked(question, *whole.words) == ()


@given(st.lists(WORDS, max_size=40).map(" ".join), st.dates(date(1700, 1, 1), date(2100, 1, 1)))
def test_scopes_are_of_the_question_and_not_empty(question: str, today: date) -> None:
    found = scopes_asked(question, today, OUTLETS)
    assert found == scopes_asked(question, today, OUTLETS)
    assert len(set(found)) == len(found)
    for scope in found:
        assert scope.words
        assert scope.filters
        assert all(words in question for words in scope.words)
        assert scope.about in question
        assert set(scope.filters.outlets) <= set(OUTLETS)
        assert not (scope.filters.since and scope.filters.before) or scope.filters.since < scope.filters.before


@given(st.text(max_size=200), st.dates(), st.lists(st.text(max_size=30), max_size=5))
def test_no_text_breaks_it(question: str, today: date, outlets: list[str]) -> None:
    for scope in scopes_asked(question, today, outlets):
        assert all(words in question for words in scope.words)


@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_ignoring_what_was_found_leaves_less(question: str) -> None:
    found = asked(question)
    left = asked(question, *(words for scope in found for words in scope.words))
    assert not {words for scope in left for words in scope.words} & {words for scope in found for words in scope.words}


@pytest.mark.parametrize(
    "question",
    [
        "Who lives in the USA?",
        "What was seen in Dimensions in Dawn?",
        "Which Friday the 13th film was best?",
        "What was sold in the next two weeks by Dawn?",
    ],
)
def test_an_abridged_name_of_a_place_and_a_time_in_a_name_are_left_alone(question: str) -> None:
    found = scopes_asked(question, TODAY, ("USA News", "Dawn"))
    assert not any(scope.filters.dated and scope.filters.outlets for scope in found)
    assert not any("USA" in word or "Friday" in word for scope in found for word in scope.words)


def test_ends_that_contradict_each_other_leave_the_first() -> None:
    assert days("What was sold since May 2024 or before 2023?") == [("2024-05-01", "")]


def test_times_that_overlap_come_to_what_they_share() -> None:
    assert days("Who was named to this year's team this week?") == [("2025-08-18", "2025-08-24")]


def test_of_a_long_question_only_its_end_is_read() -> None:
    long = "from March it " * 300 + "what changed?"
    assert scopes_asked(long, date(2024, 6, 3), ()) == scopes_asked(" ".join(long.split()[-80:]), date(2024, 6, 3), ())
    ending = "what of the harbour wall and the cranes " * 60 + "in March 2024?"
    assert [scope.words for scope in scopes_asked(ending, date(2024, 6, 3), ())] == [("March 2024",)]
    front = "in March 2024 " + "what of the harbour wall and the cranes " * 60
    assert scopes_asked(front, date(2024, 6, 3), ()) == ()
