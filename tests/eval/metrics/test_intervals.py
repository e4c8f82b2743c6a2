from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.intervals import mean_interval, paired_difference, percentile, ratio_interval

VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@given(VALUES)
def test_interval_holds_draws_of_the_values(values: list[float]) -> None:
    interval = mean_interval(values, resamples=50)
    assert interval is not None
    assert interval.value == pytest.approx(sum(values) / len(values))
    assert min(values) - 1e-9 <= interval.low <= interval.high <= max(values) + 1e-9
    assert interval.count == len(values)


def test_interval_is_near_the_normal_one() -> None:
    values = [0.0, 1.0] * 200
    half = 1.96 * 0.5 / 400**0.5
    interval = mean_interval(values)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.01)


def test_same_seed_same_interval() -> None:
    values = list(np.random.default_rng(3).random(40))
    assert mean_interval(values, seed=1) == mean_interval(values, seed=1)
    assert mean_interval(values, seed=1) != mean_interval(values, seed=2)


def test_drawing_in_parts_draws_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.metrics.intervals._CELLS", 90)
    interval = mean_interval([0.0, 1.0] * 20, resamples=1_001)
    assert interval is not None
    assert interval.low < 0.5 < interval.high


def test_ratio_is_of_the_sums() -> None:
    interval = ratio_interval([1.0, 0.0, 2.0], [1.0, 1.0, 2.0])
    assert interval is not None
    assert interval.value == (1 + 0 + 2) / (1 + 1 + 2)


def test_undefined_without_values() -> None:
    assert mean_interval([]) is None
    assert ratio_interval([0.0], [0.0]) is None
    assert percentile([], 50) is None


def test_ratio_passes_over_draws_of_nothing() -> None:
    interval = ratio_interval([1.0, 0.0, 0.0], [1.0, 0.0, 0.0])
    assert interval is not None
    assert (interval.low, interval.high) == (1.0, 1.0)


def test_paired_difference_keeps_the_pairs() -> None:
    worse = list(np.random.default_rng(3).random(40))
    interval = paired_difference([value + 0.1 for value in worse], worse)
    assert interval is not None
    assert (interval.low, interval.value, interval.high) == pytest.approx((0.1, 0.1, 0.1))
    with pytest.raises(ValueError, match="zip"):
        paired_difference([1.0], [1.0, 2.0])


def test_percentile_interpolates() -> None:
    assert percentile([10.0, 20.0], 50) == (10 + 20) / 2
    assert percentile([1.0, 2.0, 3.0, 4.0, 5.0], 95) == pytest.approx(4 + 0.8 * (5 - 4))
