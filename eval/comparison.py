"""The same questions through several retrievers: BM25 alone, dense alone, both, and both reranked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from eval.datasets import Gold
from eval.metrics.intervals import Interval, mean_interval, paired_difference
from eval.terminal import table
from rag.protocols import DenseIndex, Embedder, LexicalIndex, Reranker
from rag.retrieve import Retriever
from rag.types import Chunk, Filters, Passage

HYBRID, RERANKED = "hybrid", "hybrid, reranked"

Search = Callable[[Gold, int], Sequence[Passage]]
"""A gold question and k to the best k passages, as of the day on which it was asked."""
Scores = Mapping[str, Sequence[float]]
"""For each measure, one value a question, in the same order for every retriever."""


def searches(
    embedder: Embedder,
    dense: DenseIndex,
    lexical: LexicalIndex,
    chunks: Callable[[Sequence[str]], dict[str, Chunk]],
    reranker: Reranker | None = None,
) -> dict[str, Search]:
    """The retrievers over one archive, which differ in the weight of the dense index alone, and the hybrid's reranked order."""
    retrievers = {
        "BM25": Retriever(embedder, None, lexical, chunks),
        "dense": Retriever(embedder, dense, lexical, chunks, dense_weight=1.0),
        HYBRID: Retriever(embedder, dense, lexical, chunks),
    }
    found = {name: _search(retriever) for name, retriever in retrievers.items()}
    return found | {RERANKED: _reranked(found[HYBRID], reranker)} if reranker else found


def score_table(scores: Mapping[str, Scores]) -> str:
    """A row for each retriever, a column for each measure, with 95 % intervals, and the paired differences of the hybrid to the
    best of the single ones, measure by measure, and of its reranked order to it."""
    measures = list(next(iter(scores.values())))
    rows = [(name, *(_value(values[measure]) for measure in measures)) for name, values in scores.items()]
    if HYBRID in scores:
        rows.append((f"{HYBRID} − best single", *(_difference(scores, measure) for measure in measures)))
    if RERANKED in scores:
        gains = (paired_difference(scores[RERANKED][measure], scores[HYBRID][measure]) for measure in measures)
        rows.append((f"{RERANKED} − {HYBRID}", *map(_signed, gains)))
    return table(("", *measures), rows)


def selected(scores: Mapping[str, Scores], keep: Sequence[bool]) -> dict[str, Scores]:
    """The scores of the questions whose `keep` is true."""
    return {name: {measure: _kept(values, keep) for measure, values in one.items()} for name, one in scores.items()}


def transposed(questions: Sequence[Mapping[str, float]]) -> Scores:
    """Scores by question to scores by measure."""
    return {name: [scores[name] for scores in questions] for name in (questions[0] if questions else ())}


def _search(retriever: Retriever) -> Search:
    return lambda gold, k: retriever.retrieve(gold.question, k, Filters(), gold.as_of)


def _reranked(search: Search, reranker: Reranker) -> Search:
    return lambda gold, k: reranker.rerank(gold.question, search(gold, max(k, reranker.depth)))[:k]


def _value(values: Sequence[float]) -> str:
    interval = mean_interval(values)
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else "–"


def _difference(scores: Mapping[str, Scores], measure: str) -> str:
    singles = (values[measure] for name, values in scores.items() if name not in (HYBRID, RERANKED))
    best = max(singles, key=lambda values: sum(values), default=[])
    return _signed(paired_difference(scores[HYBRID][measure], best))


def _signed(interval: Interval | None) -> str:
    return f"{interval.value:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]" if interval else "–"


def _kept(values: Sequence[float], keep: Sequence[bool]) -> list[float]:
    return [value for value, kept in zip(values, keep, strict=True) if kept]
