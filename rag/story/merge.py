"""What is said twice is one statement: sentences with most of their words in common, all of their numbers, and one polarity."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.english.polarity import negators
from rag.story.statements import Statement

SAME = 0.75
"""The share of the shorter sentence's terms that another one has where both say the same."""


def merge_statements(found: Sequence[Statement], groups: Mapping[str, str]) -> list[Statement]:
    """Each statement once, with the other quotes that say the same; of one group of copies, or one article, a single quote."""
    common = Counter(term for one in found for term in one.terms)
    kept: list[Statement] = []
    by_term: dict[str, list[int]] = {}
    by_rare: dict[str, list[int]] = {}
    for one in found:
        rare = _rarest(one.terms, common)
        near = {at for term in rare for at in by_term.get(term, ())} | {at for term in one.terms for at in by_rare.get(term, ())}
        alike = next((at for at in sorted(near) if says_same(one, kept[at])), None)
        if alike is None:
            for terms, index in ((one.terms, by_term), (rare, by_rare)):
                for term in terms:
                    index.setdefault(term, []).append(len(kept))
            kept.append(one)
        elif _is_new(one, kept[alike], groups):
            kept[alike] = replace(kept[alike], also=(*kept[alike].also, one.quote))
    return kept


def _rarest(terms: frozenset[str], common: Counter[str]) -> list[str]:
    """So many of the rarest terms that another statement with SAME of all of them has one of these: 1 + |A| - SAME * |A|."""
    ranked = sorted(terms, key=lambda term: (common[term], term))
    return ranked[: 1 + len(ranked) - math.ceil(SAME * len(ranked))]


def says_same(one: Statement, other: Statement) -> bool:
    """Whether two sentences have most of their words in common and the same numbers, and both deny something or neither does."""
    if overlap(one.terms, other.terms) < SAME:
        return False
    values = ({number.value for number in each.numbers} for each in (one, other))
    if next(values) != next(values):
        return False
    return bool(negators(one.text)) == bool(negators(other.text))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """|A ∩ B| / min(|A|, |B|); 0 where one is empty."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _is_new(one: Statement, held: Statement, groups: Mapping[str, str]) -> bool:
    """Whether a quote is of another article than those that say the same, and of no copy of theirs."""
    mine = groups.get(one.quote.source.id, one.quote.source.id)
    return all(groups.get(quote.source.id, quote.source.id) != mine for quote in held.quotes)
