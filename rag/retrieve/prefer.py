"""Passages scored anew by what the question prefers besides its words: the day on which it is asked, and its scopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date

from rag.types import Passage

FRESH_WEIGHT = 0.12
HALF_LIFE = 14.0


def prefer_fresh(passages: Sequence[Passage], as_of: date) -> list[Passage]:
    """The passages scored anew, and best first, for a question asked on the day `as_of`: what is fresh then counts for more.

    `(1 - w) * score + w * 2 ** (-age / HALF_LIFE)` with the age in days; nothing for articles without a date, or of a later day.
    """
    scored = [
        replace(passage, score=(1 - FRESH_WEIGHT) * passage.score + FRESH_WEIGHT * _freshness(passage, as_of))
        for passage in passages
    ]
    return sorted(scored, key=lambda passage: -passage.score)


def prefer(passages: Sequence[Passage], shares: Mapping[str, float], weight: float) -> list[Passage]:
    """The passages scored anew, and best first: `(1 - w) * score + w * share`, the share by chunk id, 0 where there is none."""
    scored = [
        replace(passage, score=(1 - weight) * passage.score + weight * shares.get(passage.chunk.id, 0.0)) for passage in passages
    ]
    return sorted(scored, key=lambda passage: -passage.score)


def _freshness(passage: Passage, as_of: date) -> float:
    day = passage.chunk.source.day(UTC)
    return 2 ** (-(as_of - day).days / HALF_LIFE) if day and day <= as_of else 0.0
