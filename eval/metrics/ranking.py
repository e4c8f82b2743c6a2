"""Measures of a ranked list.

A ranking is given as `found`: for each rank, best first, the set of wanted items that this rank holds. Ranked articles hold one
wanted article or none; a passage can hold several pieces of evidence at once. `wanted` is how many there are to find. An item
counts at the first rank that holds it. All measures are binary (wanted or not) and lie between 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet

Found = Sequence[AbstractSet[Hashable]]


def hit(found: Found, k: int) -> float:
    """Hit@k, also called success@k: 1 when one of the first `k` ranks holds a wanted item, else 0."""
    return float(any(found[:k]))


def recall(found: Found, wanted: int, k: int) -> float:
    """Recall@k = |wanted items in the first k ranks| / |wanted items|. ValueError when nothing is wanted."""
    _need(wanted)
    return sum(_new_items(found[:k])) / wanted


def reciprocal_rank(found: Found, k: int) -> float:
    """RR@k = 1 / rank of the first wanted item, 0 below rank `k`; its mean is MRR@k (Voorhees, TREC-8, 1999)."""
    return next((1 / rank for rank, items in enumerate(found[:k], 1) if items), 0.0)


def ndcg(found: Found, wanted: int, k: int) -> float:
    """nDCG@k = Σ gain(r) / log2(r + 1) over the best possible sum (Järvelin & Kekäläinen, TOIS 2002).

    `gain(r)` is 1 when rank `r` holds an item that no rank above it holds, so that a repeated item earns nothing; the best
    possible ranking has min(wanted, k) such ranks from the top. ValueError when nothing is wanted.
    """
    _need(wanted)
    gained = sum(1 / math.log2(rank + 1) for rank, new in enumerate(_new_items(found[:k]), 1) if new)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(wanted, k) + 1))
    return gained / best if best else 0.0


def multihop_average_precision(found: Found, wanted: int, k: int = 10) -> float:
    """AP@k as MultiHop-RAG scores it: Σ new(r) / r over min(wanted, k) (Tang & Yang, COLM 2024, and their evaluation script).

    `new(r)` is the number of wanted items first seen at rank `r`. It is not the textbook average precision: two items at ranks
    1 and 2 earn (1 + 1/2) / 2. ValueError when nothing is wanted.
    """
    _need(wanted)
    return sum(new / rank for rank, new in enumerate(_new_items(found[:k]), 1)) / min(wanted, k)


def _new_items(found: Found) -> list[int]:
    """For each rank, how many of its items no rank above it holds."""
    seen: set[Hashable] = set()
    new = []
    for items in found:
        new.append(len(items - seen))
        seen |= items
    return new


def _need(wanted: int) -> None:
    if wanted < 1:
        raise ValueError("undefined without a wanted item; leave such questions out of the mean")
