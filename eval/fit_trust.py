"""Fit how far the reader's answers are to be trusted, and write trust.json beside its weights.

    python -m eval.fit_trust INDEX=GOLD INDEX=GOLD …

Every question of the sets is answered; the confidence is fitted to whether the cited sentences hold the right answer (never,
where there is none). Give sets of several kinds, none of which the reader was trained on. Printed are the calibration error and
the area under the risk-coverage curve, predicted for questions left out of the fit: every fifth in turn, and each whole set in
turn, as for an archive of a new kind. The confidences of the first are kept as the calibration set of `--max-risk`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from eval.fitting import GoldSet, Matrix, fitted_logistic, gold_sets, held_up, opened, out_of_fold
from eval.metrics.answers import contains_answer
from eval.terminal import run, say, table
from rag.embed import model_directory
from rag.errors import InputError
from rag.extract.features import QuestionWords
from rag.extract.reading import ReadingAnswerer
from rag.extract.trust import TRUST_NAMES, Judged, Trust, controlled, save_trust, trust_row
from rag.read import SHIPPED, Reader
from rag.rerank import ReaderReranker
from rag.settings import load_settings

RISKS = (0.05, 0.1, 0.2, 0.3)


def collect(one: GoldSet, reader: Reader, limit: int | None) -> tuple[list[Matrix], list[bool]]:
    """The features of each question's answer, and whether it is right. Questions that find no sentence are left out."""
    rows, labels = [], []
    with opened(one, limit, ReaderReranker(reader, load_settings().passages)) as (parts, questions):
        lexical = parts.archive.lexical
        answerer = ReadingAnswerer(reader, lambda: lexical, Trust.unknown())
        for asked in questions:
            read = answerer.read(asked.gold.question, asked.passages)
            if read.chosen:
                rows.append(trust_row(QuestionWords(asked.gold.question, lexical), read))
                labels.append(asked.gold.answerable and contains_answer(read.quoted, asked.gold.answers))
    return rows, labels


def risk_table(judged: list[Judged]) -> str:
    """For each stated risk, the confidence from which to answer, and what that gives on the calibration set itself."""
    rows = []
    for risk in RISKS:
        least = controlled(judged, risk)
        shown = [one.right for one in judged if one.confidence >= least]
        wrong = f"{1 - np.mean(shown):.3f}" if shown else "-"
        rows.append((f"{risk:.2f}", f"{least:.3f}", f"{len(shown) / len(judged):.3f}", wrong))
    return table(("risk", "from confidence", "answered", "wrong"), rows)


def main(
    sets: Annotated[list[str], typer.Argument(metavar="INDEX=GOLD...", help="Archives with questions to judge answers on.")],
    weights: Annotated[Path, typer.Option(help="The folder of the reader's weights; trust.json is written into it.")] = SHIPPED,
    limit: Annotated[int | None, typer.Option(help="Only the first so many questions of each set.")] = None,
    keep: Annotated[float, typer.Option(min=0.0, max=1.0, help="The share of right answers to go on showing.")] = 0.85,
) -> None:
    """Fit the confidence of the reader's answers."""
    given = gold_sets(sets)
    reader = Reader(model_directory(), weights)
    collected = [collect(one, reader, limit) for one in given]
    rows = np.stack([row for some, _ in collected for row in some])
    labels = np.asarray([right for _, some in collected for right in some], np.float64)
    if len(set(labels.tolist())) < 2:
        raise InputError(f"all {len(labels)} answers are alike, right or wrong; give questions of both kinds to fit on")
    of_set = np.repeat(np.arange(len(given)), [len(some) for _, some in collected])
    predicted = out_of_fold(TRUST_NAMES, rows, labels)
    say(f"{len(rows)} questions, {int(labels.sum())} answered right; every fifth left out: {held_up(predicted, labels)}")
    unseen = out_of_fold(TRUST_NAMES, rows, labels, of_set) if len(given) > 1 else predicted
    for number, one in enumerate(given):
        mine = of_set == number
        say(
            f"  {one.name}: {mine.sum()} questions, {labels[mine].mean():.3f} right; {held_up(predicted[mine], labels[mine])};"
            f" the set left out: {held_up(unseen[mine], labels[mine])}"
        )
    least = float(np.quantile(predicted[labels == 1], 1 - keep))
    judged = [Judged(round(float(p), 4), bool(right)) for p, right in zip(predicted, labels, strict=True)]
    trust = Trust(fitted_logistic(TRUST_NAMES, rows, labels), least, tuple(judged))
    save_trust(trust, weights)
    shown = labels[predicted >= least]
    say(f"from {least:.3f} on: {len(shown)} shown, {shown.mean():.3f} of them right")
    say(risk_table(judged))
    say("\n".join(f"  {name:10} {w:+.3f}" for name, w in zip(TRUST_NAMES, trust.formula.weights, strict=True)))


if __name__ == "__main__":
    run(main)
