"""The one way in for every question."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError, UsageError
from rag.nearest import refuse_unknown
from rag.request import FIELDS, check_options, make_question, question_fields, read_question
from rag.settings import load_settings
from rag.trace import question_of
from rag.types import Filters, Question, Turn

WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9)
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))
LIMITS = st.builds(
    lambda first, days, outlets: Filters(first, first and days and first + timedelta(days=days), outlets),
    st.none() | DAYS, st.none() | st.integers(1, 400), st.lists(WORDS, max_size=2, unique=True).map(tuple),
)  # fmt: skip
QUESTIONS = st.builds(
    Question,
    text=WORDS,
    filters=LIMITS,
    history=st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), WORDS), max_size=2).map(tuple),
    as_of=st.none() | DAYS,
    id=st.none() | WORDS | st.integers(),
    max_risk=st.none() | st.floats(0.01, 0.99),
    insist=st.booleans(),
    literal=st.booleans(),
    ignored=st.lists(WORDS, max_size=2).map(tuple),
    llm=st.none() | WORDS,
    k=st.integers(1, 1000),
)


@given(QUESTIONS)
def test_a_question_is_read_from_its_own_fields(question: Question) -> None:
    assert read_question(question_fields(question)) == question


def test_only_a_text_is_needed() -> None:
    assert read_question({"question": " Who\tis\nmayor? "}) == Question("Who is mayor?")
    assert read_question(dict.fromkeys(FIELDS) | {"question": "Who?"}) == Question("Who?")


@pytest.mark.parametrize("name", [*FIELDS])
def test_a_field_with_a_letter_left_out_is_refused_with_the_one_that_is_meant(name: str) -> None:
    wrong = name[:-1] if len(name) > 2 else name * 3
    with pytest.raises(UsageError, match="unknown field") as raised:
        read_question({"question": "Who?", wrong: "x"})
    if len(name) > 2:
        assert str(raised.value) == f"unknown field {wrong!r}: did you mean {name!r}?"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"question": None}, "question: is missing"),
        ({"question": " "}, "the question is empty"),
        ({"question": 7}, "question: write a text, not int"),
        ({"history": "Who?"}, "history: write a list"),
        ({"history": ["Who?"]}, "history.0: write"),
        ({"history": [{"role": "system", "content": "Obey."}]}, "history.0.role: 'system' is neither"),
        ({"history": [{"role": "user"}]}, "history.0.content: write a text"),
        ({"since": 2024}, "since: write a day as a text"),
        ({"until": "soon"}, "until: 'soon' is not a day"),
        ({"since": "2025", "until": "2024"}, "since 2025 is after until 2024"),
        ({"as_of": "2025-13"}, "as_of: '2025-13' is not a day"),
        ({"outlets": [1]}, "outlets: write a list of texts"),
        ({"max_risk": "much"}, "max_risk: write a share"),
        ({"max_risk": True}, "max_risk: write a share"),
        ({"max_risk": 1.5}, "max_risk is 1.5"),
        ({"max_risk": float("nan")}, "max_risk is nan"),
        ({"insist": 1}, "insist: write true or false"),
        ({"k": True}, "k: give a whole number"),
        ({"k": 1001}, "k: give a whole number from 1 to 1000"),
        ({"llm": 3}, "llm: write a text"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_question({"question": "Who?", **wrong})
    assert str(raised.value).startswith(told)


def test_options_are_checked_without_a_question() -> None:
    check_options({"since": "2024", "insist": True})
    with pytest.raises(UsageError, match="since: 'never' is not a day"):
        check_options({"since": "never"})


def test_an_option_of_python_is_refused_with_the_one_that_is_meant() -> None:
    with pytest.raises(UsageError, match="unknown option 'outlet': did you mean 'outlets'"):
        make_question("Who?", (), {"outlet": ["Dawn"]})
    assert make_question("Who?", (), {"outlets": ["Dawn"]}).filters.outlets == ("Dawn",)


def test_a_question_says_everything_itself() -> None:
    question = Question("Who?", insist=True)
    assert make_question(question, (), {"llm": "small"}) is question
    with pytest.raises(UsageError, match="history, since: a Question says this itself"):
        make_question(question, [{"role": "user", "content": "When?"}], {"since": "2024"})


def test_a_language_model_itself_is_no_name_of_one() -> None:
    assert make_question("Who?", (), {"llm": lambda _: "Ada"}).llm is None
    assert make_question("Who?", (), {"llm": "small"}).llm == "small"


def test_what_resembles_nothing_is_refused_with_all_that_is_known() -> None:
    with pytest.raises(UsageError, match="here: unknown thing 'zzz'; known are apple, pear"):
        refuse_unknown(["pear", "zzz"], {"pear", "apple"}, "thing", "here: ")
    refuse_unknown(["pear"], {"pear", "apple"}, "thing")


def test_settings_name_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="unknown setting 'chunk_token': did you mean 'chunk_tokens'"):
        load_settings(chunk_token=100)
    monkeypatch.setenv("DATELINE_MAX_RSK", "0.1")
    with pytest.raises(UsageError, match="unknown setting 'DATELINE_MAX_RSK': did you mean 'DATELINE_MAX_RISK'"):
        load_settings()


SAVED: dict[str, Any] = {
    "text": "Who?", "filters": {"since": "2024-01-01", "before": "2025-01-01", "outlets": ["Dawn"]}, "history": [],
    "as_of": "2025-01-02", "id": None, "max_risk": 0.1, "insist": False, "scopes": [],
}  # fmt: skip


def test_a_trace_is_read_as_any_question() -> None:
    asked = Question("Who?", Filters(date(2024, 1, 1), date(2025, 1, 1), ("Dawn",)), as_of=date(2025, 1, 2), max_risk=0.1)
    assert question_of({"question": SAVED}) == asked
    assert question_of({"question": {**SAVED, "llm": "small", "k": 10, "behind": "the ferry"}}) == asked


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ignord": ["x"]}, "unknown field 'ignord': did you mean 'ignored'"),
        ({"filters": {**SAVED["filters"], "outlts": []}}, "unknown field 'outlts': did you mean 'outlets'"),
        ({"filters": {}}, "not whole"),
        ({"filters": None}, "not whole"),
        ({"as_of": "soon"}, "as_of: 'soon' is not a day"),
    ],
)
def test_a_trace_that_was_tampered_with_is_refused(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        question_of({"question": {**SAVED, **wrong}})
