"""The quantity that a question asks for: its unit, what is counted, what befell it, and the scope."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.english.words import is_verb
from rag.story.acts import ACTS, of_home, of_world

_LIKE = (
    "home house property properties building dwelling residence structure",
    "person people resident civilian man men woman women child children migrant soldier worker passenger victim",
    "case infection patient", "job post position", "acre hectare", "vote ballot", "crack fissure", "visitor spectator fan",
    "dollar euro pound", "dose shot vaccine", "soldier troop",
)  # fmt: skip
_MONEY = re.compile(
    r"\b(?:how much|cost|costs|prices?|worth|paid?|paying|salary|fine|bid|offer|value|jackpot"
    r"|donat\w+|export\w*|raise[d]?|spen[dt])\b|[$€£]",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\b(?:percent\w*|per cent|share|rate|inflation|proportion|turnout|contained)\b|%", re.IGNORECASE)
_SIZE = re.compile(
    r"\bhow (?:many|much|big|high|large|far|old|tall|long)\b|\b(?:price|figure|number|toll|count|tally|rate|total|cost)\b",
    re.IGNORECASE,
)
_LARGE = re.compile(r"\bhow (?:big|large)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\bhow (?:many|much) (?:more |other |of the )?((?:[\w'-]+ ?){1,4})|\b(?:number|numbers"
    r"|tally|total|count) of ((?:[\w'-]+ ?){1,4})",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|of|in|on|at|by|for|from|to|with|the|a|an|there|who|that"
    r"|came|went|died|left|saw|lost|won|say|says|said|now|still|so|more)",
    re.IGNORECASE,
)
EXPECTED = re.compile(
    r"\b(?:would|could|might|(?-i:may)|expect\w*|project(?:ed|ing|ions?|s)|forecast\w*|predict\w*|fear(?:ed|s)?|anticipat\w+|warn\w*|aim\w*|hop(?:ed|es|ing)"
    r"|plann?\w*|target\w*|if|likely|goal|until|unless)\b(?:[^;.]|\.(?=\d)){0,90}$",
    re.IGNORECASE,
)
"""What stands before a number that is not so yet."""
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is asked for. `unit` is a currency's sign as "$", "%" or "" for a plain count; `acts` are names of the classes above,
    `nouns` the words of what is counted, with those used for them; `noun` is the word asked with."""

    unit: str
    acts: frozenset[str]
    nouns: frozenset[str]
    wide: bool
    home: bool
    expected: bool = False
    years: frozenset[str] = frozenset()
    noun: str = ""


def parse_quantity(question: str) -> Quantity:
    """What quantity `question` asks for; one without a noun or a class where it asks for none that is known."""
    question = question.replace("’", "'")
    acts = frozenset(name for name, pattern in ACTS.items() if pattern.search(question))
    if not acts and _LARGE.search(question) and not _MONEY.search(question):
        acts = frozenset(("area",))
    match = _COUNTED.search(question)
    nouns = _noun(match[1] or match[2]) if match else []
    words = frozenset(each for word in nouns for each in alike(word))
    unit = "$" if _MONEY.search(question) and not re.search(r"\bhow many\b", question, re.I) else ""
    unit = "%" if _PERCENT.search(question) and not unit else unit
    if unit == "%" and re.search(r"\bhow many\b", question, re.I):
        unit = ""
    expected, years = bool(EXPECTED.search(f"{question} ")), frozenset(YEAR.findall(question))
    return Quantity(unit, acts, words, of_world(question), of_home(question), expected, years, "".join(nouns))


def asks_size(question: str) -> bool:
    """Whether a question asks for a number."""
    return _SIZE.search(question) is not None


def _noun(after: str) -> list[str]:
    """The words of what is counted: those before the first verb or preposition, and before a name that they do not begin with."""
    taken: list[str] = []
    for word in after.split():
        if _NO_NOUN.fullmatch(word) or (taken and (word[0].isupper() or is_verb(word))):
            break
        if word[0].isupper():
            continue  # "how many Ukrainian children"
        taken.append(word.lower())
    return taken[-1:]


def alike(word: str) -> tuple[str, ...]:
    bare = word.strip("'’-").removesuffix("s") if not word.endswith("ss") else word
    group = next((line.split() for line in _LIKE if bare in line.split() or word in line.split()), [])
    return tuple(dict.fromkeys((word, bare, *group)))
