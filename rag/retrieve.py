"""Retrieval: both indexes asked at once, their scores fused, and the passages spread over articles.

Fusion is a convex combination of scores normalised from their theoretical minimum (TM2C2; Bruch, Gai and Ingber, "An Analysis of
Fusion Functions for Hybrid Retrieval", TOIS 2023). That keeps how far apart scores are, which reciprocal ranks throw away, and
does not stretch the small differences within a list of near equals to the whole range, as min-max does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date

from rag.errors import UsageError
from rag.protocols import DenseIndex, Embedder, LexicalIndex
from rag.settings import MAX_K
from rag.types import Chunk, Filters, Hit, Passage, Scope
from rag.when import Period, period_asked

DENSE_WEIGHT = 0.65
DEPTH = 100
FRESH_WEIGHT = 0.12
HALF_LIFE = 14.0
TIMED_WEIGHT, TIMED_ALONE_WEIGHT = 0.08, 0.5
NAMED = 200
"""Chunks that name a time asked about and are looked at besides those found by words and meaning."""
PER_ARTICLE = 3
SHINGLE = 5
COPIED = 0.8
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Retriever:
    """Finds passages in the two indexes; without `dense` (damaged, or being rebuilt) the lexical index answers alone.

    `chunks` resolves chunk ids; ids that it does not know, of articles gone in the meantime, are passed over. `groups` tells the
    groups of copies of articles by id, `naming` the ids of chunks that name a time between two days.
    """

    embedder: Embedder
    dense: DenseIndex | None
    lexical: LexicalIndex
    chunks: Callable[[Sequence[str]], dict[str, Chunk]]
    dense_weight: float = DENSE_WEIGHT
    groups: Callable[[Sequence[str]], Mapping[str, str]] = lambda _: {}
    naming: Callable[[date, date, int], Sequence[str]] = lambda *_: ()

    def retrieve(
        self, question: str, k: int, filters: Filters, as_of: date | None = None, scopes: Sequence[Scope] = ()
    ) -> list[Passage]:
        """The best `k` passages that pass `filters`, best first, scored 0 to 1; those of one of the `scopes` are preferred.

        Raises UsageError unless 1 <= k <= MAX_K.
        """
        if not 1 <= k <= MAX_K:
            raise UsageError(f"k is {k}; ask for 1 to {MAX_K} passages")
        del scopes
        depth = max(DEPTH, 2 * k)
        lexical = self.lexical.search(question, depth, filters)
        dense = self.dense.search(self.embedder.embed_query(question), depth, filters) if self.dense else []
        fused = fuse(dense, lexical, self.dense_weight)
        asked = period_asked(question, as_of)
        named = set(self.naming(asked.first, asked.before, NAMED)) if asked else set()
        if not filters:  # what the indexes did not find has not been held against the filters
            least = fused[-1].score if fused else 0.0
            fused += [Hit(chunk_id, least) for chunk_id in sorted(named - {hit.chunk_id for hit in fused})]
        known = self.chunks([hit.chunk_id for hit in fused])
        found = [Passage(known[hit.chunk_id], hit.score) for hit in fused if hit.chunk_id in known]
        found = freshened(found, as_of) if as_of else found
        found = timed(found, asked, named) if asked else found
        groups = self.groups(list({passage.chunk.source.id for passage in found}))
        return spread(earliest_first(found) if groups else found, k, PER_ARTICLE, groups)


def fuse(dense: Sequence[Hit], lexical: Sequence[Hit], dense_weight: float) -> list[Hit]:
    """One list from two, best first, scored `w * d + (1 - w) * l`, at most 1.

    `d = (cosine + 1) / (best cosine + 1)` and `l = bm25 / best bm25`. A chunk that a list lacks gets the lowest score in it. With
    one list empty, the other's order is kept.
    """
    of_dense = _normalised(dense, floor=-1.0)
    of_lexical = _normalised(lexical, floor=0.0)
    if not of_dense or not of_lexical:
        return _ordered(of_dense or of_lexical)
    low_dense, low_lexical = min(of_dense.values()), min(of_lexical.values())
    return _ordered(
        {
            chunk_id: dense_weight * of_dense.get(chunk_id, low_dense)
            + (1 - dense_weight) * of_lexical.get(chunk_id, low_lexical)
            for chunk_id in of_dense | of_lexical
        }
    )


def _normalised(hits: Sequence[Hit], floor: float) -> dict[str, float]:
    """Scores as shares of the best one, all counted from `floor`, the least a score can be."""
    above = {hit.chunk_id: max(0.0, hit.score - floor) for hit in hits}  # rounding can take a cosine below -1
    best = max(above.values(), default=0.0)
    return {chunk_id: score / best if best else 1.0 for chunk_id, score in above.items()}


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


def timed(passages: Sequence[Passage], asked: Period, named: Collection[str]) -> list[Passage]:
    """The passages scored anew, and best first, for a question about a period: `(1 - w) * score + w` for those that tell of it.

    They name a time in it (`named` are the ids of such chunks), or were published then. Of a question that names nothing else
    the period decides more.
    """
    weight = TIMED_ALONE_WEIGHT if asked.alone else TIMED_WEIGHT
    scored = [
        replace(
            passage,
            score=(1 - weight) * passage.score
            + weight * (passage.chunk.id in named or asked.holds(passage.chunk.source.day(UTC))),
        )
        for passage in passages
    ]
    return sorted(scored, key=lambda passage: -passage.score)


def _freshness(passage: Passage, as_of: date) -> float:
    day = passage.chunk.source.day(UTC)
    return 2 ** (-(as_of - day).days / HALF_LIFE) if day and day <= as_of else 0.0


def earliest_first(passages: Sequence[Passage]) -> list[Passage]:
    """The passages, best first; of those that are equally good the one published first, which may be the original."""
    return sorted(passages, key=lambda passage: (-round(passage.score, 6), passage.chunk.source.day(UTC) or date.max))


def spread(passages: Iterable[Passage], k: int, per_article: int, groups: Mapping[str, str] | None = None) -> list[Passage]:
    """The first `k` of `passages`, at most `per_article` of one article, and of passages with nearly the same words the first.

    Of a group of copies only the article that comes first has passages; `groups` has the group of each article that is in one.
    A passage is a copy when at least COPIED of its word 5-grams stand in one passage already chosen (Broder's containment,
    "On the resemblance and containment of documents", 1997).
    """
    chosen: list[Passage] = []
    of_article: Counter[str] = Counter()
    holders: dict[str, list[int]] = {}
    teller: dict[str, str] = {}
    for passage in passages:
        if len(chosen) == k:
            break
        article = passage.chunk.source.id
        group = (groups or {}).get(article)
        if group is not None and teller.setdefault(group, article) != article:
            continue
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
