"""Retrieval: both indexes asked at once, their scores fused, and the passages spread over articles.

Fusion is a convex combination of min-max normalised scores (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid
Retrieval", TOIS 2023), which keeps how far apart scores are; reciprocal ranks throw that away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date

from rag.errors import UsageError
from rag.protocols import DenseIndex, Embedder, LexicalIndex
from rag.settings import MAX_K
from rag.types import Chunk, Filters, Hit, Passage

DENSE_WEIGHT = 0.4
DEPTH = 100
FRESH_WEIGHT = 0.4
HALF_LIFE = 14.0
PER_ARTICLE = 3
SHINGLE = 5
COPIED = 0.8
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Retriever:
    """Finds passages in the two indexes; without `dense` (damaged, or being rebuilt) the lexical index answers alone.

    `chunks` resolves chunk ids; ids that it does not know, of articles gone in the meantime, are passed over.
    """

    embedder: Embedder
    dense: DenseIndex | None
    lexical: LexicalIndex
    chunks: Callable[[Sequence[str]], dict[str, Chunk]]
    dense_weight: float = DENSE_WEIGHT

    def retrieve(self, question: str, k: int, filters: Filters, as_of: date | None = None) -> list[Passage]:
        """The best `k` passages that pass `filters`, best first, scored 0 to 1. Raises UsageError unless 1 <= k <= MAX_K."""
        if not 1 <= k <= MAX_K:
            raise UsageError(f"k is {k}; ask for 1 to {MAX_K} passages")
        depth = max(DEPTH, 2 * k)
        lexical = self.lexical.search(question, depth, filters)
        dense = self.dense.search(self.embedder.embed_query(question), depth, filters) if self.dense else []
        fused = fuse(dense, lexical, self.dense_weight)
        known = self.chunks([hit.chunk_id for hit in fused])
        found = [Passage(known[hit.chunk_id], hit.score) for hit in fused if hit.chunk_id in known]
        return spread(freshened(found, as_of) if as_of else found, k, PER_ARTICLE)


def fuse(dense: Sequence[Hit], lexical: Sequence[Hit], dense_weight: float) -> list[Hit]:
    """One list from two, best first: `w * minmax(dense) + (1 - w) * minmax(lexical)`; a chunk missing from a list gets its 0.

    With one list empty, the other's order and normalised scores are kept.
    """
    if not dense or not lexical:
        return _ordered(_normalised(dense or lexical))
    scores: dict[str, float] = {}
    for weight, hits in ((dense_weight, dense), (1 - dense_weight, lexical)):
        for chunk_id, score in _normalised(hits).items():
            scores[chunk_id] = scores.get(chunk_id, 0.0) + weight * score
    return _ordered(scores)


def _normalised(hits: Sequence[Hit]) -> dict[str, float]:
    if not hits:
        return {}
    low, high = min(hit.score for hit in hits), max(hit.score for hit in hits)
    return {hit.chunk_id: (hit.score - low) / (high - low) if high > low else 1.0 for hit in hits}


def _ordered(scores: dict[str, float]) -> list[Hit]:
    return [Hit(chunk_id, score) for chunk_id, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))]


def freshened(passages: Sequence[Passage], as_of: date) -> list[Passage]:
    """The passages scored anew, and best first, for a question asked on the day `as_of`: what is fresh then counts for more.

    `(1 - w) * score + w * 2 ** (-age / HALF_LIFE)` with the age in days; nothing for articles without a date, or of a later day.
    """
    scored = [
        replace(passage, score=(1 - FRESH_WEIGHT) * passage.score + FRESH_WEIGHT * _freshness(passage, as_of))
        for passage in passages
    ]
    return sorted(scored, key=lambda passage: -passage.score)


def _freshness(passage: Passage, as_of: date) -> float:
    day = passage.chunk.source.day(UTC)
    return 2 ** (-(as_of - day).days / HALF_LIFE) if day and day <= as_of else 0.0


def spread(passages: Iterable[Passage], k: int, per_article: int) -> list[Passage]:
    """The first `k` of `passages`, at most `per_article` of one article, and of passages with nearly the same words the first.

    A passage is a copy when at least COPIED of its word 5-grams stand in one passage already chosen (Broder's containment,
    "On the resemblance and containment of documents", 1997).
    """
    chosen: list[Passage] = []
    of_article: Counter[str] = Counter()
    holders: dict[str, list[int]] = {}
    for passage in passages:
        if len(chosen) == k:
            break
        article = passage.chunk.source.id
        shingles = _shingles(passage.chunk.text)
        if of_article[article] >= per_article or _is_copy(shingles, holders):
            continue
        for shingle in shingles:
            holders.setdefault(shingle, []).append(len(chosen))
        of_article[article] += 1
        chosen.append(passage)
    return chosen


def _shingles(text: str) -> set[str]:
    words = [word.lower() for word in WORD.findall(text)]
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


def _is_copy(shingles: set[str], holders: dict[str, list[int]]) -> bool:
    shared = Counter(holder for shingle in shingles for holder in holders.get(shingle, ()))
    return bool(shared) and max(shared.values()) >= COPIED * len(shingles)
