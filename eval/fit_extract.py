"""Fit the extractive answerer's two formulas and write its weights.json.

    python -m eval.fit_extract --reading INDEX=GOLD --judging INDEX=GOLD --judging INDEX=GOLD …

Sentences are fitted on the `--reading` sets: which sentences of the passages found hold an answer. Confidence is fitted on the
`--judging` sets, with those sentences chosen: whether the chosen ones hold the right answer (never, where there is none). Give
sets of several kinds there: what likeness means depends on how large an archive is and on how its questions were written.
Printed are both formulas and, predicted for questions left out of the fit (five folds), the calibration error and the area
under the risk-coverage curve. The least confidence shown is the one that keeps `--keep` of the right answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from eval.datasets import Gold, load_gold
from eval.metrics.abstention import area_under_risk_coverage, expected_calibration_error, reliability
from eval.metrics.answers import contains_answer
from eval.terminal import note, run, say
from rag.errors import UsageError
from rag.extract.answerer import CONFIDENCE_NAMES, ExtractiveAnswerer, confidence_row, select
from rag.extract.features import NAMES, Candidate, Matrix
from rag.extract.model import Fitted, Logistic, Row
from rag.parts import open_parts
from rag.pipeline import Rag
from rag.protocols import Terms
from rag.settings import load_settings

FOLDS = 5
UNUSED = frozenset({"title"})
"""Columns that are left out of the sentence formula: in the reading sets every paragraph of an article has the same title."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A question with the candidate sentences that were found for it, and the row its confidence is computed from."""

    gold: Gold
    found: Sequence[Candidate]
    matrix: Matrix

    def holds_answer(self) -> Row:
        """1 for each sentence that holds an answer and stands in a right article, as far as those are known."""
        right = set(self.gold.article_ids)
        held = [
            (not right or one.quote.source.id in right) and contains_answer(one.quote.text, self.gold.answers)
            for one in self.found
        ]
        return np.asarray(held, np.float64)


@dataclass(frozen=True, slots=True)
class Judged:
    """The features of a chosen answer, and whether it is right."""

    row: Row
    right: bool


def collect(index: Path, gold: Path, limit: int | None, then: Callable[[Scored, Terms, int], None]) -> None:
    """Hand every question of `gold` that finds a sentence, scored but not yet judged, to `then`."""
    settings = load_settings(index=index)
    archive, embedder, answerer = open_parts(index, settings)
    if not isinstance(answerer, ExtractiveAnswerer):
        raise TypeError("the extractive answerer is what is fitted here")
    with Rag(archive, embedder, answerer, settings) as rag:
        items = load_gold(gold)[:limit]
        for done, item in enumerate(items):
            if done % 50 == 0:
                note(f"{gold}: {done} of {len(items)}")
            passages = rag.search(item.question, settings.passages, item.since, item.until, item.outlets, item.as_of)
            articles = archive.catalog.articles([passage.chunk.source.id for passage in passages])
            found, matrix = answerer.scored(item.question, passages, articles)
            if found:
                then(Scored(item, found, matrix), archive.lexical, settings.answer_words)


def fitted_logistic(names: Sequence[str], rows: Matrix, labels: Row, unused: Iterable[str] = ()) -> Logistic:
    """The logistic regression of `labels` on `rows`, the weights of `unused` columns being 0."""
    from sklearn.linear_model import LogisticRegression

    used = [i for i, name in enumerate(names) if name not in set(unused)]
    found = LogisticRegression(C=1.0, max_iter=5000).fit(rows[:, used], labels)
    weights = dict(zip(used, found.coef_[0], strict=True))
    return Logistic(tuple(names), tuple(float(weights.get(i, 0.0)) for i in range(len(names))), float(found.intercept_[0]))


def out_of_fold(judged: Sequence[Judged]) -> Row:
    """The confidence of each answer, from a formula fitted on the other folds."""
    rows, labels = np.stack([one.row for one in judged]), np.asarray([one.right for one in judged], np.float64)
    folds = np.arange(len(judged)) % FOLDS
    predicted = np.zeros(len(judged))
    for fold in range(FOLDS):
        formula = fitted_logistic(CONFIDENCE_NAMES, rows[folds != fold], labels[folds != fold])
        predicted[folds == fold] = formula.probabilities(rows[folds == fold])
    return predicted


def judge(scored: Scored, formula: Logistic, terms: Terms, max_words: int) -> Judged:
    """Choose sentences as the answerer does, and see whether they hold the answer."""
    scores = formula.probabilities(scored.matrix)
    chosen = select(scored.found, scores, max_words)
    quoted = " ".join(scored.found[i].quote.text for i in chosen)
    row = confidence_row(scored.gold.question, scored.found, scored.matrix, scores, chosen, terms)
    return Judged(row, scored.gold.answerable and contains_answer(quoted, scored.gold.answers))


def fit_sentences(reading: Sequence[tuple[Path, Path]], limit: int | None) -> Logistic:
    rows: list[Matrix] = []
    labels: list[Row] = []

    def add(scored: Scored, _terms: Terms, _words: int) -> None:
        holds = scored.holds_answer()
        if holds.any():
            rows.append(scored.matrix)
            labels.append(holds)

    for index, gold in reading:
        collect(index, gold, limit, add)
    return fitted_logistic(NAMES, np.vstack(rows), np.concatenate(labels), UNUSED)


def fit_confidence(
    formula: Logistic, judging: Sequence[tuple[Path, Path]], limit: int | None, keep: float
) -> tuple[Logistic, float]:
    """The confidence formula, and the least confidence to show; prints how well it holds on questions left out."""
    judged: list[Judged] = []
    for index, gold in judging:
        collect(index, gold, limit, lambda scored, terms, words: judged.append(judge(scored, formula, terms, words)))
    labels = [one.right for one in judged]
    predicted = out_of_fold(judged)
    right = np.sort(predicted[np.asarray(labels)])
    least = float(right[int((1 - keep) * len(right))])
    shown = predicted >= least
    confidences = predicted.tolist()
    say(
        f"confidence, {len(judged)} questions, {sum(labels)} answered right, left out of the fit in turn:\n"
        f"  expected calibration error {expected_calibration_error(reliability(confidences, labels)):.3f},"
        f" area under risk-coverage {area_under_risk_coverage(confidences, labels):.3f}\n"
        f"  from {least:.3f} on: {shown.sum()} shown, {np.asarray(labels)[shown].mean():.3f} of them right"
    )
    formula = fitted_logistic(CONFIDENCE_NAMES, np.stack([one.row for one in judged]), np.asarray(labels, np.float64))
    return formula, least


def as_json(fitted: Fitted) -> str:
    def formula(one: Logistic) -> dict[str, object]:
        return {
            "bias": round(one.bias, 4),
            "weights": {name: round(w, 4) for name, w in zip(one.names, one.weights, strict=True)},
        }

    document = {
        "sentence": formula(fitted.sentence),
        "confidence": formula(fitted.confidence),
        "min_confidence": round(fitted.min_confidence, 3),
    }
    return json.dumps(document, indent=1) + "\n"


def _pairs(written: Sequence[str]) -> list[tuple[Path, Path]]:
    pairs = [text.partition("=") for text in written]
    if any(not gold for _, _, gold in pairs):
        raise UsageError("write each set as INDEX=GOLD, an archive directory and a gold file")
    return [(Path(index), Path(gold)) for index, _, gold in pairs]


def main(
    reading: Annotated[list[str], typer.Option(metavar="INDEX=GOLD", help="A set to fit sentences on; can be given again.")],
    judging: Annotated[list[str], typer.Option(metavar="INDEX=GOLD", help="A set to fit confidence on; can be given again.")],
    out: Annotated[Path, typer.Option(help="Where to write the weights.")] = Path("rag/extract/weights.json"),
    limit: Annotated[int | None, typer.Option(help="Only the first so many questions of each set.")] = None,
    keep: Annotated[float, typer.Option(min=0.0, max=1.0, help="The share of right answers to go on showing.")] = 0.9,
) -> None:
    """Fit the extractive answerer."""
    sentence = fit_sentences(_pairs(reading), limit)
    confidence, least = fit_confidence(sentence, _pairs(judging), limit, keep)
    document = as_json(Fitted(sentence, confidence, least))
    out.write_text(document, "utf-8")
    say(document)


if __name__ == "__main__":
    run(main)
