"""Pairs of statements, and timelines held against timelines."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from eval.relations import RELATIONS, load_pairs, right
from eval.timelines import measure, topic_of_title
from rag.errors import InputError

PAIR = (
    '{"relation": "%s", "one": {"text": "The flood killed 12 people in Teal.", "outlet": "A", "published": "2025-03-01"},'
    ' "other": {"text": "The flood killed 19 people in Teal.", "outlet": "B", "published": "2025-03-09"}}'
)


def test_the_set_has_pairs_of_each_relation_and_most_are_told_right() -> None:
    pairs = load_pairs((files("eval.sample") / "relations.jsonl").read_text("utf-8"))
    assert {pair.relation for pair in pairs} == set(RELATIONS)
    assert sum(right(pairs)) / len(pairs) >= 0.9


def test_a_pair_told_wrongly_counts_nothing() -> None:
    assert right(load_pairs(PAIR % "update")) == [1.0]
    assert right(load_pairs(PAIR % "dispute")) == [0.0]


def test_a_relation_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no relation"):
        load_pairs(PAIR % "quarrel")


def test_the_topic_of_a_timeline_is_its_title_without_that_word() -> None:
    assert topic_of_title("A timeline of the Teal flood | The Week UK") == "the Teal flood"
    assert topic_of_title("Teal flood: Timeline of events - CNN") == "Teal flood"


def test_days_are_held_against_those_that_others_have() -> None:
    gold = {date(2025, 3, 1), date(2025, 3, 8), date(2025, 3, 20)}
    one = measure("flood", {date(2025, 3, 2), date(2025, 5, 1)}, gold, {date(2025, 3, 1), date(2025, 3, 8)})
    assert (one.told, one.right, one.wanted, one.found) == (2, 1, 2, 1)
    assert one.f1 == 2 * (1 / 2) * (1 / 2) / (1 / 2 + 1 / 2)
