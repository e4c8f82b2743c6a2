"""Quantities in words: parts, multiples, orders of size, how many of a whole, and bounds on a number.

In English. A sentence may leave a quantity of its source out, but may not say another one.
"""

from __future__ import annotations

from collections.abc import Mapping

import regex

from rag.english.numbers import numbers

_BY = r"(?<=\d\s|percent\s|%\s|cent\s|times\s)"
_EXTENTS: Mapping[str, str] = {
    "half": r"half|halves|halved|halving",
    "third": r"(?:a|one|two) thirds?|one-third|two-thirds",
    "quarter": r"(?:a|one|three) quarters?(?! of (?:a )?\d)|one-quarter|three-quarters|a fourth",
    "fifth": r"a fifth|one[- ]fifth|(?:two|three|four)[- ]fifths",
    "tenth": r"a tenth|one[- ]tenth",
    "twice": r"twice|doubl(?:e|ed|es|ing)|two times|two-?fold",
    "thrice": r"thrice|tripl(?:e|ed|es|ing)|trebl(?:e|ed|ing)|three times|three-?fold",
    "fourfold": r"quadrupl(?:e|ed|ing)|four times|four-?fold",
    "tens": r"dozens|scores|tens of (?!thousands|millions)",
    "hundreds": r"hundreds(?! of (?:thousands|millions))",
    "thousands": r"(?<!of )thousands",
    "ten thousands": r"tens of thousands",
    "hundred thousands": r"hundreds of thousands",
    "millions": r"(?<!of )millions",
    "billions": r"(?<!of )billions",
    "all": r"all(?! but| the same| day| night| week| year| over| right| at once|-)|every|everyone|everybody|everything|each|"
    r"entire(?:ly)?|whole|unanimous(?:ly)?",
    "most": r"most(?= of| [a-z]+s\b)|(?:a |the )?majority|mostly|largely",
    "few": r"few(?:er)?(?! than)|a handful|hardly any|little of|minority",
    "none": r"none|no one|nobody|no(?= [a-z]+s\b)",
    "both": r"both",
    "only": r"only|solely|exclusively|alone",
    "more by": rf"{_BY}(?:more|higher|larger|bigger|greater|longer|faster|older|heavier|up)(?! than (?:a )?\d)",
    "less by": rf"{_BY}(?:fewer|less|lower|smaller|shorter|slower|younger|lighter|down)(?! than (?:a )?\d)",
    "first": r"first|1st",
    "last": r"the last|final(?:ly)?",
    "daily": r"daily|(?:every|each|a|per) (?:\w+ )?day|once a day",
    "weekly": r"weekly|(?:every|each|a|per) week|once a week",
    "monthly": r"monthly|(?:every|each|a|per) month|once a month",
    "yearly": r"yearly|annual(?:ly)?|(?:every|each|a|per) year|once a year",
}
_SIZES: Mapping[str, str] = {
    "at least": r"at least|no (?:fewer|less) than|not less than|a minimum of|or more|between(?= \S*\d)",
    "more than": r"more than|over(?= (?:a |an )?(?:\d|[$€£]|one|two|three|four|five|six|seven|eight|nine|ten|half|hundred))|above"
    r"|exceed(?:s|ed|ing)?|upwards of|in excess of|greater than|well over",
    "at most": r"at most|no (?:more|longer|later) than|not more than|a maximum of|up to|or (?:less|fewer)|as (?:few|little) as"
    r"|capped at"
    r"|between(?= \S*\d)",
    "less than": r"(?:less|fewer) than|under(?= (?:a |an )?(?:\d|[$€£]|one|two|three|half|hundred))|below",
    "nearly": r"nearly|almost|close to|just under|not quite",
}
_UPPER, _LOWER = frozenset({"at most", "less than", "nearly"}), frozenset({"at least", "more than"})
_INSTEAD: Mapping[str, frozenset[str]] = {
    "all": frozenset({"all", "both"}),
    "both": frozenset({"both"}),
    "few": frozenset({"few"}),
    "most": frozenset({"all"}),
    "first": frozenset({"first"}),
}
_LENIENT = frozenset({"only", "first", "last", "both", "none", "more by", "less by"})
"""Said or left out too freely to count, unless the source says the opposite."""
_OPPOSITE = {
    "first": {"last"}, "last": {"first"}, "more by": {"less by"}, "less by": {"more by"},
    "none": {"all", "most", "half", "third", "quarter", "tens", "hundreds", "thousands"},
}  # fmt: skip


def _compile(words: Mapping[str, str]) -> dict[str, regex.Pattern[str]]:
    return {name: regex.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", regex.IGNORECASE) for name, pattern in words.items()}


_EXTENT, _SIZE = _compile(_EXTENTS), _compile(_SIZES)


def extents(text: str) -> set[str]:
    """How much or how often, by the names of the classes above."""
    return {name for name, pattern in _EXTENT.items() if pattern.search(text)}


def bounds(text: str) -> set[str]:
    """Which way the numbers of `text` are bounded."""
    return {name for name, pattern in _SIZE.items() if pattern.search(text)}


def wrong_quantity(said: str, source: str) -> str | None:
    """A quantity that `said` has and `source` has not, or has the other way; None where all agree."""
    theirs = extents(source)
    for name in extents(said) - theirs:
        if name in _LENIENT:
            if _OPPOSITE.get(name, set()) & theirs and "none" not in theirs:
                return name
            continue
        if not _INSTEAD.get(name, frozenset()) & theirs:
            return name
    return _wrong_bound(_open_bounds(said, source), bounds(source)) or _find_lost_bound(said, source)


def _open_bounds(said: str, source: str) -> set[str]:
    """The bounds of `said` that do not follow from a number of `source` by themselves: 12,400 is more than 12,000."""
    found = bounds(said)
    values = [one.value for one in numbers(source)]
    for number in numbers(said):
        before = said[max(0, number.start - 20) : number.start].rstrip()
        for name in ("more than", "at least", "less than", "nearly"):
            low, high = (number.value, number.value * 1.1) if name in _LOWER else (number.value * 0.9, number.value)
            if number.value not in values and _bound_at_end(name, before) and any(low < value < high for value in values):
                found.discard(name)
    return found


def _wrong_bound(said: set[str], source: set[str]) -> str | None:
    for mine, other in ((_UPPER, _LOWER), (_LOWER, _UPPER)):
        if said & mine and not source & mine and (source & other or said & {"more than", "less than", "at most", "at least"}):
            return min(said & mine)
    return None


def _find_lost_bound(said: str, source: str) -> str | None:
    """The bound that `source` puts on a number which `said` has without any."""
    if bounds(said):
        return None
    for number in numbers(source):
        before = source[max(0, number.start - 20) : number.start].rstrip()
        bound = next((name for name in ("at most", "less than") if _bound_at_end(name, before)), None)
        if bound and any(one.stands_for(number) for one in numbers(said)):
            return f"without “{bound}”"
    return None


def _bound_at_end(name: str, before: str) -> bool:
    return any(found.end() == len(before) for found in _SIZE[name].finditer(before))
