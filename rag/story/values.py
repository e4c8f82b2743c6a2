"""Where statements give a quantity: the same unit, with a word of what is counted, or of what befell it, beside the number.

A number counts never where another class of such words is nearer: arrested and charged are kept apart, and so are the country and
the world; nor where it counts a part, another time, or what is not so yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.english.numbers import CURRENCIES, Number
from rag.story.acts import ACTS, APART, HOME, WIDE, of_home, of_world
from rag.story.quantity import EXPECTED, YEAR, Quantity, alike
from rag.story.statements import Statement

NEAR, ALOOF = 12, 7
"""Words between a number and what it counts at most; the second where the number has another noun of its own."""
COMMA = 4
"""The words that a comma between counts for."""
_AGE = re.compile(
    r"^[- ]year|^[ -](?:km|kilomet\w+|met(?:re|er)s?|feet|foot|miles?|inch(?:es)?|tonnes?"
    r"|tons?|kg|kilos?)\b|^\s*years? old|^st\b|^-(?:year|day|hour|month|week|mile|foot|member"
    r"|point)\b|^\s*(?:a\.m|p\.m|years?|months?|weeks?|days?|hours?|minutes?|o'clock)\b",
    re.IGNORECASE,
)


_PARTIAL = re.compile(
    r"(?:\b(?:first|another|additional|further|last|next|other|each|every|least one of|one of"
    r"|nearly a|of those,?|among (?:the|those|them),?|only|(?:page|chapter|item|group|phase"
    r"|level|top"
    r"|number|route|highway|covid|game))\s|[a-z]-)$",
    re.IGNORECASE,
)
"""What stands before a number that counts a part, or nothing at all."""
_OF_OTHERS = re.compile(
    r"^\s(?:new|more|additional|other|further|of (?:them|those|these|whom|which|the (?:dead"
    r"|deaths|victims|injured|wounded|missing|bodies|cases))|in every|out of|mark|threshold"
    r"|milestone|barrier)\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:from|(?:start(?:ed|ing)|began|opened) (?:at|with)|initially|originally|at first"
    r"|instead of|rather than)\s(?:(?:about|around|an?|the|some)\s)?$",
    re.IGNORECASE,
)
"""What stands before a value that was left behind."""
_HEAD = re.compile(r"[^\W\d_][\w'’-]*")
_ENDS_NOUN = re.compile(
    r"(?:is|are|was|were|has|have|had|who|that|which|in|on|at|by|for|from|to|with|when|after|before|and|or|but|the|a|an|as|over|during|since|among|of"
    r"|died|killed|will|would|between|according|last|this|next)\b",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"\b(?:total|toll|tally|number|count|figure|majority|margin|score|in all"
    r"|altogether)\b[^;.]{0,40}$|\b(?:stands?|stood|rose|risen|climbed|up) (?:at|to)\s$",
    re.IGNORECASE,
)
"""What stands before a number of what the sentence before told of."""
_ANOTHER = re.compile(r"(?:another|others?|separately|elsewhere|meanwhile|by comparison|in contrast)\b", re.IGNORECASE)
_AREA = re.compile(r"[ -](?:acres?|hectares?|square (?:miles?|kilomet(?:re|er)s?|feet|met(?:re|er)s?))\b", re.IGNORECASE)
_SPAN_OF_TIME = re.compile(
    r"\s?(?:to|or|and|-|–)\s?[\d,.]+[ -](?:years?|months?|weeks?|days?|hours?|minutes?|seconds?)\b", re.IGNORECASE
)
"""What stands behind the first number of a span of time: "12 to 72 hours"."""
_BOUNDARY = re.compile(r"[;.!?]\s|, (?:and|but|while) ")
"""Between two clauses."""
_THEN = re.compile(r"[\w ,]{0,20}?\b(?:at (?:the|that) time|back then)\b", re.IGNORECASE)
_BEFORE_THAT = re.compile(r"\b(?:last (?:year|month|week)['’]s|a year (?:ago|earlier)|previous)\b[^;,]{0,25}$", re.IGNORECASE)
_BACK_THEN = re.compile(r"(?:at (?:the|that) time|back then|at that point|by then)\b", re.IGNORECASE)
_OTHER_TIME = re.compile(
    r"\b(?:(?:an?|the|one|two) (?:years?|months?|weeks?|decades?) (?:ago|earlier|before)|last year"
    r"|in the same (?:month|period|quarter|week)|in the past|previous record|until now"
    r"|the (?:year|month|week|day) before|historically|years ago)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Value:
    """A number that a statement gives for what is wanted, and how it is written."""

    number: Number
    written: str
    statement: Statement


def values(found: Sequence[Statement], wanted: Quantity) -> Iterator[Value]:
    """The values that statements give for what is wanted, at most one a statement."""
    for one in found:
        if not _in_scope(one, wanted) or not _of_its_time(one, wanted):
            continue
        fitting = [number for number in one.numbers if _fits(number, one, wanted)]
        if fitting:
            best = min(fitting, key=lambda number: _preference(one.text, number, wanted))
            unit = _AREA.match(one.text, best.end)
            yield Value(best, one.text[best.start : unit.end() if unit else best.end].strip(), one)


def _preference(text: str, number: Number, wanted: Quantity) -> tuple[bool, int, bool]:
    """Of several numbers of a sentence that fit, the one it goes on to, nearest to what is asked, and with that very word."""
    after = text[number.end :].lstrip().casefold()
    return _is_left(text, number), _distance(text, number, wanted), not (wanted.noun and after.startswith(wanted.noun[:5]))


def _is_left(text: str, number: Number) -> bool:
    """Whether the sentence goes on from the number to another one: "started at $50 but rose to $80"."""
    return _LEFT.search(text[: number.start]) is not None


def _in_scope(one: Statement, wanted: Quantity) -> bool:
    wide, home = of_world(one.text), of_home(one.text)
    if wanted.home and not wanted.wide:
        return home
    return wide if wanted.wide and not wanted.home else not (wanted.wide and home and not wide)


def _of_its_time(one: Statement, wanted: Quantity) -> bool:
    """Whether a statement speaks of the days of its report, or of a year that is asked for, and of no other thing of the kind."""
    if _ANOTHER.match(one.text) or _BACK_THEN.match(one.text):
        return False
    named = set(YEAR.findall(one.text))
    if wanted.years:
        return not named or bool(named & wanted.years)
    own = {str(one.reported.year)} if one.reported else set()
    return named <= own or bool(one.told and one.first and str(one.first.year) in named)


def _fits(number: Number, one: Statement, wanted: Quantity) -> bool:
    if number.unit == "th" or _AGE.match(one.text[number.end : number.end + 12]) or _is_year(number, one.text):
        return False
    if wanted.unit == "$":
        if number.unit not in CURRENCIES.values():
            return False
    elif number.unit != wanted.unit:
        return False
    before, after = one.text[: number.start], one.text[number.end :]
    if _SPAN_OF_TIME.match(after):
        return False
    if _PARTIAL.search(before) or _OF_OTHERS.match(after) or _OTHER_TIME.match(after[:40].lstrip(" ,a-z")):
        return False
    if _THEN.match(after) or _BEFORE_THAT.search(before):
        return False
    if not wanted.expected and EXPECTED.search(before):
        return False
    return _right_side(one, number, wanted) and (_distance(one.text, number, wanted) <= NEAR or sums_up(one, number, wanted))


def sums_up(one: Statement, number: Number, wanted: Quantity) -> bool:
    """Whether the number is the sum of what the sentence before told of: "That brings the total to 17." """
    if wanted.unit or not _SUM.search(one.text[: number.start]):
        return False
    told = [ACTS[name] for name in wanted.acts] + [re.compile(rf"\b{re.escape(noun)}", re.I) for noun in wanted.nouns]
    return any(pattern.search(one.before_it) for pattern in told)


def _right_side(one: Statement, number: Number, wanted: Quantity) -> bool:
    """Of a sentence that tells of the country and the world, the number that stands nearer to what is asked for."""
    wide, home = (min((abs(gap) for gap in gaps(one.text, number, [pattern])), default=99) for pattern in (WIDE, HOME))
    if wanted.home and not wanted.wide:
        return home <= wide
    return wide <= home if wanted.wide else True


def _is_year(number: Number, text: str) -> bool:
    return 1800 <= number.value <= 2100 and re.fullmatch(r"\d{4}", text[number.start : number.end].strip()) is not None


def _distance(text: str, number: Number, wanted: Quantity) -> int:
    """Words between the number and the nearest word of what is wanted, in its clause; NEAR + 1 where another class is nearer."""
    beside = [abs(gap) for gap in gaps(text, number, [ACTS[name] for name in wanted.acts])]
    named = [
        abs(gap) for gap in gaps(text, number, [re.compile(rf"\b{re.escape(noun)}(?:s|es)?\b", re.I) for noun in wanted.nouns])
    ]
    if wanted.acts and not beside:
        return NEAR + 1
    if wanted.nouns and not named and not (wanted.acts and beside):
        return NEAR + 1
    if not wanted.acts and not wanted.nouns:
        return NEAR if wanted.unit else NEAR + 1
    nearest = min([*beside, *named])
    if (
        wanted.nouns
        and (own := nouns_after(text[number.end :]))
        and not own & wanted.nouns
        and (not beside or min(beside) > ALOOF)
    ):
        return NEAR + 1
    others = [pattern for name, pattern in ACTS.items() if name not in wanted.acts and name in APART]
    rivals = [abs(gap) for gap in gaps(text, number, others)] if wanted.acts else []
    return NEAR + 1 if rivals and beside and min(rivals) < min(beside) else nearest


def nouns_after(after: str) -> frozenset[str]:
    """The words of what a number counts, which stand after it, each with those that are used for it."""
    taken: list[str] = []
    for word in _HEAD.findall(after[:60])[:4]:
        if _ENDS_NOUN.fullmatch(word):
            break
        taken += alike(word.lower())
    return frozenset(taken)


def gaps(text: str, number: Number, patterns: Sequence[re.Pattern[str]]) -> Iterator[int]:
    """Words between the number and each match, negative before it; matches in another clause are not counted."""
    for pattern in patterns:
        for match in pattern.finditer(text):
            if match.start() >= number.end:
                between = text[number.end : match.start()]
                sign = 1
            elif match.end() <= number.start:
                between = text[match.end() : number.start]
                sign = -1
            else:
                yield 0
                continue
            if not _BOUNDARY.search(between):
                yield sign * (len(between.split()) + COMMA * between.count(","))
