"""Trust: how probably a sentence states the answer, its short answer is right, and what would be shown is right.

Three logistic regressions over named features, fitted on questions that the reader was not trained on. Those for the parts that
the package brings come with it (`python -m eval.fit_trust`); for other parts `dateline calibrate` fits them on an archive's own
questions and keeps them with the archive. Both name the parts that they were fitted for, and hold for no others.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.extract.evidence import NAMES, Read
from rag.extract.model import Logistic

Row = NDArray[np.float64]
FILE = "trust.json"
OF_FIRST = ("foreign", "stranger", "fit", "around", "missing")
ANSWER_NAMES = ("statement", "short", *OF_FIRST)
"""What the confidence of an answer is computed from, in order:

statement  the logit of its first sentence stating the answer
short      the logit of the first sentence's short answer being right
The rest are the first sentence's columns of these names: see `NAMES`. With more of them, right and wrong are told apart less
well on archives left out of the fit.
"""


@dataclass(frozen=True, slots=True)
class Setup:
    """The parts that a confidence depends on: the reader by its name, the embedder as MODEL@REVISION, the reranker's setting."""

    reader: str
    embedder: str
    reranker: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer to a question of the calibration set: its confidence, and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """The formulas, the probabilities from which to show an answer and a short answer, and the answers calibrated on.

    Where nothing was `calibrated`, the formulas order and withhold, but what they give is no probability of being right.
    """

    statement: Logistic
    short: Logistic
    answer: Logistic
    min_confidence: float
    min_short: float
    calibration: tuple[Judgement, ...]
    calibrated: bool = True

    @classmethod
    def unknown(cls) -> Trust:
        """That of answers which nobody has judged yet: the reader's own scores order sentences, and decide by an even chance."""
        evidence, margin = (_alone(NAMES, name) for name in ("evidence", "margin"))
        return cls(evidence, margin, _alone(ANSWER_NAMES, "statement"), 0.5, 0.5, (), calibrated=False)

    def least_confidence(self, max_risk: float | None) -> float:
        return self.min_confidence if max_risk is None else control_risk(self.calibration, max_risk)

    def confidence(self, read: Read, first: int) -> float:
        """The probability that the answer that begins with the sentence `first` is right."""
        return float(self.answer.probabilities(self.answer_row(read, first)[np.newaxis, :])[0])

    def answer_row(self, read: Read, first: int) -> Row:
        """Shape (len(ANSWER_NAMES),)."""
        row = read.rows[first : first + 1]
        own = (self.statement.logits(row)[0], self.short.logits(row)[0])
        return np.asarray((*own, *read.rows[first, [NAMES.index(name) for name in OF_FIRST]]), np.float64)


def control_risk(judged: Sequence[Judgement], max_risk: float) -> float:
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


def load_trust(folder: Path) -> tuple[Trust, Setup]:
    """What was fitted and for what parts. Raises ModelError when it is missing or cannot be used."""
    file = folder / FILE
    try:
        raw = json.loads(file.read_text("utf-8"))
        statement, short, answer = (_formula(raw[name]) for name in ("statement", "short", "answer"))
        judged = tuple(Judgement(float(confidence), bool(right)) for confidence, right in raw["calibration"])
        trust = Trust(statement, short, answer, float(raw["min_confidence"]), float(raw["min_short"]), judged)
        setup = Setup(*(str(raw[name]) for name in Setup.__slots__))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{file} cannot be read ({error!r}); fit it again: dateline calibrate GOLD") from error
    if (statement.names, short.names, answer.names) != (NAMES, NAMES, ANSWER_NAMES):
        raise ModelError(f"{file} was fitted by another version; fit it again: dateline calibrate GOLD")
    return trust, setup


def trust_for(setup: Setup, *folders: Path) -> Trust:
    """What the first of `folders` holds that was fitted for `setup`; `Trust.unknown()` where none does. Raises ModelError."""
    for folder in folders:
        if (folder / FILE).exists():
            trust, fitted_for = load_trust(folder)
            if fitted_for == setup:
                return trust
    return Trust.unknown()


def save_trust(trust: Trust, setup: Setup, folder: Path) -> None:
    """Write it into `folder`, in one step."""
    document = {
        **{name: getattr(setup, name) for name in Setup.__slots__},
        "statement": _fields(trust.statement),
        "short": _fields(trust.short),
        "answer": _fields(trust.answer),
        "min_confidence": round(trust.min_confidence, 4),
        "min_short": round(trust.min_short, 4),
        "calibration": [[round(one.confidence, 4), int(one.right)] for one in trust.calibration],
    }
    text = json.dumps(document, indent=1).replace("[\n   ", "[").replace(",\n   ", ", ").replace("\n  ]", "]")
    aside = folder / f"{FILE}.part"
    aside.write_text(text + "\n", "utf-8")
    aside.replace(folder / FILE)


def _alone(names: Sequence[str], used: str) -> Logistic:
    return Logistic(tuple(names), tuple(float(name == used) for name in names), 0.0)


def _formula(raw: Mapping[str, object]) -> Logistic:
    weights = raw["weights"]
    if not isinstance(weights, dict):
        raise TypeError("weights must be an object")
    return Logistic(tuple(weights), tuple(map(float, weights.values())), float(str(raw["bias"])))


def _fields(formula: Logistic) -> dict[str, object]:
    weights = {name: round(w, 4) for name, w in zip(formula.names, formula.weights, strict=True)}
    return {"bias": round(formula.bias, 4), "weights": weights}
