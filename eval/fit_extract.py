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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from eval.datasets import Gold
from eval.fitting import GoldSet, as_fields, describe_fit, fit_logistic, gold_sets, open_set, out_of_fold
from eval.metrics.answers import contains_answer
from eval.terminal import run, say
from rag.extract.answerer import CONFIDENCE_NAMES, ExtractiveAnswerer, confidence_row, select
from rag.extract.features import NAMES, Candidate, Matrix
from rag.extract.model import FittedModel, Logistic, Row
from rag.protocols import Terms
from rag.settings import load_settings

UNUSED = frozenset({"title"})
"""Columns that are left out of the sentence formula: in the reading sets every paragraph of an article has the same title."""


@dataclass(frozen=True, slots=True)
class ScoredQuestion:
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
class Judgement:
    """The features of a chosen answer, and whether it is right."""

    row: Row
    right: bool


def collect(one: GoldSet, limit: int | None, then: Callable[[ScoredQuestion, Terms, int], None]) -> None:
    """Hand every question of the set that finds a sentence, scored but not yet judged, to `then`."""
    max_words = load_settings().answer_words
    with open_set(one, limit) as (parts, questions):
        if not isinstance(parts.answerer, ExtractiveAnswerer):
            raise TypeError("the extractive answerer is what is fitted here")
        for asked in questions:
            found, matrix = parts.answerer.score(asked.gold.text, asked.passages, asked.articles)
            if found:
                then(ScoredQuestion(asked.gold, found, matrix), parts.archive.lexical, max_words)


def judge(scored: ScoredQuestion, formula: Logistic, terms: Terms, max_words: int) -> Judgement:
    """Choose sentences as the answerer does, and see whether they hold the answer."""
    scores = formula.probabilities(scored.matrix)
    chosen = select(scored.found, scores, max_words)
    quoted = " ".join(scored.found[i].quote.text for i in chosen)
    row = confidence_row(scored.gold.text, scored.found, scored.matrix, scores, chosen, terms)
    return Judgement(row, scored.gold.answerable and contains_answer(quoted, scored.gold.answers))


def fit_sentences(reading: Sequence[GoldSet], limit: int | None) -> Logistic:
    rows: list[Matrix] = []
    labels: list[Row] = []

    def add(scored: ScoredQuestion, _terms: Terms, _words: int) -> None:
        holds = scored.holds_answer()
        if holds.any():
            rows.append(scored.matrix)
            labels.append(holds)

    for one in reading:
        collect(one, limit, add)
    return fit_logistic(NAMES, np.vstack(rows), np.concatenate(labels), UNUSED)


def fit_confidence(formula: Logistic, judging: Sequence[GoldSet], limit: int | None, keep: float) -> tuple[Logistic, float]:
    """The confidence formula, and the least confidence to show; prints how well it holds on questions left out."""
    judged: list[Judgement] = []
    for one in judging:
        collect(one, limit, lambda scored, terms, words: judged.append(judge(scored, formula, terms, words)))
    rows, labels = np.stack([one.row for one in judged]), np.asarray([one.right for one in judged], np.float64)
    predicted = out_of_fold(CONFIDENCE_NAMES, rows, labels)
    right = np.sort(predicted[labels == 1])
    least = float(right[int((1 - keep) * len(right))])
    shown = predicted >= least
    say(
        f"confidence, {len(judged)} questions, {int(labels.sum())} answered right, left out of the fit in turn:\n"
        f"  {describe_fit(predicted, labels)}\n"
        f"  from {least:.3f} on: {shown.sum()} shown, {labels[shown].mean():.3f} of them right"
    )
    return fit_logistic(CONFIDENCE_NAMES, rows, labels), least


def as_json(fitted: FittedModel) -> str:
    document = {
        "sentence": as_fields(fitted.sentence),
        "confidence": as_fields(fitted.confidence),
        "min_confidence": round(fitted.min_confidence, 3),
    }
    return json.dumps(document, indent=1) + "\n"


def main(
    reading: Annotated[list[str], typer.Option(metavar="INDEX=GOLD", help="A set to fit sentences on; can be given again.")],
    judging: Annotated[list[str], typer.Option(metavar="INDEX=GOLD", help="A set to fit confidence on; can be given again.")],
    out: Annotated[Path, typer.Option(help="Where to write the weights.")] = Path("rag/extract/weights.json"),
    limit: Annotated[int | None, typer.Option(help="Only the first so many questions of each set.")] = None,
    keep: Annotated[float, typer.Option(min=0.0, max=1.0, help="The share of right answers to go on showing.")] = 0.9,
) -> None:
    """Fit the extractive answerer."""
    sentence = fit_sentences(gold_sets(reading), limit)
    confidence, least = fit_confidence(sentence, gold_sets(judging), limit, keep)
    document = as_json(FittedModel(sentence, confidence, least))
    out.write_text(document, "utf-8")
    say(document)


if __name__ == "__main__":
    run(main)
