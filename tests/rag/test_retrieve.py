"""Fusion and spreading: the pure halves of retrieval."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve import FRESH_WEIGHT, HALF_LIFE, freshened, fuse, spread
from rag.types import Chunk, Hit, Passage, Source


def hits(**scores: float) -> list[Hit]:
    return [Hit(name, score) for name, score in scores.items()]


def passage(article: str, text: str, score: float = 0.5) -> Passage:
    return Passage(Chunk(Source(id=article, title=""), 0, len(text), text), score)


def test_fusion_is_the_weighted_sum_of_scores_over_the_best() -> None:
    dense, lexical = hits(a=0.9, b=0.5, c=0.1), hits(b=12.0, d=8.0, a=4.0)
    fused = {hit.chunk_id: hit.score for hit in fuse(dense, lexical, 0.3)}
    assert fused["a"] == pytest.approx(0.3 * 1.9 / 1.9 + 0.7 * 4 / 12)
    assert fused["b"] == pytest.approx(0.3 * 1.5 / 1.9 + 0.7 * 12 / 12)
    assert fused["c"] == pytest.approx(0.3 * 1.1 / 1.9 + 0.7 * 4 / 12)
    assert fused["d"] == pytest.approx(0.3 * 1.1 / 1.9 + 0.7 * 8 / 12)


@pytest.mark.parametrize("order", ["dense", "lexical"])
def test_with_one_list_empty_the_others_order_is_kept(order: str) -> None:
    found = hits(a=3.0, b=2.0, c=1.0)
    fused = fuse(found, [], 0.5) if order == "dense" else fuse([], found, 0.5)
    assert [hit.chunk_id for hit in fused] == ["a", "b", "c"]
    assert fuse([], [], 0.5) == []


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1, 1)), st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 40))
)
def test_fused_scores_are_between_0_and_1_and_best_first(dense: dict[str, float], lexical: dict[str, float]) -> None:
    fused = fuse(hits(**dense), hits(**lexical), 0.5)
    assert {hit.chunk_id for hit in fused} == set(dense) | set(lexical)
    assert all(0 <= hit.score <= 1 for hit in fused)
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)


def test_at_most_a_few_passages_of_one_article() -> None:
    texts = [
        "one ferry sank near the pier",
        "two divers went down at dawn",
        "three bells were heard at night",
        "four boats came late",
    ]
    found = [passage("a", text) for text in texts] + [passage("b", "five gulls watched from the old wall")]
    assert [one.chunk.source.id for one in spread(found, 10, 3)] == ["a", "a", "a", "b"]
    assert len(spread(found, 2, 3)) == 2


def test_near_identical_passages_stand_once() -> None:
    wire = "The council of Amberline voted nine to two on Monday to rebuild the ferry pier before the winter storms arrive"
    found = [
        passage("a", wire),
        passage("b", wire.replace("Monday", "monday") + "."),
        passage("c", "The pier will not be rebuilt."),
    ]
    assert [one.chunk.source.id for one in spread(found, 10, 3)] == ["a", "c"]


def test_passages_without_words_are_not_copies_of_everything() -> None:
    assert [one.chunk.source.id for one in spread([passage("a", "— —"), passage("b", "A ferry sank.")], 5, 3)] == ["a", "b"]


def test_as_of_a_day_what_was_fresh_then_comes_first() -> None:
    def dated(article: str, day: date | None, score: float) -> Passage:
        return Passage(Chunk(Source(id=article, title="", published=day), 0, 4, "text"), score)

    found = [
        dated("old", date(2019, 8, 4), 0.32),
        dated("fresh", date(2025, 8, 2), 0.3),
        dated("undated", None, 0.29),
        dated("later", date(2025, 8, 9), 0.28),
        dated("far better", date(2001, 1, 1), 1.0),
    ]
    ranked = freshened(found, date(2025, 8, 4))
    assert [one.chunk.source.id for one in ranked] == ["far better", "fresh", "old", "undated", "later"]
    fresh = next(one for one in ranked if one.chunk.source.id == "fresh")
    assert fresh.score == pytest.approx((1 - FRESH_WEIGHT) * 0.3 + FRESH_WEIGHT * 2 ** (-2 / HALF_LIFE))
