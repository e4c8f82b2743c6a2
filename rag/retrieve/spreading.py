"""The passages spread over articles: a few of each, and of copies the one that comes first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date

from rag.types import Passage

SHINGLE = 5
COPIED = 0.8
WORD = re.compile(r"\w+")


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
