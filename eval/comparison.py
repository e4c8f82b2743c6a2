"""The same questions through several retrievers: BM25 alone, dense alone, both, and both reranked.

The hybrid and its reranked order are scored twice: with the times and outlets that a question names, and taking it at its word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from eval.datasets import Gold
from eval.metrics.intervals import Interval, mean_interval, paired_difference
from eval.terminal import table
from rag.protocols import DenseIndex, Embedder, LexicalIndex, Reranker
from rag.retrieve import Retriever
from rag.types import Chunk, Filters, Passage
from rag.understand import scopes_asked

HYBRID, RERANKED = "hybrid", "hybrid, reranked"
LITERAL, LITERAL_RERANKED = "hybrid, literal", "hybrid, literal, reranked"

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
    outlets: Sequence[str] = (),
) -> dict[str, Search]:
    """The retrievers over one archive with these `outlets`: by the weight of the dense index, by whether the times and outlets
    that a question names are preferred, and the hybrids' reranked orders."""
    hybrid = Retriever(embedder, dense, lexical, chunks)
    found = {
        "BM25": _search(Retriever(embedder, None, lexical, chunks)),
        "dense": _search(Retriever(embedder, dense, lexical, chunks, dense_weight=1.0)),
        LITERAL: _search(hybrid),
        HYBRID: _search(hybrid, outlets),
    }
    if reranker is None:
        return found
    return found | {LITERAL_RERANKED: _rerank(found[LITERAL], reranker), RERANKED: _rerank(found[HYBRID], reranker)}


def score_table(scores: Mapping[str, Scores]) -> str:
    """A row for each retriever, a column for each measure, with 95 % intervals, and paired differences: of the literal hybrid to
    the best of the single ones, measure by measure, of what naming times and outlets brings, and of the reranked order."""
    measures = list(next(iter(scores.values())))
    rows = [(name, *(_value(values[measure]) for measure in measures)) for name, values in scores.items()]
    if LITERAL in scores:
        rows.append((f"{LITERAL} − best single", *(_difference(scores, measure) for measure in measures)))
    for one, other in ((HYBRID, LITERAL), (RERANKED, LITERAL_RERANKED), (RERANKED, HYBRID)):
        if one in scores and other in scores:
            gains = (paired_difference(scores[one][measure], scores[other][measure]) for measure in measures)
            rows.append((f"{one} − {other}", *map(_format_signed, gains)))
    return table(("", *measures), rows)


def select(scores: Mapping[str, Scores], keep: Sequence[bool]) -> dict[str, Scores]:
    """The scores of the questions whose `keep` is true."""
    return {name: {measure: _select_kept(values, keep) for measure, values in one.items()} for name, one in scores.items()}


def transpose(questions: Sequence[Mapping[str, float]]) -> Scores:
    """Scores by question to scores by measure."""
    return {name: [scores[name] for scores in questions] for name in (questions[0] if questions else ())}


def _search(retriever: Retriever, outlets: Sequence[str] | None = None) -> Search:
    """Retrieval that takes a question at its word, unless the archive's `outlets` are given."""

    def search(gold: Gold, k: int) -> Sequence[Passage]:
        scopes = () if outlets is None else scopes_asked(gold.text, gold.question.as_of or date.today(), outlets)
        return retriever.retrieve(gold.text, k, Filters(), gold.question.as_of, scopes)

    return search


def _rerank(search: Search, reranker: Reranker) -> Search:
    return lambda gold, k: reranker.rerank(gold.text, search(gold, max(k, reranker.depth)))[:k]


def _value(values: Sequence[float]) -> str:
    interval = mean_interval(values)
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else "–"


def _difference(scores: Mapping[str, Scores], measure: str) -> str:
    singles = (values[measure] for name, values in scores.items() if HYBRID not in name)
    best = max(singles, key=lambda values: sum(values), default=[])
    return _format_signed(paired_difference(scores[LITERAL][measure], best))


def _format_signed(interval: Interval | None) -> str:
    return f"{interval.value:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]" if interval else "–"


def _select_kept(values: Sequence[float], keep: Sequence[bool]) -> list[float]:
    return [value for value, kept in zip(values, keep, strict=True) if kept]
