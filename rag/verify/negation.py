"""Whether two texts say the same to be so: no negation of one is missing from the other, and no word stands for its opposite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.polarity import Meaning, meanings, negators, opposites
from rag.verify.wording import FUNCTION, Stems

TARGETS = 2
"""Content words after a negator that it is about."""


@dataclass(frozen=True, slots=True)
class Polarity:
    """The content words of a text by stem, where each is denied, and the stems that each of its negators is about."""

    denied: frozenset[str]
    affirmed: frozenset[str]
    targets: tuple[tuple[str, ...], ...]
    negations: int

    @property
    def all(self) -> frozenset[str]:
        return self.denied | self.affirmed


def polarity(text: str, stems: Stems) -> Polarity:
    found = [(stem, one) for one in meanings(text) for stem in _stem(one, stems)]
    places = negators(text)
    targets = tuple(tuple(stem for stem, one in found if one.start >= end)[:TARGETS] for _, end in places)
    denied = frozenset(stem for stem, one in found if one.denied)
    return Polarity(denied, frozenset(stem for stem, one in found if not one.denied), targets, len(places))


def wrong_polarity(said: Polarity, source: Polarity, stems: Stems) -> str | None:
    """A word that `said` denies and `source` does not, or the other way round, or whose opposite `source` has instead."""
    against = opposite_stems(stems)
    for one, other, is_said in ((said, source, True), (source, said, False)):
        for target in one.targets:
            if wrong := _wrong_target(target, other, against, is_said):
                return wrong
    for stem in said.all - source.all:
        if opposed := against.get(stem, frozenset()) & source.all:
            same = (stem in said.denied) == all(each in source.denied for each in opposed)
            if same and not (against.get(stem, frozenset()) & said.all):
                return stem
    return None


def _wrong_target(target: Sequence[str], other: Polarity, against: dict[str, frozenset[str]], is_said: bool) -> str | None:
    for stem in target:
        if stem in other.affirmed and stem not in other.denied:
            return stem
        if stem in other.denied:
            return None
        if against.get(stem, frozenset()) & other.affirmed:
            return None
    if is_said and not other.negations and target and not any(against.get(stem) and against[stem] & other.all for stem in target):
        return target[0]
    return None


def _stem(one: Meaning, stems: Stems) -> list[str]:
    return [] if one.word in FUNCTION else stems.of(one.word)


def opposite_stems(stems: Stems) -> dict[str, frozenset[str]]:
    """The pairs of opposites by stem."""
    found: dict[str, frozenset[str]] = {}
    for word, others in opposites().items():
        for stem in stems.of(word):
            found[stem] = found.get(stem, frozenset()) | frozenset(each for other in others for each in stems.of(other))
    return found
