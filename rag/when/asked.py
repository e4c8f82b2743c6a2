"""The period that a question asks about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import regex

from rag.types import Mention
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

    Times that do not say their year, such as "last month", count where `as_of` is given and the question names nothing else: in
    "Who won the race on Sunday?" it is the race that finds the report.
    """
    found = mentions(question, as_of or date.today())
    alone = _EMPTY.issuperset(word.lower() for word in _WORD.findall(_without(question, found)))
    if as_of is None or not alone:
        found = tuple(time for time in found if _YEAR.search(question[time.start : time.end]))
    return Period(min(time.first for time in found), max(time.before for time in found), alone) if found else None


def _without(question: str, times: Sequence[Mention]) -> str:
    for time in reversed(times):
        question = question[: time.start] + " " + question[time.end :]
    return question
