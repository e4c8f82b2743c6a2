"""A run's measures: means with bootstrap intervals, overall and for each kind of question, and what is not a mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.metrics.abstention import (
    Abstentions,
    Bin,
    RiskPoint,
    abstentions,
    area_under_risk_coverage,
    expected_calibration_error,
    find_answered_at_risk,
    reliability,
    risk_coverage,
)
from eval.metrics.intervals import Interval, mean_interval, percentile, ratio_interval
from eval.record import ItemRecord
from rag.english.kinds import find_kind

RISKS = (0.05, 0.1, 0.2)


@dataclass(frozen=True, slots=True)
class Confidence:
    """How well confidence tells right answers from wrong ones, over the answered questions that can be judged.

    `coverage` of a point is the share of all judged questions, answered or not. The area and the error are None without answers.
    `answered_at_risk` has for each of RISKS the share that can be answered with no more of the answers wrong.
    """

    area: float | None
    calibration_error: float | None
    curve: tuple[RiskPoint, ...]
    bins: tuple[Bin, ...]
    answered_at_risk: tuple[AtRisk, ...]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Answering from confidence `threshold` on (None where no threshold will do) answers the share `coverage`."""

    risk: float
    coverage: float
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the call of `ask` to its answer."""

    p50: float
    p95: float
    longest: float


@dataclass(frozen=True, slots=True)
class Summary:
    """All measures of a run; `means`, `by_kind` and `by_type` map the names of `eval.score` and the three of abstention to
    intervals. A question's kind is what its gold set calls it, its type what it asks for.

    `abstention`, `confidence` and `latency` are None where nothing was asked, but for retrieval alone.
    """

    items: int
    answerable: int
    means: Mapping[str, Interval]
    by_kind: Mapping[str, Mapping[str, Interval]]
    by_type: Mapping[str, Mapping[str, Interval]]
    abstention: Abstentions | None
    confidence: Confidence | None
    latency: Latency | None


def summarise(records: Sequence[ItemRecord]) -> Summary:
    """The measures of `records`; kinds in alphabetical order."""
    asked = [record for record in records if record.reply is not None]
    return Summary(
        items=len(records),
        answerable=sum(record.gold.answerable for record in records),
        means=_means(records),
        by_kind=_group(records, lambda record: record.gold.kind),
        by_type=_group(records, question_type),
        abstention=_abstentions(asked) if asked else None,
        confidence=_confidence(asked) if asked else None,
        latency=_latency(asked),
    )


def question_type(record: ItemRecord) -> str:
    """What the question asks for: a person, a place, a time, …"""
    kind = find_kind(record.gold.text)
    return "other" if kind == "any" else kind


def _group(records: Sequence[ItemRecord], group: Callable[[ItemRecord], str]) -> dict[str, dict[str, Interval]]:
    names = sorted({group(record) for record in records})
    return {name: _means([record for record in records if group(record) == name]) for name in names}


def _means(records: Sequence[ItemRecord]) -> dict[str, Interval]:
    names = dict.fromkeys(name for record in records for name in record.scores)
    values = {name: [record.scores[name] for record in records if name in record.scores] for name in names}
    means = {name: mean_interval(scores) for name, scores in values.items()} | _abstention_means(records)
    return {name: interval for name, interval in means.items() if interval is not None}


def _abstention_means(records: Sequence[ItemRecord]) -> dict[str, Interval | None]:
    """Precision, recall and F1 of abstaining as ratios of sums over the questions that were asked."""
    asked = [(record.abstained, not record.gold.answerable) for record in records if record.reply is not None]
    right = [float(silent and unknown) for silent, unknown in asked]
    silences, unknowns = [float(silent) for silent, _ in asked], [float(unknown) for _, unknown in asked]
    both = [silent + unknown for silent, unknown in zip(silences, unknowns, strict=True)]
    return {
        "abstention_precision": ratio_interval(right, silences),
        "abstention_recall": ratio_interval(right, unknowns),
        "abstention_f1": ratio_interval([2 * value for value in right], both),
    }


def _abstentions(asked: Sequence[ItemRecord]) -> Abstentions:
    return abstentions([record.abstained for record in asked], [record.gold.answerable for record in asked])


def _confidence(asked: Sequence[ItemRecord]) -> Confidence:
    judged = [record for record in asked if "correct" in record.scores]
    answered = [(record.reply.confidence, record.scores["correct"] == 1) for record in judged if record.reply and record.answered]
    confidences, correct = [one for one, _ in answered], [right for _, right in answered]
    bins = reliability(confidences, correct)
    curve = risk_coverage(confidences, correct, len(judged))
    return Confidence(
        area=area_under_risk_coverage(confidences, correct),
        calibration_error=expected_calibration_error(bins),
        curve=curve,
        bins=bins,
        answered_at_risk=tuple(_at_risk(curve, risk) for risk in RISKS),
    )


def _at_risk(curve: Sequence[RiskPoint], risk: float) -> AtRisk:
    point = find_answered_at_risk(curve, risk)
    return AtRisk(risk, point.coverage, point.threshold) if point else AtRisk(risk, 0.0, None)


def _latency(asked: Sequence[ItemRecord]) -> Latency | None:
    times = [record.reply.milliseconds for record in asked if record.reply is not None]
    p50, p95 = percentile(times, 50), percentile(times, 95)
    return None if p50 is None or p95 is None else Latency(p50, p95, max(times))
