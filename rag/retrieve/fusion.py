"""Fusion of what the two indexes find.

It is a convex combination of scores normalised from their theoretical minimum (TM2C2; Bruch, Gai and Ingber, "An Analysis of
Fusion Functions for Hybrid Retrieval", TOIS 2023). That keeps how far apart scores are, which reciprocal ranks throw away, and
does not stretch the small differences within a list of near equals to the whole range, as min-max does.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Hit

DENSE_WEIGHT = 0.65


def fuse(dense: Sequence[Hit], lexical: Sequence[Hit], dense_weight: float) -> list[Hit]:
    """One list from two, best first, scored `w * d + (1 - w) * l`, at most 1.

    `d = (cosine + 1) / (best cosine + 1)` and `l = bm25 / best bm25`. A chunk that a list lacks gets the lowest score in it. With
    one list empty, the other's order is kept.
    """
    of_dense = _normalise(dense, floor=-1.0)
    of_lexical = _normalise(lexical, floor=0.0)
    if not of_dense or not of_lexical:
        return _sort_scores(of_dense or of_lexical)
    low_dense, low_lexical = min(of_dense.values()), min(of_lexical.values())
    return _sort_scores(
        {
            chunk_id: dense_weight * of_dense.get(chunk_id, low_dense)
            + (1 - dense_weight) * of_lexical.get(chunk_id, low_lexical)
            for chunk_id in of_dense | of_lexical
        }
    )


def _normalise(hits: Sequence[Hit], floor: float) -> dict[str, float]:
    """Scores as shares of the best one, all counted from `floor`, the least a score can be."""
    above = {hit.chunk_id: max(0.0, hit.score - floor) for hit in hits}  # rounding can take a cosine below -1
    best = max(above.values(), default=0.0)
    return {chunk_id: score / best if best else 1.0 for chunk_id, score in above.items()}


def _sort_scores(scores: dict[str, float]) -> list[Hit]:
    return [Hit(chunk_id, score) for chunk_id, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))]
