from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.abstention import (
    Abstentions,
    abstentions,
    area_under_risk_coverage,
    expected_calibration_error,
    find_answered_at_risk,
    reliability,
    risk_coverage,
)

ANSWERS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30)


def test_abstentions_detect_the_unanswerable() -> None:
    found = abstentions(abstained=[True, True, False, False, True], answerable=[False, True, True, False, False])
    assert found == Abstentions(right=2, abstained=3, unanswerable=3)
    precision, recall = 2 / 3, 2 / 3
    assert (found.precision, found.recall) == (precision, recall)
    assert found.f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_abstentions_are_undefined_without_questions() -> None:
    nothing = abstentions([], [])
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)


def test_curve_starts_at_the_surest_answer() -> None:
    points = risk_coverage([0.5, 0.9, 0.7], [False, True, False])
    assert [(point.threshold, point.coverage) for point in points] == [(0.9, 1 / 3), (0.7, 2 / 3), (0.5, 3 / 3)]
    assert [point.risk for point in points] == [0 / 1, 1 / 2, 2 / 3]


def test_curve_ends_at_the_coverage_reached() -> None:
    assert risk_coverage([0.5], [True], questions=4)[-1].coverage == 1 / 4
    assert risk_coverage([], [], questions=4) == ()


def test_equal_confidences_are_covered_together() -> None:
    assert len(risk_coverage([0.5, 0.5], [True, False])) == 1
    assert risk_coverage([0.5, 0.5], [True, False]) == risk_coverage([0.5, 0.5], [False, True])


def test_the_most_that_a_risk_allows() -> None:
    curve = risk_coverage([0.9, 0.8, 0.7, 0.6, 0.5], [True, False, True, True, False])
    assert [point.risk for point in curve] == [0 / 1, 1 / 2, 1 / 3, 1 / 4, 2 / 5]
    for risk, coverage, threshold in [(0.0, 1 / 5, 0.9), (0.24, 1 / 5, 0.9), (1 / 4, 4 / 5, 0.6), (1.0, 5 / 5, 0.5)]:
        point = find_answered_at_risk(curve, risk)
        assert point is not None
        assert (point.coverage, point.threshold) == (coverage, threshold)


def test_a_risk_that_no_threshold_keeps() -> None:
    assert find_answered_at_risk(risk_coverage([0.9], [False]), 0.2) is None
    assert find_answered_at_risk((), 1.0) is None


@given(ANSWERS, st.floats(0, 1))
def test_no_point_within_the_risk_covers_more(answers: list[tuple[float, bool]], risk: float) -> None:
    curve = risk_coverage([confidence for confidence, _ in answers], [right for _, right in answers])
    best = find_answered_at_risk(curve, risk)
    allowed = [point.coverage for point in curve if point.risk <= risk]
    assert (best.coverage if best else 0.0) == max(allowed, default=0.0)


def test_area_is_the_mean_risk_of_the_prefixes() -> None:
    assert area_under_risk_coverage([0.9, 0.7, 0.5], [True, False, False]) == pytest.approx((0 / 1 + 1 / 2 + 2 / 3) / 3)
    assert area_under_risk_coverage([0.7, 0.7], [True, False]) == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert area_under_risk_coverage([], []) is None


@given(ANSWERS)
def test_area_lies_between_the_best_and_the_worst_order(answers: list[tuple[float, bool]]) -> None:
    correct = [right for _, right in answers]
    ranks = [1 - rank / len(correct) for rank in range(len(correct))]
    area = area_under_risk_coverage([confidence for confidence, _ in answers], correct)
    best = area_under_risk_coverage(ranks, sorted(correct, reverse=True))
    worst = area_under_risk_coverage(ranks, sorted(correct))
    assert area is not None
    assert best is not None
    assert worst is not None
    assert best - 1e-9 <= area <= worst + 1e-9


def test_bins_close_above() -> None:
    bins = reliability([0.0, 0.5, 0.500001, 1.0], [False, True, True, True], bins=2)
    assert [(each.low, each.high, each.count) for each in bins] == [(0.0, 0.5, 2), (0.5, 1.0, 2)]
    assert bins[0].accuracy == 1 / 2
    assert bins[0].confidence == (0.0 + 0.5) / 2


def test_calibration_error_weighs_the_gaps_by_count() -> None:
    bins = reliability([0.2, 0.9, 0.9, 0.9], [False, True, True, False], bins=2)
    assert expected_calibration_error(bins) == pytest.approx((1 / 4) * abs(0 - 0.2) + (3 / 4) * abs(2 / 3 - 0.9))
    assert expected_calibration_error(reliability([], [])) is None


@given(ANSWERS)
def test_every_answer_is_in_one_bin(answers: list[tuple[float, bool]]) -> None:
    bins = reliability([confidence for confidence, _ in answers], [right for _, right in answers])
    error = expected_calibration_error(bins)
    assert sum(each.count for each in bins) == len(answers)
    assert error is not None
    assert 0 <= error <= 1
