from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.spans import Range, length, merge, precision_omega, span_scores

RANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: (pair[0], sum(pair))), max_size=6)
REFERENCES = RANGES.filter(bool)


def test_scores_follow_the_report() -> None:
    scores = span_scores(chunks=[(0, 100), (200, 300)], references=[(50, 150)])
    assert scores.recall == 50 / 100
    assert scores.precision == 50 / (100 + 100)
    assert scores.iou == 50 / (100 + 100 + 50)


def test_overlapping_chunks_are_paid_for_twice_and_found_once() -> None:
    scores = span_scores(chunks=[(0, 100), (50, 150)], references=[(50, 100)])
    assert scores.recall == 50 / 50
    assert scores.precision == 50 / (100 + 100)


def test_chunks_of_other_documents_cost_precision() -> None:
    assert span_scores([(0, 100)], [(0, 100)], elsewhere=300).precision == 100 / (100 + 300)


def test_nothing_retrieved_scores_nothing() -> None:
    scores = span_scores([], [(0, 10)])
    assert (scores.recall, scores.precision, scores.iou) == (0.0, 0.0, 0.0)


def test_undefined_without_references() -> None:
    with pytest.raises(ValueError, match="reference"):
        span_scores([(0, 1)], [])


def test_omega_takes_every_chunk_that_meets_a_reference() -> None:
    chunks = [(0, 100), (100, 200), (300, 400)]
    assert precision_omega(chunks, [(50, 120)]) == 70 / 200
    assert precision_omega(chunks, [(250, 280)]) == 0.0
    assert precision_omega([(0, 100)], [(90, 110)]) == 10 / 110


def test_omega_counts_a_chunk_that_only_touches() -> None:
    assert precision_omega([(0, 100), (100, 200)], [(0, 100)]) == 100 / 200


@given(RANGES)
def test_merge_is_the_union(ranges: list[Range]) -> None:
    characters = {at for start, end in ranges for at in range(start, end)}
    assert {at for start, end in merge(ranges) for at in range(start, end)} == characters
    assert length(ranges) == len(characters)


@given(RANGES, REFERENCES)
def test_scores_agree_with_sets_of_characters(chunks: list[Range], references: list[Range]) -> None:
    """The slow and plain version: one set element for each character."""
    wanted = {at for start, end in references for at in range(start, end)}
    got = {at for start, end in chunks for at in range(start, end)}
    paid = sum(end - start for start, end in chunks)
    scores = span_scores(chunks, references)
    assert scores.recall == len(wanted & got) / sum(end - start for start, end in references)
    assert scores.precision == (len(wanted & got) / paid if paid else 0.0)
    assert scores.iou == len(wanted & got) / (paid + len(wanted - got))
    assert 0.0 <= precision_omega(chunks, references) <= 1.0
