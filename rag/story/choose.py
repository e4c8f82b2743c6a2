"""A few statements out of many: the weightiest, none of which says again what another one said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.story.gather import ScoredStatement
from rag.story.merge import overlap

REPEATED = 0.5
"""The share of the shorter statement's terms in common from which two are one development."""


def distinct(
    found: Sequence[ScoredStatement], count: int, least: float, gain: Callable[[ScoredStatement], float] = lambda one: one.weight
) -> list[ScoredStatement]:
    """At most `count` of them, by `gain`, none below `least` in weight; each article and day gives way as it is used."""
    picked: list[ScoredStatement] = []
    used: dict[str, int] = {}
    pool = [one for one in found if one.weight >= least]
    gains = {one.statement.quote: gain(one) for one in pool}
    while pool and len(picked) < count:
        best = max(
            pool,
            key=lambda one: (
                gains[one.statement.quote] - 0.07 * used.get(one.statement.quote.source.id, 0) - 0.03 * used.get(_day(one), 0)
            ),
        )
        pool.remove(best)
        if any(overlap(best.statement.terms, other.statement.terms) >= REPEATED for other in picked):
            continue
        picked.append(best)
        for key in (best.statement.quote.source.id, _day(best)):
            used[key] = used.get(key, 0) + 1
    return picked


def _day(one: ScoredStatement) -> str:
    return str(one.statement.reported)
