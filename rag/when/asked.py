"""The period that a question asks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import regex

from rag.when.scan import mentions

_YEAR = regex.compile(r"\d{4}")
_WORD = regex.compile(r"\w+")
_EMPTY = frozenset(
    """
    a an the what which who whom whose when where why how did do does is are was were be been has have had happen happens
    happened happening occurred occur took take place there any anything something news new latest main big story stories event
    events report reports reported article articles tell me about us of in on at by for from to and or during since until go going
    went
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Period:
    """`first <= day < before`. `alone`: the question names nothing but the period ("what happened in July 2025?")."""

    first: date
    before: date
    alone: bool

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day < self.before


def period_asked(question: str, as_of: date | None) -> Period | None:
    """From the first to the last day of the times that the question names; None when it names none.

    "Last month" is told from `as_of`; where that is not given, only times count that say their year.
    """
    found = mentions(question, as_of or date.today())
    if as_of is None:
        found = tuple(time for time in found if _YEAR.search(question[time.start : time.end]))
    if not found:
        return None
    rest = question
    for time in reversed(found):
        rest = rest[: time.start] + " " + rest[time.end :]
    alone = _EMPTY.issuperset(word.lower() for word in _WORD.findall(rest))
    return Period(min(time.first for time in found), max(time.before for time in found), alone)
