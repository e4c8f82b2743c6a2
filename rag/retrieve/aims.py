"""What a question's scopes come to within the filters that are set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date

from rag.types import Filters, Scope, Source

ALONE_WEIGHT = 0.5
"""Of a period that is all that the question names ("What happened in July?"). Each is what being of a scope counts for, against
fitting the words of the question."""
TIMED_WEIGHT, RELATIVE_WEIGHT, RELATIVE_FRESH_WEIGHT = 0.08, 0.04, 0.02
"""Of a period whose year the question says, and of another: in "Who won the race last Sunday?" it is the race that finds the
report. The other counts for less where the day of asking is given, since what was fresh on it counts for more already."""
OUTLET_WEIGHT, SEVERAL_WEIGHT = 0.2, 0.4
"""Of a report of an outlet, and of one of several reports."""
_YEAR = re.compile(r"\d{4}")
_WORD = re.compile(r"\w+")
_EMPTY = frozenset(
    """
    a an the what which who whom whose when where why how did do does is are was were be been has have had happen happens
    happened happening occurred occur took take place there any anything something news new latest main big story stories event
    events report reports reported article articles tell me about us of in on at by for from to and or during since until before
    after as between go going went
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Aim:
    """A scope and the `filters` that it comes to within those that are set; `undated` are these without its own days."""

    scope: Scope
    filters: Filters
    undated: Filters

    @property
    def named(self) -> bool:
        return bool(self.scope.filters.outlets)

    def share(self, source: Source, names: bool = False) -> float:
        """How far an article, or a chunk of it that `names` a time in the period, is what is aimed at: 0, a half or 1."""
        own, day = self.scope.filters, source.day(UTC)
        inside = day is not None and (own.since or day) <= day < (own.before or date.max)
        if not self.named:
            return float(inside or names)
        if not source.outlet or source.outlet.casefold() not in {name.casefold() for name in own.outlets}:
            return 0.0
        return 1.0 if inside or not own.dated else 0.5


def aims_of(scopes: Sequence[Scope], filters: Filters) -> list[Aim]:
    """Those of the `scopes` that leave something of `filters`."""
    found = []
    for scope in scopes:
        undated = intersect(filters, Filters(outlets=scope.filters.outlets))
        within = intersect(filters, scope.filters)
        if within is not None and undated is not None:
            found.append(Aim(scope, within, undated))
    return found


def intersect(filters: Filters, more: Filters) -> Filters | None:
    """What passes both; None where nothing can."""
    since = max((day for day in (filters.since, more.since) if day), default=None)
    before = min((day for day in (filters.before, more.before) if day), default=None)
    outlets = filters.outlets or more.outlets
    if filters.outlets and more.outlets:
        wanted = {name.casefold() for name in more.outlets}
        outlets = tuple(name for name in filters.outlets if name.casefold() in wanted)
    nothing = (filters.outlets and not outlets) or (since and before and since >= before)
    return None if nothing else Filters(since, before, outlets)


def weight(question: str, aims: Sequence[Aim], fresh: bool = False) -> float:
    """How much being what one of them aims at counts; `fresh` where what is fresh counts for more already."""
    if any(aim.named for aim in aims):
        return SEVERAL_WEIGHT if len(aims) > 1 else OUTLET_WEIGHT
    words = [words for aim in aims for words in aim.scope.words]
    if not words:
        return 0.0
    for each in words:
        question = question.replace(each, " ")
    if _EMPTY.issuperset(word.lower() for word in _WORD.findall(question)):
        return ALONE_WEIGHT
    if all(_YEAR.search(each) for each in words):
        return TIMED_WEIGHT
    return RELATIVE_FRESH_WEIGHT if fresh else RELATIVE_WEIGHT
