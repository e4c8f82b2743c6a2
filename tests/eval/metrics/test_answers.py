from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.answers import contains_answer, exact_match, rouge_l, squad_normalise, token_f1

WORDS = st.lists(st.sampled_from(["rain", "the", "1,000", "U.S.", "Biden", "12%", "3.5", "-", "é"]), max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  “Squid Game”!", "squid game"),
        ("a $1,000 bill", "1000 bill"),
        ("An apple, theatre", "apple theatre"),
        ("\n", ""),
    ],
)
def test_squad_normalise(text: str, normal: str) -> None:
    assert squad_normalise(text) == normal


def test_exact_match_takes_any_answer() -> None:
    assert exact_match("the Eiffel Tower.", ["Louvre", "Eiffel tower"]) == 1.0
    assert exact_match("Eiffel", ["Eiffel Tower"]) == 0.0
    assert exact_match("Eiffel", []) == 0.0


def test_token_f1_is_the_best_harmonic_mean() -> None:
    precision, recall = 2 / 3, 2 / 2
    expected = 2 * precision * recall / (precision + recall)
    assert token_f1("the Eiffel Tower Paris", ["Eiffel Tower", "London"]) == pytest.approx(expected)
    assert token_f1("", [""]) == 1.0
    assert token_f1("the", ["rain"]) == 0.0
    assert token_f1("rain", []) == 0.0


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It returns: “Squid Game“ is back.", "“Squid Game”"),
        ("Some 100-year-old trees", "100"),
        ("Biden's plan passed", "Biden"),
        ("It cost $1,000 in all", "1000"),
        ("It cost 1000 in all", "$1,000"),
        ("Prices rose 12 per cent.", "12%"),
        ("Prices rose 12%.", "12 percent"),
        ("The U.S. Senate", "US Senate"),
        ("Beyoncé sang", "Beyonce"),
        ("Rates rose to 1.5.", "1.5"),
        ("a five-year plan", "five year plan"),
        ("The Who played", "who"),
        ("at 5 p.m. on Monday", "5 pm"),
    ],
)
def test_contains(text: str, answer: str) -> None:
    assert contains_answer(text, ["no such words", answer])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Some 1000 trees", "100"),
        ("Some 100,000 trees", "100"),
        ("the 100,000th tree", "100"),
        ("Some 100.5 trees", "100"),
        ("a particle", "art"),
        ("Squid. The game", "Squid a Games"),
        ("anything", ""),
        ("anything", "…"),
        ("", "Biden"),
    ],
)
def test_does_not_contain(text: str, answer: str) -> None:
    assert not contains_answer(text, [answer])


def test_contains_none_of_no_answers() -> None:
    assert not contains_answer("anything", [])


def test_rouge_l_follows_the_longest_common_subsequence() -> None:
    common, prediction, reference = 2, 3, 4  # "police … gunman" in "police killed gunman" and "police ended the gunman"
    precision, recall = common / prediction, common / reference
    expected = 2 * precision * recall / (precision + recall)
    assert rouge_l("Police killed gunman", ["police ended the gunman", "x"]) == pytest.approx(expected)
    assert rouge_l("", ["police"]) == 0.0
    assert rouge_l("police", []) == 0.0


@given(WORDS, WORDS)
def test_overlaps_are_symmetric_and_bounded(left: str, right: str) -> None:
    assert token_f1(left, [right]) == token_f1(right, [left])
    assert rouge_l(left, [right]) == rouge_l(right, [left])
    assert exact_match(left, [right]) <= token_f1(left, [right]) <= 1.0


@given(WORDS, WORDS, WORDS)
def test_a_text_contains_what_it_is_made_of(before: str, answer: str, after: str) -> None:
    text = f"{before} {answer} {after}"
    assert contains_answer(text, [answer]) == contains_answer(answer, [answer])
