"""Trust: how probably the words cited contain the right answer, and from what probability on to answer.

The probability is a logistic regression over a few named features, fitted by `python -m eval.fit_trust` on questions that the
reader was not trained on, and kept beside the reader's weights, whose hash it names.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.extract.compose import Read
from rag.extract.features import QuestionWords
from rag.extract.model import Logistic
from rag.read.model import read_record

Row = NDArray[np.float64]
FILE = "trust.json"
TRUST_NAMES = ("share", "score", "margin", "said", "place", "coverage", "first", "title")
"""What trust is computed from, in order; nothing in it depends on the day of asking:

share     ln of the belief in the first answer
score     the highest score of any span
margin    the mean over the passages of their best span's score less that of there being no answer
said      the belief in all answers whose words the chosen sentences have
place     1 / (1 + rank of the best passage that gives the first answer), the best being rank 0
coverage  share of the question's words, weighted by how rare they are, that the chosen sentences have
first     the same for the best passage with its title
title     the same for the title that has most of them
"""


def trust_row(question: QuestionWords, read: Read) -> Row:
    """Shape (len(TRUST_NAMES),). Something has been chosen."""
    best = [reading.spans[0].score for reading in read.readings if reading.spans]
    margins = [reading.spans[0].score - reading.silence for reading in read.readings if reading.spans]
    said = frozenset[int]().union(*(read.found[i].held for i in read.chosen))
    places = [place.text for vote in read.voted[:1] for place in vote.places]
    titles = {passage.chunk.source.title for passage in read.passages}
    first = read.passages[0].chunk
    return np.asarray(
        (
            math.log(max(read.voted[0].share if read.voted else 0.0, 1e-6)),
            max(best, default=0.0),
            sum(margins) / max(1, len(margins)),
            sum(read.voted[i].share for i in said),
            1 / (1 + min(places, default=len(read.passages))),
            question.coverage(read.quoted),
            question.coverage(f"{first.source.title}\n{first.text}"),
            max(question.coverage(title) for title in titles),
        ),
        np.float64,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer to a question of the calibration set: its confidence, and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """The formula, the confidence from which to answer when no risk is stated, and the answers it was calibrated on."""

    formula: Logistic
    min_confidence: float
    calibration: tuple[Judged, ...]

    @classmethod
    def unknown(cls) -> Trust:
        """That of answers which nobody has judged yet: an even chance, whatever was read."""
        return cls(Logistic(TRUST_NAMES, (0.0,) * len(TRUST_NAMES), 0.0), 0.0, ())

    def least_confidence(self, max_risk: float | None) -> float:
        return self.min_confidence if max_risk is None else controlled(self.calibration, max_risk)


def controlled(judged: Sequence[Judged], max_risk: float) -> float:
    """The lowest confidence from which, on questions like those judged, at most the share `max_risk` of the answers is wrong.

    Conformal risk control (Angelopoulos, Bates, Fisch, Lei and Schuster, ICLR 2024) of the loss "answered, and wrong" less
    `max_risk` times "answered", whose expectation is at most 0 exactly when that share is kept: of all thresholds the lowest with
    (wrong + 1) / (answered + 1) at most `max_risk`, where the 1 stands for the question to come. Infinite, so that nothing is
    answered, where there is none: few answers cannot promise a small risk.

    What is promised holds on average, over calibration sets and questions drawn alike (exchangeable), and, this loss not falling
    throughout with the threshold, in the limit of many. Questions of another kind, or of an archive that answers fewer of them,
    may be answered wrongly more often.
    """
    least, answered, wrong = math.inf, 0, 0
    ranked = sorted(judged, key=lambda one: -one.confidence)
    for confidence, equals in groupby(ranked, key=lambda one: one.confidence):
        outcomes = [one.right for one in equals]
        answered += len(outcomes)
        wrong += outcomes.count(False)
        if (wrong + 1) / (answered + 1) <= max_risk:
            least = confidence
    return least


def load_trust(weights: Path) -> Trust:
    """What was fitted for the reader in the folder `weights`. Raises ModelError when it is missing or for another reader."""
    file = weights / FILE
    try:
        raw = json.loads(file.read_text("utf-8"))
        formula = Logistic(tuple(raw["weights"]), tuple(map(float, raw["weights"].values())), float(raw["bias"]))
        judged = tuple(Judged(float(confidence), bool(right)) for confidence, right in raw["calibration"])
        trust, reader = Trust(formula, float(raw["min_confidence"]), judged), raw["reader"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{file} cannot be read ({error!r}); {_remedy()}") from error
    if reader != read_record(weights)["sha256"] or formula.names != TRUST_NAMES:
        raise ModelError(f"{file} was fitted for another reader; {_remedy()}")
    return trust


def save_trust(trust: Trust, weights: Path) -> None:
    """Write it beside the weights it belongs to."""
    document = {
        "reader": read_record(weights)["sha256"],
        "bias": round(trust.formula.bias, 4),
        "weights": {name: round(w, 4) for name, w in zip(trust.formula.names, trust.formula.weights, strict=True)},
        "min_confidence": round(trust.min_confidence, 4),
        "calibration": [[round(one.confidence, 4), int(one.right)] for one in trust.calibration],
    }
    text = json.dumps(document, indent=1).replace("[\n   ", "[").replace(",\n   ", ", ").replace("\n  ]", "]")
    (weights / FILE).write_text(text + "\n", "utf-8")


def _remedy() -> str:
    return "install the package again, or fit it: python -m eval.fit_trust"
