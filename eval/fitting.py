"""What the commands that fit a confidence share: sets to ask, the regression, and how well it holds on what it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.datasets import Gold, load_gold
from eval.metrics.abstention import area_under_risk_coverage, expected_calibration_error, reliability
from eval.terminal import note
from rag.errors import UsageError
from rag.extract.model import Logistic
from rag.parts import Parts, open_parts
from rag.pipeline import Rag
from rag.protocols import Reranker
from rag.settings import NONE, load_settings
from rag.types import Article, Passage

Matrix = NDArray[np.float64]
FOLDS = 5


@dataclass(frozen=True, slots=True)
class GoldSet:
    """An archive and the questions to ask of it."""

    index: Path
    gold: Path

    @property
    def name(self) -> str:
        return f"{self.index.name}={self.gold.parent.name}/{self.gold.stem}"


@dataclass(frozen=True, slots=True)
class GoldReading:
    """A gold question with the passages found for it, as for `dateline ask`, and their articles by id."""

    gold: Gold
    passages: tuple[Passage, ...]
    articles: dict[str, Article]


def gold_sets(written: Sequence[str]) -> list[GoldSet]:
    """Sets written INDEX=GOLD. Raises UsageError for another form."""
    parts = [text.partition("=") for text in written]
    if any(not gold for _, _, gold in parts):
        raise UsageError("write each set as INDEX=GOLD, an archive directory and a gold file")
    return [GoldSet(Path(index), Path(gold)) for index, _, gold in parts]


@contextmanager
def open_set(
    one: GoldSet, limit: int | None = None, reranker: Reranker | None = None
) -> Iterator[tuple[Parts, Iterator[GoldReading]]]:
    """The parts of the set's archive, and its first `limit` questions with what is found for them, and by `reranker` ordered."""
    settings = load_settings(index=one.index, reader=NONE, reranker=NONE)
    parts = replace(open_parts(one.index, settings), reranker=reranker)
    items = load_gold(one.gold)[:limit]

    def ask_gold(rag: Rag) -> Iterator[GoldReading]:
        for done, item in enumerate(items):
            if done % 50 == 0:
                note(f"{one.name}: {done} of {len(items)}")
            found = rag.find(replace(item.question, history=()))
            yield GoldReading(item, found.passages, found.articles)

    with Rag(parts, settings) as rag:
        yield parts, ask_gold(rag)


def fit_logistic(
    names: Sequence[str], rows: Matrix, labels: Matrix, unused: Iterable[str] = (), strength: float = 1.0
) -> Logistic:
    """The logistic regression of `labels` on `rows`, the weights of `unused` columns being 0."""
    from sklearn.linear_model import LogisticRegression

    used = [i for i, name in enumerate(names) if name not in set(unused)]
    found = LogisticRegression(C=strength, max_iter=5000).fit(rows[:, used], labels)
    weights = dict(zip(used, found.coef_[0], strict=True))
    return Logistic(tuple(names), tuple(float(weights.get(i, 0.0)) for i in range(len(names))), float(found.intercept_[0]))


def fit_standardised(
    names: Sequence[str], rows: Matrix, labels: Matrix, strength: float, unused: Iterable[str] = ()
) -> Logistic:  # fmt: skip
    """As `fit_logistic`, with each column brought to mean 0 and deviation 1 for the fit: a small `strength` (the inverse of the
    penalty) keeps all weights small alike."""
    middle, spread = rows.mean(0), rows.std(0) + 1e-9
    found = fit_logistic(names, (rows - middle) / spread, labels, unused, strength)
    weights = np.asarray(found.weights) / spread
    return Logistic(found.names, tuple(map(float, weights)), float(found.bias - middle @ weights))


def ranking_logistic(
    names: Sequence[str], rows: Sequence[Matrix], labels: Sequence[NDArray[np.bool_]], penalty: float = 0.01
) -> Logistic:
    """The formula whose order of a question's rows puts a labelled one first; its probabilities are those of being labelled.

    The weights minimise the mean over the questions of -ln of the softmax's share of the labelled rows (ListNet's top-one loss:
    Cao et al., ICML 2007) and `penalty` times the squared length of the standardised weights; a logistic regression on the score
    that they give, over all rows, then sets the scale and the bias. `rows` and `labels` are by question; one without a labelled
    row counts for the second alone.
    """
    from scipy.optimize import minimize

    everything = np.vstack(rows)
    middle, spread = everything.mean(0), everything.std(0) + 1e-9
    ranked = [((some - middle) / spread, right) for some, right in zip(rows, labels, strict=True) if right.any()]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = penalty * float(weights @ weights), 2 * penalty * weights
        for some, right in ranked:
            shares = np.exp((scores := some @ weights) - scores.max())
            among, own = shares / shares.sum(), shares * right / (shares * right).sum()
            total -= float(np.log((shares * right).sum() / shares.sum())) / len(ranked)
            slope = slope + some.T @ (among - own) / len(ranked)
        return total, slope

    found = np.asarray(minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x)
    scores = ((everything - middle) / spread @ found)[:, np.newaxis]
    scale = fit_logistic(("score",), scores, np.concatenate(labels).astype(np.float64))
    weights = scale.weights[0] * found / spread
    return Logistic(tuple(names), tuple(map(float, weights)), float(scale.bias - middle @ weights))


def out_of_fold(names: Sequence[str], rows: Matrix, labels: Matrix, folds: NDArray[np.int64] | None = None) -> Matrix:
    """The probability of each row from a formula fitted on the rows of the other folds; every fifth row is one unless given."""
    folds = np.arange(len(rows)) % FOLDS if folds is None else folds
    predicted = np.zeros(len(rows))
    for fold in np.unique(folds):
        formula = fit_logistic(names, rows[folds != fold], labels[folds != fold])
        predicted[folds == fold] = formula.probabilities(rows[folds == fold])
    return predicted


def describe_fit(predicted: Matrix, labels: Matrix) -> str:
    """Expected calibration error and area under the risk-coverage curve, in words."""
    confidences, right = predicted.tolist(), labels.astype(bool).tolist()
    error = expected_calibration_error(reliability(confidences, right))
    area = area_under_risk_coverage(confidences, right)
    return f"expected calibration error {error:.3f}, area under risk-coverage {area:.3f}"


def as_fields(formula: Logistic) -> dict[str, object]:
    """A formula as JSON has it."""
    weights = {name: round(w, 4) for name, w in zip(formula.names, formula.weights, strict=True)}
    return {"bias": round(formula.bias, 4), "weights": weights}
