"""Measures of when to answer: abstention as a classifier, the risk–coverage curve, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Abstentions:
    """Abstaining seen as the detection of unanswerable questions.

    precision = right / abstained, recall = right / unanswerable, F1 = 2 · right / (abstained + unanswerable). Each is None where
    its denominator is 0.
    """

    right: int
    abstained: int
    unanswerable: int

    @property
    def precision(self) -> float | None:
        return self.right / self.abstained if self.abstained else None

    @property
    def recall(self) -> float | None:
        return self.right / self.unanswerable if self.unanswerable else None

    @property
    def f1(self) -> float | None:
        both = self.abstained + self.unanswerable
        return 2 * self.right / both if both else None


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering only where the confidence is at least `threshold` answers the share `coverage`, of which `risk` are wrong."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies in (low, high]; the first bin also has those of `low` = 0. Means are 0 without any."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def abstentions(abstained: Sequence[bool], answerable: Sequence[bool]) -> Abstentions:
    """Counts over questions; the two sequences are parallel."""
    pairs = list(zip(abstained, answerable, strict=True))
    return Abstentions(
        right=sum(silent and not known for silent, known in pairs),
        abstained=sum(abstained),
        unanswerable=sum(not known for _, known in pairs),
    )


def risk_coverage(confidences: Sequence[float], correct: Sequence[bool], questions: int | None = None) -> tuple[RiskPoint, ...]:
    """The risk–coverage curve, from the highest threshold down (El-Yaniv & Wiener, JMLR 2010; Geifman & El-Yaniv, 2017).

    risk(t) = wrong answers with confidence ≥ t / answers with confidence ≥ t; coverage(t) = the latter / `questions`, which is
    the number of answers unless given: where a system abstained from some, its curve ends at the coverage that it reached.
    One point for each different confidence, so that the order of equal ones does not matter.
    """
    total = len(confidences) if questions is None else questions
    ranked = sorted(zip(confidences, correct, strict=True), key=lambda pair: -pair[0])
    points, covered, wrong = [], 0, 0
    for threshold, group in groupby(ranked, key=lambda pair: pair[0]):
        outcomes = [right for _, right in group]
        covered += len(outcomes)
        wrong += outcomes.count(False)
        points.append(RiskPoint(threshold, covered / total, wrong / covered))
    return tuple(points)


def find_answered_at_risk(curve: Sequence[RiskPoint], risk: float) -> RiskPoint | None:
    """The point of the curve with the largest coverage among those of at most this risk; None where there is none.

    coverage@risk = max {coverage(t) : risk(t) ≤ risk} (Geifman & El-Yaniv, NeurIPS 2017), on these very answers: it is what the
    best threshold would have given, not a promise for others.
    """
    return max((point for point in curve if point.risk <= risk), key=lambda point: point.coverage, default=None)


def area_under_risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> float | None:
    """AURC = (1/n) Σ risk at the coverage of each answer in turn (Geifman, Uziel & El-Yaniv, ICLR 2019); lower is better.

    Answers of equal confidence are covered together and share their risk. None without answers.
    """
    points = risk_coverage(confidences, correct)
    before = (0.0, *(point.coverage for point in points))
    widths = (point.coverage - reached for point, reached in zip(points, before, strict=False))
    return sum(width * point.risk for width, point in zip(widths, points, strict=True)) if points else None


def reliability(confidences: Sequence[float], correct: Sequence[bool], bins: int = 10) -> tuple[Bin, ...]:
    """The reliability diagram: `bins` bins of equal width over [0, 1] (Naeini et al., AAAI 2015)."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in zip(confidences, correct, strict=True):
        above = next((edge for edge in range(bins) if confidence <= (edge + 1) / bins), bins - 1)
        members[above].append((confidence, right))
    return tuple(_bin(index / bins, (index + 1) / bins, pairs) for index, pairs in enumerate(members))


def expected_calibration_error(bins: Sequence[Bin]) -> float | None:
    """ECE = Σ (count / n) · |accuracy − confidence| over the bins (Naeini et al., AAAI 2015). None without answers."""
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.accuracy - each.confidence) for each in bins) / total if total else None


def _bin(low: float, high: float, pairs: Sequence[tuple[float, bool]]) -> Bin:
    count = len(pairs)
    confidence = sum(confidence for confidence, _ in pairs) / count if count else 0.0
    accuracy = sum(right for _, right in pairs) / count if count else 0.0
    return Bin(low, high, count, confidence, accuracy)
