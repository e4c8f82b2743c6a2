"""The quantity that a question asks for, and where a statement gives it: the same unit, what is counted, what befell it, and the scope.

Words that news uses for one another ("houses", "homes", "properties"; "died", "killed", "dead") are classes. A number counts only
with a word of what is counted, or of what befell it, beside it, and never where another such class is nearer: arrested and charged
are kept apart, and so are the country and the world.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.english.numbers import CURRENCIES, Number
from rag.story.statements import Statement

NEAR, ALOOF = 12, 7
"""Words between a number and what it counts at most; the second where the number has another noun of its own."""
COMMA = 4
"""The words that a comma between counts for."""
_ACTS = {
    "dead": r"die[sd]?|dead|deaths?|kill(?:s|ed|ing)?|fatalit\w+|death toll|toll|victims?|lives lost|lost their lives|casualties|perished",
    "injured": r"injur\w+|wounded|hurt|casualties",
    "missing": r"missing|unaccounted",
    "arrested": r"arrest\w*|detain\w*|custody",
    "charged": r"charged|indict\w*",
    "ill": r"cases|infect\w+|confirmed|diagnosed|patients|sick",
    "destroyed": r"destroy\w*|burn(?:ed|t)|razed|levelled|leveled|gutted|wrecked|homes lost",
    "displaced": r"displac\w+|evacuat\w+|homeless|fled|refugees",
    "attended": r"attend\w*|crowd\w*|visit\w*|came|spectators|turned out|turnout|marched|took part|gathered|audience",
    "affected": r"affected|exposed|hit|compromised|stolen",
    "jobs": r"jobs?|laid off|layoffs|redundan\w+|posts|positions|workers",
    "worth": r"worth|value[sd]?|valuation|apprais\w+",
    "price": r"prices?|priced|costs?|average|a (?:gallon|barrel|litre|liter|share|tonne|head)|fares?|charge[sd]?|sells?|sold|bill",
    "deal": r"bid|offer(?:ed)?|deal|buy|bought|buying|purchase[sd]?|acquir\w+|takeover|paid|pay(?:s|ing)?|price",
    "insured": r"insur\w+",
    "reward": r"rewards?",
    "held": r"can (?:carry|hold|seat|take)|capacity|seats",
    "powerless": r"without (?:power|electricity|water)|blackouts?",
    "finance": r"loans?|debts?|savings|revenues?|profits?|turnover|fees?|budgets?|tax(?:es)?|salar(?:y|ies)|wages?|rents?|subsid\w+|cash",
    "fine": r"fine[sd]?|penalt\w+|settle\w*",
    "rate": r"rates?|inflation|interest|unemployment",
    "area": r"acres|hectares|square (?:miles|kilomet\w+)",
    "contained": r"contain\w*",
    "votes": r"votes?|majority|margin|lead|ahead",
    "subscribers": r"subscribers?|customers|users|members",
    "measure": r"magnitude|temperature|degrees",
}  # fmt: skip
ACTS = {name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for name, pattern in _ACTS.items()}
_LIKE = (
    "home house property properties building dwelling residence structure",
    "person people resident civilian man men woman women child children migrant soldier worker passenger victim",
    "case infection patient", "job post position", "acre hectare", "vote ballot", "crack fissure", "visitor spectator fan",
    "dollar euro pound", "dose shot vaccine", "soldier troop",
)  # fmt: skip
_WIDE = re.compile(
    r"\b(?:world(?:wide)?|global(?:ly)?|around the (?:world|globe)|international(?:ly)?|in \d+ countries|across the (?:world|globe)|countries)\b",
    re.I,
)
_HOME = re.compile(
    r"\b(?:nation(?:wide|al|ally)?|in the country|domestic\w*|statewide)\b|(?<!\w)(?:US|U\.S\.|UK|U\.K\.|United States|America)(?!\w)"
)
_MONEY = re.compile(
    r"\b(?:how much|cost|costs|prices?|worth|paid?|paying|salary|fine|bid|offer|value|jackpot|donat\w+|export\w*|raise[d]?|spen[dt])\b|[$€£]",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\b(?:percent\w*|per cent|share|rate|inflation|proportion|turnout|contained)\b|%", re.IGNORECASE)
_COUNTED = re.compile(
    r"\bhow (?:many|much) (?:more |other |of the )?((?:[\w'-]+ ?){1,4})|\b(?:number|numbers|tally|total|count) of ((?:[\w'-]+ ?){1,4})",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|of|in|on|at|by|for|from|to|with|the|a|an|there|who|that|\\w+ed"
    r"|came|went|died|left|saw|lost|won|say|says|said|now|still|so|more)",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"^[- ]year|^[ -](?:km|kilomet\w+|met(?:re|er)s?|feet|foot|miles?|inch(?:es)?|tonnes?|tons?|kg|kilos?)\b|^\s*years? old|^st\b|^-(?:year|day|hour|month|week|mile|foot|member|point)\b|^\s*(?:a\.m|p\.m|years?|months?|weeks?|days?|hours?|minutes?|o'clock)\b",
    re.IGNORECASE,
)


_PARTIAL = re.compile(
    r"(?:\b(?:first|another|additional|further|last|next|other|each|every|least one of|one of|nearly a|of those,?|among (?:the|those|them),?|only|(?:page|chapter|item|group|phase|level|top"
    r"|number|route|highway|covid|game))\s|[a-z]-)$",
    re.IGNORECASE,
)
"""What stands before a number that counts a part, or nothing at all."""
_OF_OTHERS = re.compile(
    r"^\s(?:new|more|additional|other|further|of (?:them|those|these|whom|which|the (?:dead|deaths|victims|injured|wounded|missing|bodies|cases))|in every|out of|mark|threshold|milestone|barrier)\b",
    re.IGNORECASE,
)


_HEAD = re.compile(r"[^\W\d_][\w'’-]*")
_ENDS_NOUN = re.compile(
    r"(?:is|are|was|were|has|have|had|who|that|which|in|on|at|by|for|from|to|with|when|after|before|and|or|but|the|a|an|as|over|during|since|among|of"
    r"|died|killed|will|would|between|according|last|this|next)\b",
    re.IGNORECASE,
)
_EXPECTED = re.compile(
    r"\b(?:would|could|might|(?-i:may)|expect\w*|project(?:ed|ing|ions?|s)|forecast\w*|predict\w*|fear(?:ed|s)?|anticipat\w+|warn\w*|aim\w*|hop(?:ed|es|ing)"
    r"|plann?\w*|target\w*|if|likely|goal|until|unless)\b[^;.]{0,60}$",
    re.IGNORECASE,
)
"""What stands before a number that is not so yet."""
_SUM = re.compile(
    r"\b(?:total|toll|tally|number|count|figure|majority|margin|score|in all|altogether)\b[^;.]{0,40}$|\b(?:stands?|stood|rose|risen|climbed|up) (?:at|to)\s$",
    re.IGNORECASE,
)
"""What stands before a number of what the sentence before told of."""
_ANOTHER = re.compile(r"(?:another|others?|separately|elsewhere|meanwhile|by comparison|in contrast)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OTHER_TIME = re.compile(
    r"\b(?:(?:a|the) (?:year|month|week|decade) (?:ago|earlier|before)|last year|in the same (?:month|period|quarter|week)|in the past|previous record|until now"
    r"|the (?:year|month|week|day) before|historically|years ago)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is asked for. `unit` is a currency's sign as "$", "%" or "" for a plain count; `acts` are names of the classes above,
    `nouns` the words of what is counted, with those used for them."""

    unit: str
    acts: frozenset[str]
    nouns: frozenset[str]
    wide: bool
    home: bool
    expected: bool = False
    years: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Value:
    """A number that a statement gives for what is wanted, and how it is written."""

    number: Number
    written: str
    statement: Statement


def parse_quantity(question: str) -> Quantity:
    """What quantity `question` asks for; one without a noun or a class where it asks for none that is known."""
    acts = frozenset(name for name, pattern in ACTS.items() if pattern.search(question))
    match = _COUNTED.search(question)
    words = frozenset(each for word in _noun(match[1] or match[2]) for each in alike(word)) if match else frozenset()
    unit = "$" if _MONEY.search(question) and not re.search(r"\bhow many\b", question, re.I) else ""
    unit = "%" if _PERCENT.search(question) and not unit else unit
    if unit == "%" and re.search(r"\bhow many\b", question, re.I):
        unit = ""
    expected, years = bool(_EXPECTED.search(f"{question} ")), frozenset(_YEAR.findall(question))
    return Quantity(unit, acts, words, bool(_WIDE.search(question)), bool(_HOME.search(question)), expected, years)


def _noun(after: str) -> list[str]:
    """The words of what is counted: those before the first verb, preposition or name."""
    taken: list[str] = []
    for word in after.split():
        if _NO_NOUN.fullmatch(word) or word[0].isupper():
            break
        taken.append(word.lower())
    return taken[-1:]


def alike(word: str) -> tuple[str, ...]:
    bare = word.strip("'’-").removesuffix("s") if not word.endswith("ss") else word
    group = next((line.split() for line in _LIKE if bare in line.split() or word in line.split()), [])
    return tuple(dict.fromkeys((word, bare, *group)))


def of_world(text: str) -> bool:
    """Whether it tells of the whole world."""
    return bool(_WIDE.search(text))


def of_home(text: str) -> bool:
    """Whether it tells of a whole country."""
    return bool(_HOME.search(text))


def values(found: Sequence[Statement], wanted: Quantity) -> Iterator[Value]:
    """The values that statements give for what is wanted, at most one a statement."""
    for one in found:
        if not _in_scope(one, wanted) or not _of_its_time(one, wanted):
            continue
        fitting = [number for number in one.numbers if _fits(number, one, wanted)]
        if fitting:
            best = min(fitting, key=lambda number: _distance(one.text, number, wanted))
            yield Value(best, one.text[best.start : best.end].strip(), one)


def _in_scope(one: Statement, wanted: Quantity) -> bool:
    wide, home = bool(_WIDE.search(one.text)), bool(_HOME.search(one.text))
    if wanted.home and not wanted.wide:
        return home
    return not (wanted.wide and home and not wide)


def _of_its_time(one: Statement, wanted: Quantity) -> bool:
    """Whether a statement speaks of the days of its report, or of a year that is asked for, and of no other thing of the kind."""
    if _ANOTHER.match(one.text):
        return False
    named = set(_YEAR.findall(one.text))
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
    if _PARTIAL.search(before) or _OF_OTHERS.match(after) or _OTHER_TIME.match(after[:40].lstrip(" ,a-z")):
        return False
    if not wanted.expected and _EXPECTED.search(before):
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
    wide, home = (min((abs(gap) for gap in gaps(one.text, number, [pattern])), default=99) for pattern in (_WIDE, _HOME))
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


APART = frozenset(
    {
        "dead", "injured", "missing", "arrested", "charged", "displaced", "destroyed", "worth", "insured", "reward", "fine", "held", "finance",
        "powerless",
    }
)  # fmt: skip
"""Classes of which one says nothing of another."""


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
            if not re.search(r"[;.!?]\s", between):
                yield sign * (len(between.split()) + COMMA * between.count(","))
