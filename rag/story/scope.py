"""What a number counts: its class and noun, the part of a whole, the period, the place, and whom it is of.

Two numbers are compared only where none of these sets them apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.english.names import names
from rag.english.numbers import Number
from rag.story.acts import ACTS, APART, of_home, of_world
from rag.story.values import gaps, nouns_after

NEAR = 12
_PARTS = (
    r"child(?:ren)?|boys?|girls?|minors?|teenagers?", r"wom[ae]n|female", r"soldiers?|troops|servicemen", r"civilians?",
    r"tourists?|foreign(?:ers)?", r"young|youth", r"elderly|older", r"suspected|probable",
    r"new(?! york)|additional|further|more(?! than)",
    r"each|apiece", r"police officers?|officers", r"among", r"first (?:day|half)",
    r"statewide|the state(?:['’]s)?|citywide|the city['’]s", r"owners?|shops?|businesses", r"patients?", r"students?|pupils?",
)  # fmt: skip
_PART = tuple(re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in _PARTS)
_CONFIRMED = re.compile(r"\bconfirmed\b", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:(?:probable|suspected) (?:or|and) confirmed|confirmed (?:or|and) (?:probable|suspected))\b", re.IGNORECASE
)
_SUSPECTED = _PARTS.index(r"suspected|probable")
_NO_SPAN = r"(?! (?:ago|after|before|since|later|earlier|following))"
"""What makes of a week how long something is past, and no span in which things are counted."""
_PERIODS = {
    "day": r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day|overnight|daily|a day|in a single day|today|yesterday|in one day",
    "week": rf"(?:this|last|a|the|in one) week{_NO_SPAN}|weekly",
    "month": rf"(?:this|last|a|the) month{_NO_SPAN}|monthly|in (?:january|february|march|april|may|june"
    rf"|july|august|september|october|november|december)",
    "quarter": r"quarter(?:ly)?",
    "year": rf"(?:whole|full|this|last|a|the) year{_NO_SPAN}|yearly|annual(?:ly)?|a season",
    "whole": r"in total|over (?:its|the|their) \w+ days|altogether|cumulative\w*|overall"
    r"|since (?:january|the (?:start|beginning))",
}
_PERIOD = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _PERIODS.items()}
_UNLIKE = (
    {"day", "whole"}, {"day", "year"}, {"day", "quarter"}, {"quarter", "year"}, {"month", "year"}, {"month", "whole"},
    {"week", "whole"}, {"week", "year"}, {"month", "quarter"}, {"day", "week"},
)  # fmt: skip
_WHOM = re.compile(
    r"\b(?:cost|costs|costing|gave|give|gives|owes?|fined)\s(?:the |its |an? "
    r"|their )?((?:[a-z-]+ ){1,3}?)(?=(?:an? |about |some |at |nearly |almost "
    r"|more |over |estimated )*[$€£¥₹\d])"
)
_EACH = re.compile(
    r"[ -](?:an?|per|the)\s(gallon|barrel|litre|liter|share|month|week|day|hour|year|head"
    r"|person|tonne|ton|night|ticket|vote|kilo\w*|square \w+)\b",
    re.I,
)
_IN = re.compile(r"\b(?:in|across|throughout)\s(?:the\s)?$")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known of what a number counts. An empty part says nothing."""

    nearest: str | None
    acts: frozenset[str]
    nouns: frozenset[str]
    parts: frozenset[int]
    confirmed: bool
    periods: frozenset[str]
    wide: bool
    home: bool
    named: frozenset[str]
    placed: bool
    each: str | None
    whom: frozenset[str]


def scope_of(number: Number, text: str) -> Scope:
    """The scope of a number of `text`."""
    near = {name: min(found) for name, pattern in ACTS.items() if (found := _near(text, number, pattern))}
    named = names(text)
    around = text[max(0, number.start - 60) : number.end + 60]
    parts = frozenset(at for at, pattern in enumerate(_PART) if pattern.search(around))
    together = _TOGETHER.search(around) is not None
    return Scope(
        min(near, key=lambda name: near[name]) if near else None,
        frozenset(near),
        nouns_after(text[number.end :]),
        parts - {_SUSPECTED} if together else parts,
        bool(_CONFIRMED.search(around)) and not together,
        frozenset(name for name, pattern in _PERIOD.items() if pattern.search(text)),
        of_world(text),
        of_home(text),
        frozenset(word for name in named for word in name.words),
        any(_IN.search(text[: name.start]) for name in named),
        each[1].lower() if (each := _EACH.match(text[number.end :])) else None,
        frozenset(word for found in _WHOM.finditer(text) for word in found[1].split()),
    )


def _near(text: str, number: Number, pattern: re.Pattern[str]) -> list[int]:
    return [abs(gap) for gap in gaps(text, number, [pattern]) if abs(gap) <= NEAR]


def same_scope(one: Scope, other: Scope, unit: str, by_name: bool = True) -> bool:
    """Whether nothing sets two numbers of one unit apart; `by_name` where other names in their sentences do."""
    return not (
        _other_class(one, other, unit) or _other_part(one, other) or _other_period(one, other)
        or (one.wide and not one.home and other.home and not other.wide)
        or (other.wide and not other.home and one.home and not one.wide)
        or (by_name and _other_place(one, other))
        or bool(one.each and other.each and one.each != other.each)
        or bool(one.whom and other.whom and not one.whom & other.whom)
    )  # fmt: skip


def _other_class(one: Scope, other: Scope, unit: str) -> bool:
    if unit == "%" and bool(one.acts) != bool(other.acts):
        return True
    if not one.nearest or not other.nearest:
        return False
    if not one.acts & other.acts:
        return not (one.nouns & other.nouns and not (one.acts & APART and other.acts & APART))
    return one.nearest != other.nearest and one.nearest in APART and other.nearest in APART


def _other_part(one: Scope, other: Scope) -> bool:
    if one.confirmed != other.confirmed and _SUSPECTED in one.parts ^ other.parts:
        return True
    return bool((one.parts ^ other.parts) - {_SUSPECTED})


def _other_period(one: Scope, other: Scope) -> bool:
    if one.periods & other.periods:
        return False
    return any({mine, theirs} in _UNLIKE for mine in one.periods for theirs in other.periods)


def _other_place(one: Scope, other: Scope) -> bool:
    if one.wide != other.wide and (one.home or other.home or one.named or other.named):
        return True
    if one.home != other.home and (other if one.home else one).placed:
        return True
    return bool(one.named and other.named and not one.named & other.named)
