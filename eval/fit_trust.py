"""Fit how far the reader's answers are to be trusted, and write trust.json beside its weights.

    python -m eval.fit_trust INDEX=GOLD INDEX=GOLD …

Every question of the sets is asked, and three formulas are fitted in turn: whether a sentence states the right answer, whether
its short answer is right, and whether what would be shown is. Nothing is right where a question has no answer. Give sets of
several kinds, with unanswerable questions that come near to answerable ones, none of which the reader was trained on. Printed are
the calibration error and the area under the risk-coverage curve, predicted for questions left out of the fit: every fifth in
turn, and each whole set in turn, as for an archive of a new kind. The confidences of the first are kept as the calibration set of
`--max-risk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from eval.datasets import Gold
from eval.fitting import (
    FOLDS,
    GoldSet,
    Matrix,
    describe_fit,
    fit_logistic,
    fit_standardised,
    gold_sets,
    open_set,
    ranking_logistic,
)
from eval.metrics.answers import contains_answer, says_the_same
from eval.terminal import run, say, table
from rag.embed import SentenceEmbedder
from rag.english.kinds import Wanted, find_wanted
from rag.errors import InputError, UsageError
from rag.extract.evidence import NAMES, Read
from rag.extract.model import Logistic
from rag.extract.reading import ReadingAnswerer, Selection, choose_by
from rag.extract.short import short_answer, trim
from rag.extract.trust import ANSWER_NAMES, OF_FIRST, Judgement, Trust, control_risk, save_trust
from rag.parts import load_reader, load_reranker, setup_of, trust_folders
from rag.protocols import Reader, Reranker
from rag.settings import PACKAGED, load_settings

RISKS = (0.05, 0.1, 0.2, 0.3)
KEEP = 0.85
LEAST, LEAST_OF_A_KIND = 30, 8
"""The fewest questions that a confidence is fitted on, and the fewest right and wrong answers among them."""
STRENGTH = 0.1
"""How far the confidence may follow its features: less holds up better on sets left out of the fit."""
SHORT_PRECISION = 0.8
"""The share of the short answers shown that are to be right by their words. Of those that are not, one in four says the same in
other words ("$12,600,000" for "$12.6 million"), as 45 read by hand show, so that about 85 in a hundred shown are right."""


@dataclass(frozen=True, slots=True)
class JudgedReading:
    """A gold question as it was read; for each sentence whether it states the answer and whether its short answer is right."""

    gold: Gold
    read: Read
    stated: NDArray[np.bool_]
    short: NDArray[np.bool_]

    @property
    def kind(self) -> Wanted:
        return find_wanted(self.gold.text)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would be shown of a question: its sentences, its row of ANSWER_NAMES, and what is right of it."""

    chosen: Selection
    row: Matrix
    right: bool
    short_chance: float
    short_right: bool


def collect(one: GoldSet, reader: Reader, reranker: Reranker | None, limit: int | None = None) -> list[JudgedReading]:
    """Every question of the set that finds a sentence."""
    found: list[JudgedReading] = []
    with open_set(one, limit, reranker) as (parts, questions):
        lexical = parts.archive.lexical
        answerer = ReadingAnswerer(reader, lambda: lexical, Trust.unknown())
        for asked in questions:
            read = answerer.read(asked.gold.text, asked.passages, asked.articles)
            if read.found:
                found.append(judge(asked.gold, read))
    return found


def judge(gold: Gold, read: Read) -> JudgedReading:
    """What is right of every sentence that was read."""
    articles = set(gold.article_ids)
    stated = np.asarray(
        [
            gold.answerable
            and (not articles or one.quote.source.id in articles)
            and contains_answer(one.quote.text, gold.answers)
            for one in read.found
        ]
    )
    shorts = [trim(read.short(i) or "") for i in range(len(read.found))]
    right = [bool(stated[i]) and says_the_same(short, gold.answers) for i, short in enumerate(shorts)]
    return JudgedReading(gold, read, stated, np.asarray(right))


def fit(asked: Sequence[JudgedReading], base: Trust | None = None) -> Trust:
    """All three formulas; the thresholds are not set.

    With few questions the weights of `base` are kept, and only their scale is fitted, and the confidence from fewer features.
    """
    rows = [one.read.rows for one in asked]
    stated, short = [one.stated for one in asked], [one.short for one in asked]
    if base is None:
        formulas = ranking_logistic(NAMES, rows, stated), ranking_logistic(NAMES, rows, short)
        trust = replace(Trust.unknown(), statement=formulas[0], short=formulas[1])
    else:
        formulas = rescale(base.statement, rows, stated), rescale(base.short, rows, short)
        trust = replace(base, statement=formulas[0], short=formulas[1])
    shown = [show(trust, one) for one in asked]
    labels = np.asarray([one.right for one in shown], np.float64)
    rows_shown = np.stack([one.row for one in shown])
    answer = fit_standardised(ANSWER_NAMES, rows_shown, labels, STRENGTH, () if base is None else OF_FIRST)
    return replace(trust, answer=answer, calibrated=True)


def rescale(formula: Logistic, rows: Sequence[Matrix], labels: Sequence[NDArray[np.bool_]]) -> Logistic:
    """`formula` with another scale and bias, so that its probabilities are those of being labelled (Platt, 1999)."""
    scores = formula.logits(np.vstack(rows))[:, np.newaxis]
    scale = fit_logistic(("score",), scores, np.concatenate(labels).astype(np.float64))
    factor = max(scale.weights[0], 1e-3)
    return Logistic(formula.names, tuple(factor * weight for weight in formula.weights), scale.bias + factor * formula.bias)


def show(trust: Trust, asked: JudgedReading) -> Outcome:
    """What `trust` would show of a question, whatever its confidence."""
    chosen = choose_by(trust, asked.read, asked.kind)
    quoted = " ".join(asked.read.found[i].quote.text for i in chosen.picked)
    right = bool(asked.stated[list(chosen.picked)].any()) or (
        asked.gold.answerable and not asked.gold.article_ids and contains_answer(quoted, asked.gold.answers)
    )
    row = trust.answer_row(asked.read, chosen.first)
    chance = float(trust.short.probabilities(asked.read.rows[chosen.first : chosen.first + 1])[0])
    said = short_answer(asked.kind, asked.read, chosen.picked, chosen.first)
    fits = asked.gold.answerable and said is not None and says_the_same(said, asked.gold.answers)
    return Outcome(chosen, row, right, chance if said is not None else 0.0, fits)


def cross_validate(
    asked: Sequence[JudgedReading], folds: NDArray[np.int64], base: Trust | None = None
) -> tuple[Matrix, list[Outcome]]:
    """For each question its confidence and what would be shown of it, by formulas fitted without its fold."""
    confidences = np.zeros(len(asked))
    shown: list[Outcome | None] = [None] * len(asked)
    for fold in np.unique(folds):
        trust = fit([one for one, own in zip(asked, folds, strict=True) if own != fold], base)
        for number in map(int, np.flatnonzero(folds == fold)):
            found = show(trust, asked[number])
            shown[number] = found
            confidences[number] = trust.answer.probabilities(found.row[np.newaxis, :])[0]
    return confidences, [one for one in shown if one is not None]


def least_short(shown: Sequence[Outcome], precision: float) -> float:
    """The lowest probability from which the share `precision` of the short answers is right; 1 where there is none."""
    ranked = sorted((one for one in shown if one.short_chance > 0), key=lambda one: -one.short_chance)
    right = np.cumsum([one.short_right for one in ranked])
    kept = [i for i in range(len(ranked)) if right[i] / (i + 1) >= precision]
    return ranked[kept[-1]].short_chance if kept else 1.0


def risk_table(judged: list[Judgement]) -> str:
    """For each stated risk, the confidence from which to answer, and what that gives on the calibration set itself."""
    rows = []
    for risk in RISKS:
        least = control_risk(judged, risk)
        shown = [one.right for one in judged if one.confidence >= least]
        wrong = f"{1 - np.mean(shown):.3f}" if shown else "-"
        rows.append((f"{risk:.2f}", f"{least:.3f}", f"{len(shown) / len(judged):.3f}", wrong))
    return table(("risk", "from confidence", "answered", "wrong"), rows)


def tell_sets(given: Sequence[GoldSet], of_set: NDArray[np.int64], confidences: Matrix, unseen: Matrix, right: Matrix) -> None:
    """A line for each set: how often what would be shown is right, and how its confidence holds, also with the set left out."""
    for number, one in enumerate(given):
        mine = of_set == number
        say(
            f"  {one.name}: {mine.sum()} questions, {right[mine].mean():.3f} right;"
            f" {describe_fit(confidences[mine], right[mine])};"
            f" the set left out: {describe_fit(unseen[mine], right[mine])}"
        )


def tell_unseen(confidences: Matrix, shown: Sequence[Outcome], keep: float) -> None:
    """How answers do with each set left out in turn, all of them and those shown where a share `keep` of the right ones is."""
    right = np.asarray([one.right for one in shown], np.float64)
    sure = confidences >= np.quantile(confidences[right == 1], 1 - keep)
    short = sum(one.short_right for one in shown)
    say(
        f"each set left out in turn: {int(right.sum())} right, {short} short answers right; {describe_fit(confidences, right)};"
        f" {keep:.2f} of the right ones kept, {right[sure].mean():.3f} of what is shown right"
    )


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The trust fitted on all questions; each one's confidence, and what would be shown of it, with its fold left out."""

    trust: Trust
    confidences: Matrix
    shown: list[Outcome]

    @property
    def right(self) -> Matrix:
        return np.asarray([one.right for one in self.shown], np.float64)


def calibrate(asked: Sequence[JudgedReading], keep: float, base: Trust | None = None) -> Calibrated:
    """Fit the formulas, and the thresholds that go on showing the share `keep` of the right answers.

    Raises InputError when there is nothing to fit: fewer than LEAST questions, or answers all alike.
    """
    if len(asked) < LEAST:
        raise InputError(f"only {len(asked)} questions found a passage; give at least {LEAST}, some of them without an answer")
    confidences, shown = cross_validate(asked, np.arange(len(asked)) % FOLDS, base)
    right = np.asarray([one.right for one in shown], np.float64)
    if not LEAST_OF_A_KIND <= right.sum() <= len(right) - LEAST_OF_A_KIND:
        raise InputError(
            f"{int(right.sum())} of {len(right)} answers are right; to tell them apart give questions with at least"
            f" {LEAST_OF_A_KIND} right and {LEAST_OF_A_KIND} wrong answers, for example some that the archive does not answer"
        )
    least = float(np.quantile(confidences[right == 1], 1 - keep))
    shorts = least_short([one for one, sure in zip(shown, confidences >= least, strict=True) if sure], SHORT_PRECISION)
    judged = tuple(Judgement(round(float(p), 4), bool(fine)) for p, fine in zip(confidences, right, strict=True))
    trust = replace(fit(asked, base), min_confidence=least, min_short=shorts, calibration=judged)
    return Calibrated(trust, confidences, shown)


def main(
    sets: Annotated[list[str], typer.Argument(metavar="INDEX=GOLD...", help="Archives with questions to judge answers on.")],
    reader_name: Annotated[str, typer.Option("--reader", help="The reader, as the setting of that name has it.")] = PACKAGED,
    limit: Annotated[int | None, typer.Option(help="Only the first so many questions of each set.")] = None,
    keep: Annotated[float, typer.Option(min=0.0, max=1.0, help="The share of right answers to go on showing.")] = KEEP,
) -> None:
    """Fit the confidence of the reader's answers."""
    given = gold_sets(sets)
    settings = load_settings(reader=reader_name)
    if (reader := load_reader(reader_name)) is None:
        raise UsageError("there is no reader to fit a confidence for; name one with --reader")
    reranker = load_reranker(settings, reader)
    collected = [collect(one, reader, reranker, limit) for one in given]
    asked = [one for some in collected for one in some]
    found = calibrate(asked, keep)
    say(f"{len(asked)} questions, {int(found.right.sum())} answered right; every fifth left out: "
        f"{describe_fit(found.confidences, found.right)}")  # fmt: skip
    of_set = np.repeat(np.arange(len(given)), [len(some) for some in collected])
    unseen, unseen_shown = cross_validate(asked, of_set) if len(given) > 1 else (found.confidences, found.shown)
    tell_sets(given, of_set, found.confidences, unseen, found.right)
    tell_unseen(unseen, unseen_shown, keep)
    save_trust(found.trust, setup_of(settings, reader, SentenceEmbedder(settings.model)), trust_folders(reader_name)[0])
    tell(found.trust, found.confidences, found.shown)


def tell(trust: Trust, confidences: Matrix, shown: Sequence[Outcome]) -> None:
    """What the thresholds give on questions left out in turn, and the weights of the formulas."""
    sure = [one for one, confidence in zip(shown, confidences, strict=True) if confidence >= trust.min_confidence]
    say(f"from {trust.min_confidence:.3f} on: {len(sure)} shown, {np.mean([one.right for one in sure]):.3f} of them right")
    short = [one.short_right for one in sure if one.short_chance >= trust.min_short]
    share = np.mean(short) if short else 0.0
    say(f"short answers from {trust.min_short:.3f} on: {len(short)} of these, {share:.3f} of them right")
    say(risk_table(list(trust.calibration)))
    for name, formula in (("statement", trust.statement), ("short", trust.short), ("answer", trust.answer)):
        say(name + "\n" + "\n".join(f"  {own:10} {w:+.3f}" for own, w in zip(formula.names, formula.weights, strict=True)))


if __name__ == "__main__":
    run(main)
