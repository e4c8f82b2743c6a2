"""Measures of chunking by character ranges, as Chroma's report computes them (Smith & Troynikov, "Evaluating Chunking Strategies
for Retrieval", 2024, and its implementation).

A range is (start, end), `end` not included, in one document. Chunks of other documents than the question's cost precision and
bring no recall: the caller gives their total length as `elsewhere`. Two ranges that only touch count as meeting, which matters
to precision-Ω alone, because the report's implementation compares with ≤.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SpanScores:
    """Each between 0 and 1."""

    recall: float
    precision: float
    iou: float


def span_scores(chunks: Sequence[Range], references: Sequence[Range], elsewhere: int = 0) -> SpanScores:
    """Recall, precision and IoU of retrieved chunks, in characters.

    found = |chunks ∩ references|; recall = found / |references|; precision = found / Σ|chunk|, where text that two chunks share
    is paid for twice; IoU = found / (Σ|chunk| + |references \\ chunks|). All 0 where nothing is retrieved. ValueError without a
    reference of any length.
    """
    wanted = sum(end - start for start, end in references)
    if wanted <= 0:
        raise ValueError("undefined without a reference range")
    found = length(_intersections(chunks, references))
    missed = length(references) - found
    paid = sum(end - start for start, end in chunks) + elsewhere
    return SpanScores(
        recall=found / wanted,
        precision=found / paid if paid else 0.0,
        iou=found / (paid + missed) if paid + missed else 0.0,
    )


def precision_omega(chunks: Sequence[Range], references: Sequence[Range]) -> float:
    """Precision-Ω: the IoU that perfect retrieval would have, given every chunk of the document.

    Ω = chunks that meet a reference; |Ω ∩ references| / |∪Ω ∪ references|. 0 where no chunk meets one.
    """
    meeting = [chunk for chunk in chunks if any(_meet(chunk, reference) for reference in references)]
    whole = length([*meeting, *references]) if meeting else 0
    return length(_intersections(meeting, references)) / whole if whole else 0.0


def merge(ranges: Sequence[Range]) -> list[Range]:
    """The union as disjoint ranges in order; empty ranges vanish."""
    merged: list[Range] = []
    for start, end in sorted(item for item in ranges if item[0] < item[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def length(ranges: Sequence[Range]) -> int:
    """Characters in the union."""
    return sum(end - start for start, end in merge(ranges))


def _meet(left: Range, right: Range) -> bool:
    return max(left[0], right[0]) <= min(left[1], right[1])


def _intersections(left: Sequence[Range], right: Sequence[Range]) -> list[Range]:
    """The pieces that lie in both."""
    return [(max(one[0], other[0]), min(one[1], other[1])) for one in left for other in right if _meet(one, other)]
