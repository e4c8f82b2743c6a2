"""Quantities in words: parts, multiples, orders of size, how many of a whole, and bounds on a number.

In English. A sentence may leave a quantity of its source out, but may not say another one.
"""

from __future__ import annotations

from collections.abc import Mapping

import regex

from rag.verify.numbers import numbers

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
    "both": r"both",
    "only": r"only|solely|exclusively|alone",
    "first": r"first|1st",
    "last": r"the last|final(?:ly)?",
    "daily": r"daily|(?:every|each|a|per) day|once a day",
    "weekly": r"weekly|(?:every|each|a|per) week|once a week",
    "monthly": r"monthly|(?:every|each|a|per) month|once a month",
    "yearly": r"yearly|annual(?:ly)?|(?:every|each|a|per) year|once a year",
}
_SIZES: Mapping[str, str] = {
    "at least": r"at least|no (?:fewer|less) than|not less than|a minimum of|or more",
    "more than": r"more than|over(?= (?:a |an )?(?:\d|[$€£]|one|two|three|four|five|six|seven|eight|nine|ten|half|hundred))|above"
    r"|exceed(?:s|ed|ing)?|upwards of|in excess of|greater than|well over",
    "at most": r"at most|no more than|not more than|a maximum of|up to|or (?:less|fewer)|as (?:few|little) as|capped at",
    "less than": r"(?:less|fewer) than|under(?= (?:a |an )?(?:\d|[$€£]|one|two|three|half|hundred))|below",
    "nearly": r"nearly|almost|close to|just under|not quite",
}
_UPPER, _LOWER = frozenset({"at most", "less than", "nearly"}), frozenset({"at least", "more than"})
_INSTEAD: Mapping[str, frozenset[str]] = {
    "all": frozenset({"all", "both"}),
    "both": frozenset({"both"}),
    "few": frozenset({"few"}),
    "first": frozenset({"first"}),
}
_LENIENT = frozenset({"only", "first", "last", "both"})
"""Said or left out too freely to count, unless the source says the opposite."""
_OPPOSITE = {"first": "last", "last": "first"}


def _compiled(words: Mapping[str, str]) -> dict[str, regex.Pattern[str]]:
    return {name: regex.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", regex.IGNORECASE) for name, pattern in words.items()}


_EXTENT, _SIZE = _compiled(_EXTENTS), _compiled(_SIZES)


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
            if _OPPOSITE.get(name) in theirs:
                return name
            continue
        if not _INSTEAD.get(name, frozenset()) & theirs:
            return name
    return _wrong_bound(bounds(said), bounds(source)) or _left_out(said, source)


def _wrong_bound(said: set[str], source: set[str]) -> str | None:
    for mine, other in ((_UPPER, _LOWER), (_LOWER, _UPPER)):
        if said & mine and not source & mine and (source & other or said & {"more than", "less than", "at most"}):
            return min(said & mine)
    return None


def _left_out(said: str, source: str) -> str | None:
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
