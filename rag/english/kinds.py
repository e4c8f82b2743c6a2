"""Question-type cues: what kind of thing a question asks for, and whether a sentence offers one that the question does not name.

Plain patterns over words and capitals, in English. Non-goals: parsing, and finding the short answer itself.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.english.lexicon import ROLES, list_words
from rag.english.numbers import TENS, UNITS
from rag.when.calendar import MONTH_NAMES, SHORT_MONTHS, WEEKDAY_NAMES

Wanted = Literal["short", "list", "sentences"]
"""What answers a question: a few words, several such, or whole sentences alone."""
Kind = Literal["person", "place", "time", "money", "number", "reason", "name", "any"]


def _words(text: str) -> str:
    """A pattern for any of the words in `text`."""
    return "(?:" + "|".join(text.split()) + ")"


MONTH = f"(?:{MONTH_NAMES}|{SHORT_MONTHS})"
WEEKDAY = f"(?:{WEEKDAY_NAMES})"
NUMBER = _words(f"{' '.join((*UNITS, *TENS))} hundreds? thousands? dozens? half quarter twice double triple first second third")
PERSONS = _words(
    "man woman person actor actress singer player president minister politician author leader star celebrity athlete artist"
    " musician senator governor mayor"
)
PLACES = _words("country city state place town nation region continent island province county capital")
PAYING = _words("cost costs pay paid price worth money raised? spend spent fined? earn earned sell sold")
SUM_NAMES = _words(
    "price cost costs fee fine penalty fare toll ticket value worth budget salary wage pay bonus reward loss losses profit debt"
    " bill subsidy grant donation sum amount loan fund deficit revenue income turnover damages compensation ransom prize rent"
)
"""What is counted in money."""
MOVING = _words(
    "rise rose risen grow grew grown fall fell fallen drop dropped increase increased decrease decreased climb climbed shrink"
    " shrank weigh weighs change changed gain improve slow warm cool"
)
"""Verbs after which "how much" asks for a change or a weight."""
BE = _words("is was are were did does do will would has have had can could must should may might")
FEW = r"(?:[\w’'-]+ ){0,3}?"
SUMS_ASKED = "|".join(
    (
        rf"\bhow much\b.*\b{PAYING}\b|\bwhat (?:price|sum|amount)\b",
        rf"\bhow much {BE}\b(?!.*\b{MOVING}\b)",  # How much was a ticket?
        rf"\bwhat(?: (?:will be|would be|{BE})|['’]s) the {FEW}{SUM_NAMES}\b(?! of living)",  # What was the fine?
        r"\bwhat\b.*\b(?:worth|costs?|cost (?:him|her|it|them|you|us))\W*$",  # What does it cost?
        rf"\bwhat {BE} .*\bcost\b(?! of)",  # What did the trial cost the town?
        rf"\bhow (?:big|large|high|great|small|low) (?:an? |{BE} ){FEW}{SUM_NAMES}\b",  # How large was the bonus?
    )
)
SIZES = _words("many much old long far tall big large high fast often deep wide heavy")
MEASURES = _words("percent percentage number share proportion size age rate figure")
TIMES = _words("year date day month time week")
CURRENCIES = _words("dollars euros pounds yen rupees cents francs crowns")

ASKED: tuple[tuple[Kind, str], ...] = (
    ("reason", r"\bwhy\b|\bwhat (?:caused|led|prompted|is the reason|was the reason)|\bfor what reason"),
    ("time", rf"\bwhen\b(?! it comes)|\b(?:what|which) {TIMES}\b|\bhow (?:long ago|soon|recently)\b"),
    ("money", SUMS_ASKED),
    ("number", rf"\bhow {SIZES}\b|\b(?:what|which) {MEASURES}\b"),
    ("person", rf"\bwho\b|\bwhom\b|\bwhose\b|\b(?:what|which) {PERSONS}\b"),
    ("place", rf"\bwhere\b|\b(?:what|which) (?:\w+ ){{0,2}}?{PLACES}\b"),
    ("name", r"\bwhich\b|\bwhat (?:is|was) the name\b|\bnamed?\b|\bcalled\b"),
)
OFFERED: tuple[tuple[Kind, str], ...] = (
    (
        "time",
        rf"\b(?:{MONTH}\.? \d|\d+ {MONTH}|{WEEKDAY}|(?:1[5-9]|20)\d\d|(?:last|next|this) (?:week|month|year|night)"
        rf"|today|yesterday|tomorrow|(?:in|on|since|by|until|of|early|late|mid-?) ?{MONTH})\b",
    ),
    ("money", rf"[$€£¥₹]\s?\d|\b\d[\d,.]*\s?(?:million|billion|trillion)?\s?{CURRENCIES}\b"),
    ("number", rf"\d|\b{NUMBER}\b"),
    (
        "reason",
        r"\b(?:because|due to|owing to|thanks to|in order to|so that|as a result|after|amid|over|citing|blam\w+|caus\w+"
        r"|following|led to|aimed? (?:at|to)|to \w+)\b",
    ),
)
OFFERS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in OFFERED}
CAPITAL = re.compile(r"(?<![.!?…:“\"] )(?<!^)\b[A-Z][\w’'&-]*[\w]")
DIGITS = re.compile(r"\d[\d,.]*")


def find_kind(question: str) -> Kind:
    """The kind of thing the question asks for, by the first pattern that fits."""
    return next((kind for kind, pattern in ASKED if re.search(pattern, question, re.IGNORECASE)), "any")


COUNTS = _words("two three four five six seven eight nine ten several other")
EXPLAINED = re.compile(
    rf"\bwhy\b|(?:^|[.!?:;,] |^and )how(?! (?:{SIZES}|soon|recently)\b)|\bwhat (?:caused|led|prompted|happen(?:s|ed))\b"
    r"|\bwhat (?:is|was|are|were) the (?:reasons?|effects?|consequences?|impact)\b"
    r"|^(?:explain|describe|tell me about|summari[sz]e)\b",
    re.IGNORECASE,
)
LISTED = re.compile(
    rf"\b(?:which|what|name|list) (?:(?:are|were|the|all) )*{COUNTS}\b|^(?:name|list) (?:the|all)\b"
    r"|\bwhich (?!of\b)(?:\w+ ){0,2}\w+s (?:are|were|have|had)\b|\bwhat (?:are|were) the \w+|\bwho (?:are|were) the \w+s\b",
    re.IGNORECASE,
)


def find_wanted(question: str) -> Wanted:
    """Whether the question asks for a few words, a list of such, or an explanation, for which no few words will do."""
    if EXPLAINED.search(question):
        return "sentences"
    return "list" if LISTED.search(question) else "short"


NAMED = re.compile(r"\b[A-Z][\w’'.&-]*")
_CLAUSE = re.compile(r"\b(?:he|she|they|we|it) \w|(?-i:\bI [a-z])", re.IGNORECASE)
"""Words that say something and name nobody: "quartet announced they sold their catalog"."""
DAYS = re.compile(
    rf"\b(?:{MONTH}|{WEEKDAY}|(?:1[0-9]|20)\d\d|today|yesterday|tomorrow|tonight|morning|afternoon|evening|night|noon|midnight|week|month"
    r"|year|day|decade|century|hours?|minutes?|spring|summer|autumn|fall|winter|season|christmas|easter|ago|\d+(?:st|nd|rd|th)"
    r"|[ap]\.?m\.?)s?\b",
    re.IGNORECASE,
)
DURATION = re.compile(
    rf"(?:\w+ ){{0,2}}(?:\d[\d,.]*|{NUMBER})[- ](?:year|month|week|day|hour|minute|decade)s?(?: old)?", re.IGNORECASE
)
AMOUNTS = re.compile(rf"\d|\b{NUMBER}\b|\b(?:no|none|zero|million|billion)\b", re.IGNORECASE)
SUMS = re.compile(rf"[$€£¥₹]|\b(?:{CURRENCIES}|dollar|euro|pound|crown|franc|free|bn|percent|per cent)\b|%", re.IGNORECASE)


_OF_OFFICES = ROLES | list_words("within_offices")
_OF_WHAT = re.compile(
    r"\b(?:[A-Z][\w.&-]*[ -])*[A-Z][\w.&-]*['’]s?(?= )|\b(?:of|for) .*|\b[A-Z][\w.]*(?:n|ese|ish|ch|i)(?= [a-z])"
)
"""The place or body that an office is of: "Sri Lanka's President", "the President of Peru", "Chinese leader"."""


def is_office(answer: str) -> bool:
    """Whether the words name an office and nobody who holds it."""
    words = re.findall(r"[\w.-]+", _OF_WHAT.sub(" ", answer).lower())
    return bool(words) and not ROLES.isdisjoint(words) and _OF_OFFICES.issuperset(words)


def kind_fits(kind: Kind, answer: str) -> float:
    """1 where the words of `answer` are a thing of the kind, 0 where they cannot be, .5 where that is not known."""
    if kind in ("person", "place", "name"):
        if _CLAUSE.search(answer):
            return 0.0
        names = [name for name in NAMED.findall(answer) if not AMOUNTS.search(name)]
        if names:
            return 0.5 if kind == "person" and is_office(answer) else 1.0
        return 0.0 if AMOUNTS.search(answer) or kind == "person" else 0.5
    if kind == "time" and DURATION.fullmatch(answer.strip()):
        return 0.0
    patterns = {"time": DAYS, "number": AMOUNTS, "money": AMOUNTS}
    if kind not in patterns:
        return 0.5
    fits = bool(patterns[kind].search(answer))
    if kind == "money" and fits:
        return 1.0 if SUMS.search(answer) else 0.5
    return float(fits)


def offers(kind: Kind, sentence: str, named: frozenset[str]) -> float:
    """1.0 if `sentence` holds something of this kind besides what the question names, else 0.0; 0.5 where any would do.

    `named` are the question's words in lower case.
    """
    if kind == "any":
        return 0.5
    if kind in ("person", "place", "name"):
        return float(any(word.lower() not in named for word in CAPITAL.findall(sentence)))
    found = [match.group().lower() for match in OFFERS[kind].finditer(sentence)]
    if kind in ("number", "money"):
        in_digits = any(number.strip(",.") not in named for number in DIGITS.findall(sentence))
        return float(bool(found) and (in_digits or any(word not in named and not word[0].isdigit() for word in found)))
    return float(any(word not in named for word in found))
