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
from rag.extract.cues import asked_kind, offers, wanted
from rag.extract.features import QuestionWords
from rag.extract.model import Logistic
from rag.read import Vote
from rag.read.model import read_record

Row = NDArray[np.float64]
FILE = "trust.json"
SEEN = 0.05
"""The part of an answer's belief from which a place of it counts as seen."""
NO_VOTE = Vote("", 0.0, ())
TRUST_NAMES = (
    "share", "lead", "margin", "answers", "silence", "evidence", "agreement", "coverage", "context", "offered", "explains",
)  # fmt: skip
"""What trust is computed from, in order; nothing in it depends on the day of asking or on how passages were ranked:

share      ln of the belief in the first answer
lead       its belief less the second's
margin     its best span's score less that of there being no answer in that passage
answers    the highest logit of a passage that has the answer
silence    the share of the passages that the reader takes to answer nothing
evidence   the logit of the best sentence chosen
agreement  ln of how many articles have the answer where the reader sees it
coverage   share of the question's words, weighted by how rare they are, that the chosen sentences have
context    the same for their passages with their titles
offered    whether the sentences offer a thing of the kind that is asked for
explains   whether an explanation is asked for, for which the short answer says little
"""


def trust_row(question: str, read: Read, words: QuestionWords) -> Row:
    """Shape (len(TRUST_NAMES),). Something has been chosen."""
    best, *others = read.voted or [NO_VOTE]
    at = {place.text for place in best.places}
    seen = [place for place in best.places if place.belief >= SEEN * best.share]
    margins = [place.span.score - read.readings[place.text].silence for place in best.places]
    spoken = [read.readings[i].answers for i in at]
    quoted = [read.found[i] for i in read.chosen]
    around = {one.passage: read.passages[one.passage].chunk for one in quoted}
    text = " ".join(one.quote.text for one in quoted)
    return np.asarray(
        (
            math.log(max(best.share, 1e-6)),
            best.share - (others[0].share if others else 0.0),
            max(margins, default=0.0),
            max(spoken, default=0.0),
            sum(reading.answers < 0 for reading in read.readings) / len(read.readings),
            max(one.evidence for one in quoted),
            math.log(max(1, len({read.passages[place.text].chunk.source.id for place in seen}))),
            words.coverage(text),
            words.coverage(" ".join(f"{chunk.source.title} {chunk.text}" for chunk in around.values())),
            offers(asked_kind(question), text, frozenset(question.lower().replace("?", " ").split())),
            float(wanted(question) == "sentences"),
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
    `max_risk` times "answered", whose expectation is at most 0 exactly when that share is kept. An answer more probable than
    `1 - max_risk` only lowers it, so thresholds are tried from there downwards, as long as (wrong + 1) / (answered + 1) is at
    most `max_risk`; the 1 stands for the question to come. Infinite, so that nothing is answered, where already the first fails.

    What is promised holds on average, over calibration sets and questions drawn alike (exchangeable), and, the loss not being
    monotone, in the limit of many (their section on monotonised risks). Questions of another kind, or of an archive that
    answers fewer of them, may be answered wrongly more often.
    """
    surest = 1 - max_risk
    ranked = sorted(judged, key=lambda one: -one.confidence)
    kept = [one for one in ranked if one.confidence >= surest]
    answered, wrong = len(kept), sum(not one.right for one in kept)
    if (wrong + 1) / (answered + 1) > max_risk:
        return math.inf
    least = surest
    for confidence, equals in groupby(ranked[answered:], key=lambda one: one.confidence):
        outcomes = [one.right for one in equals]
        answered += len(outcomes)
        wrong += outcomes.count(False)
        if (wrong + 1) / (answered + 1) > max_risk:
            break
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
