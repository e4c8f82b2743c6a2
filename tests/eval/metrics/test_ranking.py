from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.ranking import hit, multihop_average_precision, ndcg, recall, reciprocal_rank

WANTED = 5
FOUND = st.lists(st.frozensets(st.integers(0, WANTED - 1), max_size=3), max_size=14)
SINGLE = st.lists(st.frozensets(st.integers(0, WANTED - 1), max_size=1), max_size=14)
A, B, NONE = frozenset("a"), frozenset("b"), frozenset[str]()


def test_hit_looks_no_further_than_k() -> None:
    assert hit([NONE, A], 1) == 0.0
    assert hit([NONE, A], 2) == 1.0
    assert hit([], 10) == 0.0


def test_recall_counts_each_item_once() -> None:
    assert recall([A, A, NONE, B], wanted=4, k=3) == 1 / 4
    assert recall([A, A, NONE, B], wanted=4, k=4) == 2 / 4
    assert recall([A | B], wanted=2, k=1) == 2 / 2


def test_reciprocal_rank_is_of_the_first() -> None:
    assert reciprocal_rank([NONE, NONE, A, B], 10) == 1 / 3
    assert reciprocal_rank([NONE, NONE, A], 2) == 0.0


def test_ndcg_discounts_by_log_rank_and_pays_no_repetition() -> None:
    best = 1 / math.log2(1 + 1) + 1 / math.log2(2 + 1)
    assert ndcg([NONE, A, A, B], wanted=2, k=10) == pytest.approx((1 / math.log2(2 + 1) + 1 / math.log2(4 + 1)) / best)
    assert ndcg([A, B], wanted=2, k=10) == 1.0


def test_multihop_average_precision_divides_new_facts_by_rank() -> None:
    assert multihop_average_precision([A, NONE, B], wanted=3) == pytest.approx((1 / 1 + 1 / 3) / 3)
    assert multihop_average_precision([A | B, A], wanted=2) == (2 / 1) / 2
    assert multihop_average_precision([NONE] * 10 + [A], wanted=1) == 0.0
    assert multihop_average_precision([A], wanted=20, k=10) == (1 / 1) / 10


@pytest.mark.parametrize("measure", [recall, ndcg, multihop_average_precision])
def test_measures_over_wanted_items_are_undefined_without_any(measure) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="wanted"):
        measure([A], 0, 10)


@given(FOUND, st.integers(1, 12))
def test_all_lie_between_0_and_1(found: list[frozenset[int]], k: int) -> None:
    for value in (hit(found, k), recall(found, WANTED, k), reciprocal_rank(found, k), ndcg(found, WANTED, k)):
        assert 0.0 <= value <= 1.0 + 1e-12


@given(FOUND, st.integers(1, 12))
def test_looking_further_never_loses(found: list[frozenset[int]], k: int) -> None:
    assert hit(found, k) <= hit(found, k + 1)
    assert recall(found, WANTED, k) <= recall(found, WANTED, k + 1)
    assert reciprocal_rank(found, k) <= reciprocal_rank(found, k + 1)


@given(SINGLE, st.integers(0, 12))
def test_moving_a_new_item_up_never_loses(found: list[frozenset[int]], rank: int) -> None:
    """Swapping an empty rank with the filled one below it helps every measure that looks at ranks."""
    if rank + 1 >= len(found) or found[rank] or not found[rank + 1]:
        return
    better = [*found[:rank], found[rank + 1], found[rank], *found[rank + 2 :]]
    assert ndcg(better, WANTED, 10) >= ndcg(found, WANTED, 10)
    assert reciprocal_rank(better, 10) >= reciprocal_rank(found, 10)
    assert multihop_average_precision(better, WANTED) >= multihop_average_precision(found, WANTED)
