"""The two fitted formulas of the extractive answerer: how well a sentence answers, and how probably the answer is right.

Both are logistic regressions over named features, a few dozen numbers in `weights.json`, fitted by `python -m eval.fit_extract`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError

Row = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = 1 / (1 + exp(-(bias + w · x)))."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def probabilities(self, matrix: Row) -> Row:
        """Shape (rows,) from shape (rows, len(names)). Not-a-number counts as 0."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.logits(matrix), -50, 50))), np.float64)

    def logits(self, matrix: Row) -> Row:
        """Shape (rows,) from shape (rows, len(names)): bias + w · x. Not-a-number counts as 0."""
        return np.asarray(np.nan_to_num(matrix) @ np.asarray(self.weights) + self.bias, np.float64)


@dataclass(frozen=True, slots=True)
class FittedModel:
    """Everything that fitting found."""

    sentence: Logistic
    confidence: Logistic
    min_confidence: float


def load_fitted(sentence_names: Sequence[str], confidence_names: Sequence[str]) -> FittedModel:
    """The fitted formulas that come with the package. Raises ModelError when they are for other features."""
    raw = json.loads((resources.files("rag.extract") / "weights.json").read_text("utf-8"))
    sentence, confidence = _logistic(raw["sentence"]), _logistic(raw["confidence"])
    for found, wanted in ((sentence, sentence_names), (confidence, confidence_names)):
        if found.names != tuple(wanted):
            raise ModelError("weights.json was fitted for other features; fit it again: python -m eval.fit_extract")
    return FittedModel(sentence, confidence, float(raw["min_confidence"]))


def _logistic(raw: dict[str, Any]) -> Logistic:
    weights = dict(raw["weights"])
    return Logistic(tuple(weights), tuple(float(weight) for weight in weights.values()), float(raw["bias"]))
