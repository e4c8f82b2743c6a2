"""The same questions through several retrievers: BM25 alone, dense alone, and both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from eval.datasets import Gold
from eval.metrics.intervals import mean_interval, paired_difference
from eval.terminal import table
from rag.protocols import DenseIndex, Embedder, LexicalIndex
from rag.retrieve import Retriever
from rag.types import Chunk, Filters, Passage

HYBRID = "hybrid"

Search = Callable[[Gold, int], Sequence[Passage]]
"""A gold question and k to the best k passages, as of the day on which it was asked."""
Scores = Mapping[str, Sequence[float]]
"""For each measure, one value a question, in the same order for every retriever."""


def searches(
    embedder: Embedder, dense: DenseIndex, lexical: LexicalIndex, chunks: Callable[[Sequence[str]], dict[str, Chunk]]
) -> dict[str, Search]:
    """The three retrievers over one archive; they differ in the weight of the dense index, in nothing else."""
    retrievers = {
        "BM25": Retriever(embedder, None, lexical, chunks),
        "dense": Retriever(embedder, dense, lexical, chunks, dense_weight=1.0),
        HYBRID: Retriever(embedder, dense, lexical, chunks),
    }
    return {name: _search(retriever) for name, retriever in retrievers.items()}


def score_table(scores: Mapping[str, Scores]) -> str:
    """A row for each retriever, a column for each measure, with 95 % intervals, and the paired difference of the hybrid to the
    best of the others, measure by measure."""
    measures = list(next(iter(scores.values())))
    rows = [(name, *(_value(values[measure]) for measure in measures)) for name, values in scores.items()]
    if HYBRID in scores:
        rows.append((f"{HYBRID} − best single", *(_difference(scores, measure) for measure in measures)))
    return table(("", *measures), rows)


def selected(scores: Mapping[str, Scores], keep: Sequence[bool]) -> dict[str, Scores]:
    """The scores of the questions whose `keep` is true."""
    return {name: {measure: _kept(values, keep) for measure, values in one.items()} for name, one in scores.items()}


def transposed(questions: Sequence[Mapping[str, float]]) -> Scores:
    """Scores by question to scores by measure."""
    return {name: [scores[name] for scores in questions] for name in (questions[0] if questions else ())}


def _search(retriever: Retriever) -> Search:
    return lambda gold, k: retriever.retrieve(gold.question, k, Filters(), gold.as_of)


def _value(values: Sequence[float]) -> str:
    interval = mean_interval(values)
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else "–"


def _difference(scores: Mapping[str, Scores], measure: str) -> str:
    singles = (values[measure] for name, values in scores.items() if name != HYBRID)
    best = max(singles, key=lambda values: sum(values), default=[])
    interval = paired_difference(scores[HYBRID][measure], best)
    return f"{interval.value:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]" if interval else "–"


def _kept(values: Sequence[float], keep: Sequence[bool]) -> list[float]:
    return [value for value, kept in zip(values, keep, strict=True) if kept]
