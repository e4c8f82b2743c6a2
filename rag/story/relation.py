"""How two statements about the same stand to each other: the same, a dispute, an update, or of another scope.

Two numbers are compared only when they have the same unit and scope. Of those, different values of one time are a dispute; of
different times, or where one says that it replaces the other, an update.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rag.english.numbers import Number
from rag.story.outlets import outlets_of
from rag.story.scope import Scope, same_scope, scope_of
from rag.story.statements import Statement

Relation = Literal["same", "dispute", "update", "other scope"]
SAME_TIME = timedelta(days=2)
ROUGHLY = 0.1
"""How far a value said with "about" may be from the one that it stands for, as a share of it."""
OVER = re.compile(
    r"\b(?:final (?:count|toll|figure|tally|number|result)s?|official(?:ly)? (?:count|toll"
    r"|figure|result)|revis\w+|correct(?:ed|ion)\w*|updated?"
    r"|(?:rose|risen|rises|rising|climb(?:s|ed)?|grew|grown|grows|jump(?:s|ed)|increas\w+|soar(?:s|ed)|balloon\w+|swell\w*|swollen|mounted|up|fell|fallen"
    r"|dropped|drops|down|declined|lowered|raised|cut|narrowed|widened"
    r"|reduced) (?:[\w ]{0,40}?)(?:to|from)|now stands? at|now|brings? the (?:total|toll"
    r"|number)"
    r"|bringing the (?:[\w ]{0,30}?)(?:total|toll|number)|more than (?:first"
    r"|previously) (?:thought|said|reported)|not (?:the )?[$€£]?\d[\d,.]*|recount|in all"
    r"|in total|so far|instead of|still)\b",
    re.IGNORECASE,
)
"""Words by which a statement says that it replaces an earlier one."""
FINAL = re.compile(r"\b(?:final|revis\w+|correct(?:ed|ion)\w*|recount|not (?:the )?[$€£]?\d|instead of)", re.IGNORECASE)
AT_LEAST = re.compile(r"\b(?:at least|more than|no fewer than|so far)\b", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|around|roughly|approximately|some|nearly|almost|close to|an estimated)\s[$€£]?$", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_REPLACED = re.compile(
    r"\b(?:not|not just|instead of|rather than|up from|down from|compared (?:with|to)|than"
    r"|from)\s(?:(?:the|an?|about|some|around|earlier|previous|its)\s)*$",
    re.IGNORECASE,
)
"""What stands before a number that the sentence takes back, or compares with."""
_OF_TIME = re.compile(
    r"^[ -](?:years?|days?|weeks?|months?|hours?|minutes?|decades?)\b|^(?:st|nd|rd|th)\b|^\s*(?:a\.m|p\.m)\b", re.IGNORECASE
)
_BODY = (
    r"police|organi[sz]ers?|ministry|ministers?|governments?|officials?|unions?|compan(?:y|ies)|operators?|councils?|hospitals?|rescuers|prosecutors?"
    r"|army|military|rebels|opposition|dealers?|insurers?|experts?|museums?|gallery|banks?|part(?:y|ies)|authorities|firefighters|service|department|mayors?"
    r"|sheriffs?|commission|observers|auditors?|director|coast guard|league|lawyers?|office"
    r"|agenc(?:y|ies)|payroll|survivors|seismologists|groups?|witnesses"
)
_SAYS = (
    r"said|says|say|put|puts|estimate[sd]?|count(?:ed|s)?|told|reported|claim(?:ed|s)?"
    r"|believes?|shows?|values|considers?|thinks?|reckons?|insists?|maintains?"
)
_BEFORE = re.compile(
    rf"\b(?P<who>{_BODY})(?:\b[^.;,]{{0,30}}?\b(?:{_SAYS})\b[^.;]{{0,70}}"
    rf"|['’]s? (?:own )?(?:count|figure|estimate|valuation|number|tally)\b[^.;]{{0,30}})$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"^[^.;]{{0,110}}?(?:,\s(?:[\w'’]+\s){{0,6}}?(?P<who>{_BODY})\b[^.;,]{{0,20}}?\b(?:{_SAYS})\b"
    rf"|\baccording to (?:[\w'’]+\s){{0,6}}?(?P<whom>{_BODY})\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of a statement with its scope."""

    number: Number
    scope: Scope
    text: str


def relation(one: Statement, other: Statement) -> Relation:
    """How `one` and `other`, which are about the same, stand to each other."""
    pair = pair_counts(one, other)
    if pair is None:
        return "other scope"
    if same_value(*pair):
        return "same"
    return "dispute" if disputes(one, other, *pair) else "update"


def pair_counts(one: Statement, other: Statement) -> tuple[Counted, Counted] | None:
    """The numbers of the two that count the same, those of one value before others; None where there are none."""
    pairs = [(mine, theirs) for mine in find_counts(one) for theirs in find_counts(other) if _alike(mine, theirs)]
    return max(pairs, key=lambda pair: (same_value(*pair), _count_shared(*pair)), default=None)


def find_counts(one: Statement) -> list[Counted]:
    """The numbers of a statement that count or measure something, and are no year, age, place in an order or clock time."""
    return [
        Counted(number, scope_of(number, one.text), one.text)
        for number in one.numbers
        if number.unit != "th" and not _YEAR.fullmatch(one.text[number.start : number.end].strip())
        and not _OF_TIME.match(one.text[number.end :]) and not _is_compared(one.text[: number.start])
    ]  # fmt: skip


def _is_compared(before: str) -> bool:
    found = _REPLACED.search(before)
    return found is not None and not re.search(r"\b(?:more|fewer|less|no more) than\s$", before[: found.end()], re.IGNORECASE)


def _alike(one: Counted, other: Counted) -> bool:
    if one.number.unit != other.number.unit:
        return False
    related = one.scope.acts & other.scope.acts or one.scope.nouns & other.scope.nouns or one.number.unit
    return bool(related) and same_scope(one.scope, other.scope, one.number.unit)


def _count_shared(one: Counted, other: Counted) -> int:
    return len(one.scope.nouns & other.scope.nouns) + 2 * (
        one.scope.nearest is not None and one.scope.nearest == other.scope.nearest
    )


def same_value(one: Counted, other: Counted) -> bool:
    """Whether two numbers say the same: equal, rounded to the digits that one has, or near one that is said with "about"."""
    mine, theirs = one.number, other.number
    apart = abs(mine.value - theirs.value)
    if apart <= 1e-9 * max(1.0, abs(mine.value)):
        return True
    coarse, fine = (mine, theirs) if mine.step >= theirs.step else (theirs, mine)
    about = one if coarse is mine else other
    if _ABOUT.search(about.text[: coarse.start]):
        return apart <= ROUGHLY * abs(fine.value) and coarse.step > fine.step
    return coarse.step > fine.step and apart <= coarse.step / 2 and apart <= 0.02 * abs(fine.value)


def disputes(one: Statement, other: Statement, mine: Counted, theirs: Counted) -> bool:
    """Whether two different values are of one time and of different sources, and neither says that it replaces the other."""
    mine_said, theirs_said = find_credit(mine), find_credit(theirs)
    credit_differs = bool(mine_said and theirs_said and mine_said.removesuffix("s") != theirs_said.removesuffix("s"))
    if (
        not (same_time(one, other) or (credit_differs and _a_day_apart(one, other)))
        or FINAL.search(one.text)
        or FINAL.search(other.text)
    ):
        return False
    later, earlier = (one, other) if (one.reported or date.min) >= (other.reported or date.min) else (other, one)
    if OVER.search(later.text) or (one.reported == other.reported and _replaces(earlier.text)):
        return False
    newer, older = (mine, theirs) if later is one else (theirs, mine)
    grown = newer.number.value > older.number.value and bool(AT_LEAST.search(earlier.text))
    if grown and later.reported != earlier.reported:
        return False
    return credit_differs or not set(outlets_of(one.quotes)) & set(outlets_of(other.quotes))


def _replaces(text: str) -> bool:
    """Whether a statement says by a verb that its value is not the first: one of two of the same day."""
    found = OVER.search(text)
    return found is not None and found[0].casefold() not in ("now", "in all", "in total", "so far", "still")


def same_time(one: Statement, other: Statement) -> bool:
    """Whether two statements describe the same day, or were reported on the same one where they name none, or days apart by
    sources that are named."""
    if one.reported and other.reported and abs(one.reported - other.reported) > SAME_TIME:
        return False
    if one.told and other.told:
        return one.first == other.first
    return one.reported == other.reported


def _a_day_apart(one: Statement, other: Statement) -> bool:
    days_told = one.told and other.told and one.first != other.first
    return bool(one.reported and other.reported and abs(one.reported - other.reported) <= timedelta(days=1)) and not days_told


def find_credit(one: Counted) -> str | None:
    """Whom the sentence names as the source of the number, by a common noun: police, organisers, a ministry."""
    before = _BEFORE.search(one.text[: one.number.start])
    behind = None if before else _BEHIND.match(one.text[one.number.end :])
    found = before["who"] if before else (behind["who"] or behind["whom"]) if behind else None
    return found.lower() if found else None
