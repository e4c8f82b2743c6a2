"""Support: how probably a span says what a clause says.

A logistic regression over named features, fitted by `python -m eval.fit_support` on sentences of public data sets and on half of
the project's own, each with what it rests on, many with one thing changed. What is exact and plainly different comes not so far.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.types import Check
from rag.verify.alignment import Alignment

Row = NDArray[np.float64]
FILE = "support.json"
Doubt = Literal["name", "negation", "quantity", "speaker", "office", "attachment", "event"]
"""What a clause seems to have otherwise than its span, where the checks that say so can err."""
DOUBTS: tuple[Doubt, ...] = ("name", "negation", "quantity", "speaker", "office", "attachment", "event")
CHECKS: Mapping[Doubt, Check] = {
    "name": "name", "negation": "negation", "quantity": "quantity", "speaker": "speaker",
    "office": "relation", "attachment": "relation", "event": "relation",
}  # fmt: skip
NAMES = ("likeness", "behind", "own", "coverage", "near", "farthest", "gap", "size", "two", "back", "denials", *DOUBTS)
"""What support is computed from, in order:

likeness   the cosine of the clause and the span
behind     how much less that and the coverage are together than for the best of the spans looked at
own, coverage, near, farthest, gap   how the clause's words stand in the span (`Alignment`)
size       the logarithm of one more than the clause's words
two        whether the span is two sentences
back       the mean cosine of each word of the span to the nearest of the clause
denials    whether the one denies more often than the other
name, negation, quantity, speaker, office, attachment, event   whether there is this doubt
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """A clause beside a span, by the features of the same names; `doubts` have what each is about in words."""

    likeness: float
    behind: float
    alignment: Alignment
    size: float
    two: bool
    back: float
    denials: bool
    doubts: Mapping[Doubt, str]

    def row(self) -> Row:
        """Shape (len(NAMES),)."""
        words = self.alignment
        values = (
            self.likeness, self.behind, words.own, words.coverage, words.near, words.farthest, words.gap, self.size,
            self.two, self.back, self.denials, *(name in self.doubts for name in DOUBTS),
        )  # fmt: skip
        return np.asarray(values, np.float64)


@dataclass(frozen=True, slots=True)
class Support:
    """p = 1 / (1 + exp(-(bias + w · x))) for the features NAMES, and the probability from which a clause is carried."""

    weights: tuple[float, ...]
    bias: float
    least: float

    def probabilities(self, rows: Sequence[Row]) -> Row:
        """Shape (len(rows),)."""
        logits = np.asarray(rows, np.float64).reshape(-1, len(NAMES)) @ np.asarray(self.weights) + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))), np.float64)

    def gravest(self, compared: Compared) -> Doubt | None:
        """Of the doubts the one that weighs most; None where there is none."""
        weights = dict(zip(NAMES, self.weights, strict=True))
        return min(compared.doubts, key=lambda name: weights[name], default=None)


def load_support() -> Support:
    """The formula that comes with the package. Raises ModelError when it is missing or for other features."""
    try:
        raw = json.loads((files("rag.verify") / FILE).read_text("utf-8"))
        names, weights = tuple(raw["weights"]), tuple(map(float, raw["weights"].values()))
        support = Support(weights, float(raw["bias"]), float(raw["least"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{FILE} cannot be read ({error!r}); {_REMEDY}") from error
    if names != NAMES:
        raise ModelError(f"{FILE} was fitted for other features; {_REMEDY}")
    return support


_REMEDY = "install the package again, or fit it: python -m eval.fit_support"
