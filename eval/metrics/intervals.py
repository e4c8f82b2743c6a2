"""How sure a mean is: percentile bootstrap over questions (Efron, Annals of Statistics 1979), and percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20_240_601
_CELLS = 1_000_000  # draws held at once: tens of megabytes, whatever the number of questions


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its 95 % interval over `count` questions."""

    value: float
    low: float
    high: float
    count: int


def mean_interval(values: Sequence[float], resamples: int = RESAMPLES, seed: int = SEED) -> Interval | None:
    """The mean with its percentile bootstrap interval. None without values."""
    return ratio_interval(values, [1.0] * len(values), resamples, seed)


def ratio_interval(
    numerators: Sequence[float], denominators: Sequence[float], resamples: int = RESAMPLES, seed: int = SEED
) -> Interval | None:
    """Σ numerators / Σ denominators over questions drawn again together. None where the denominators add up to 0.

    Draws whose denominators add up to 0 say nothing and are left out.
    """
    above, below = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    if above.shape != below.shape:
        raise ValueError("a ratio needs as many numerators as denominators")
    if not below.sum():
        return None
    sums = _resample_sums(np.stack([above, below]), resamples, seed)
    ratios = sums[0][sums[1] != 0] / sums[1][sums[1] != 0]
    low, high = np.percentile(ratios, [2.5, 97.5])
    return Interval(float(above.sum() / below.sum()), float(low), float(high), len(above))


def paired_difference(
    values: Sequence[float], others: Sequence[float], resamples: int = RESAMPLES, seed: int = SEED
) -> Interval | None:
    """mean(values − others) over the same questions, in the same order. An interval above 0 says that `values` are better."""
    return mean_interval([value - other for value, other in zip(values, others, strict=True)], resamples, seed)


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The percentile by linear interpolation between the closest ranks (Hyndman & Fan 1996, type 7). None without values."""
    return float(np.percentile(values, percent)) if len(values) else None


def _resample_sums(rows: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    """Row sums of `resamples` draws with replacement of the columns, shape (rows, resamples)."""
    count = rows.shape[1]
    generator = np.random.default_rng(seed)
    step = max(1, _CELLS // count)
    parts = [
        rows[:, generator.integers(0, count, size=(min(step, resamples - done), count))].sum(axis=2)
        for done in range(0, resamples, step)
    ]
    return np.concatenate(parts, axis=1)
