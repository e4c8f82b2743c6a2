"""Amounts, counts and days as a whole: a reader that marks "3.61" means "$3.61 billion".

Patterns over written forms in English. Non-goals: reading what an amount is worth, or converting it.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.english.kinds import find_kind
from rag.english.numbers import TENS, UNITS
from rag.when.calendar import MONTH_NAMES, SHORT_MONTHS, WEEKDAY_NAMES

_WORD_NUMBER = rf"(?:{'|'.join((*UNITS, *TENS))}|half|a dozen|dozens|hundreds?|thousands?)"
_DIGITS = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:,\d{3})*(?:\.\d+)?)"
"""Thousands apart by commas or, as in most of Europe, by a space: "1 250"."""
_NUMBER = rf"(?:{_DIGITS}|{_WORD_NUMBER}(?:[- ]{_WORD_NUMBER})*)"
_SCALE = r"(?:[ -](?:hundred|thousand|million|billion|trillion|dozen)|(?:bn|m|k)\b)"
_SIGN = r"(?:(?:US|A|C|HK|NZ)?[$€£¥₹]\s?)"
_NEARLY = (
    r"(?:(?:about|around|nearly|almost|roughly|approximately|some|over|under|up to|at least|at most|more than|less than|"
    r"fewer than|close to|just over|just under|as (?:many|much|little|few) as|an estimated)\s+)"
)
_UNIT = (
    r"(?:\s?(?:%|°[CF]?)|[ -](?:per ?cent|percent|percentage points?|points?|dollars?|euros?|pounds?|yen|yuan|rupees?|francs?|"
    r"crowns?|kronor|cents?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)|(?:square )?(?:miles?|"
    r"kilomet(?:er|re)s?|met(?:er|re)s?|feet|foot|inch(?:es)?|yards?)|acres?|hectares?|tons?|tonnes?|kilos?|kilograms?|grams?|"
    r"lit(?:er|re)s?|gallons?|barrels?|degrees?(?: (?:Celsius|Fahrenheit))?|km|mph|kg|mm|cm)\b)"
)
_MONTH = rf"(?:{MONTH_NAMES}|(?:{SHORT_MONTHS})\.?)"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
AMOUNT = re.compile(
    rf"{_NEARLY}?{_SIGN}?\b{_NUMBER}{_SCALE}?(?:(?:\s?[-–]\s?| to | and (?={_NUMBER}\s?(?:%|per ?cent)))"
    rf"{_SIGN}?{_NUMBER}{_SCALE}?)?{_UNIT}?(?<![\s-])|{_NEARLY}?{_SIGN}{_NUMBER}{_SCALE}?",
    re.IGNORECASE,
)
DAY = re.compile(
    rf"(?:(?:{WEEKDAY_NAMES}),? )?\b(?:{_MONTH} {_ORDINAL}(?:,? (?:1[5-9]|20)\d\d)?|{_ORDINAL} {_MONTH}"
    rf"(?:,? (?:1[5-9]|20)\d\d)?|{_MONTH},? (?:1[5-9]|20)\d\d)\b"
)
CLOCK = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?| o[’']clock)(?:\s(?:ET|EDT|EST|GMT|BST|CET|PT|PDT|PST)\b)?|\b\d{1,2}:\d\d\b", re.I
)


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The characters of the amount, day or time of day that `text[start:end]` is a part of; the same ones where it is of none.

    A span that holds words beside the amount is left as it is, but for an amount that it cuts in two.
    """
    for pattern in (CLOCK, DAY, AMOUNT):
        for match in pattern.finditer(text, max(0, start - 60), min(len(text), end + 60)):
            first, last = match.span()
            if first < end and start < last and (first < start or end < last):
                return min(first, start), max(last, end)
    return start, end


Dimension = Literal["time", "length", "mass", "temperature", "money", "share", "speed", "area", "volume"]
_WRITTEN: dict[Dimension, str] = {
    "time": r"(?<!per )(?<!an )(?<!a )\b(?:seconds?|minutes?|hours?|hrs?|nights?|days?|weeks?|fortnight|months?|years?|"
    r"decades?|centur(?:y|ies))\b",
    "length": r"\b(?:miles?|kilomet(?:er|re)s?|met(?:er|re)s?|feet|foot|ft|inch(?:es)?|yards?|[kmc]m|light-years?)\b"
    r"(?!\s(?:per|an))",
    "mass": r"\b(?:tons?|tonnes?|kilos?|kilograms?|grams?|kg|pounds?|lbs?|ounces?)\b",
    "temperature": r"°|\bdegrees?\b",
    "money": r"[$€£¥₹]|\b(?:dollars?|euros?|pounds?|yen|yuan|rupees?|francs?|crowns?|kronor|cents?|pence)\b",
    "share": r"%|\bper ?cent\b|\bpercentage points?\b",
    "speed": r"\b(?:mph|km/h|kph|knots?|(?:miles?|kilomet(?:er|re)s?|met(?:er|re)s?|feet) (?:per|an) \w+)",
    "area": r"\b(?:acres?|hectares?|square \w+)\b",
    "volume": r"\b(?:lit(?:er|re)s?|gallons?|barrels?)\b",
}
MEASURED = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _WRITTEN.items()}
ASKED: tuple[tuple[str, frozenset[Dimension]], ...] = (
    (r"\bhow long\b(?! ago)", frozenset({"time", "length"})),
    (r"\bhow far\b", frozenset({"length", "time"})),
    (r"\bhow (?:tall|deep|wide|thick)\b", frozenset({"length"})),
    (r"\bhow heavy\b|\bhow much\b.*\bweigh", frozenset({"mass"})),
    (r"\bhow (?:hot|cold|warm)\b", frozenset({"temperature"})),
    (r"\bhow fast\b", frozenset({"speed", "time"})),
    (r"\b(?:what|which) (?:percent|percentage|share|proportion)\b", frozenset({"share"})),
)
"""What a question's first words measure."""
COUNTED = re.compile(
    r"\bhow many\s+((?:[\w’'-]+\s+){1,4}?)(?=(?:did|do|does|was|were|is|are|has|have|had|will|would|can|could)\b)", re.IGNORECASE
)
_AGE = re.compile(r"\bhow old\b|\b(?:what|which) age\b", re.IGNORECASE)
_UNIT_AFTER = re.compile(
    r"[\s-]*(?:(?:hundred|thousand|million|billion|trillion|square)\s)*[A-Za-z%°/]*(?:\s(?:per|an?)\s\w+|\spoints?\b)?"
)
_PLURAL_AFTER = re.compile(r"\s([a-z]{3,}s)\b(?! (?:ago|old|later|earlier))")
_SUM = re.compile(r"\D{0,30}\d[\d,.]*(?: (?:hundred|thousand|million|billion|trillion))?")
_AFTER = re.compile(r"[\s-]*([A-Za-z]+)")


def find_counted(question: str) -> str | None:
    """What is counted: "times" of "How many times did it rain?". None where nothing is named."""
    if match := COUNTED.search(f"{question} "):
        return match[1].split()[-1].lower()
    found = re.search(r"\bhow many\s+([\w’'-]+)", question, re.IGNORECASE)
    return found[1].lower() if found else None


def dimensions(text: str, start: int, end: int) -> frozenset[Dimension]:
    """What the number `text[start:end]` measures, by its sign and unit, and by the word or two after it."""
    after = _UNIT_AFTER.match(text, end)
    written = text[max(0, start - 1) : after.end() if after else end]
    return frozenset(name for name, pattern in MEASURED.items() if pattern.search(written))


def with_currency(text: str, start: int, end: int) -> tuple[int, int]:
    """The characters of the sum `text[start:end]` with the currency named after it: "1.9 million" of "1.9 million dinars".

    Any word that counts will do, since there are more currencies than a list has.
    """
    after = _PLURAL_AFTER.match(text, end)
    whole_sum = _SUM.fullmatch(text[start:end]) and "money" not in dimensions(text, start, end)
    return (start, after.end(1)) if after and whole_sum else (start, end)


def unit_fits(question: str, text: str, start: int, end: int) -> float:
    """1 where the number `text[start:end]` counts or measures what `question` asks about, 0 where another thing, else .5.

    A number without a unit measures nothing: "47,600" does not tell how long.
    """
    found = dimensions(text, start, end)
    if find_kind(question) == "money":
        return 1.0 if "money" in found else 0.0 if found else 0.5
    for pattern, fitting in ASKED:
        if re.search(pattern, question, re.IGNORECASE):
            return 1.0 if found & fitting else 0.0 if found or re.search(r"\d", text[start:end]) else 0.5
    if _AGE.search(question):  # "How old is the inn?" wants "154-year-old", of a person "64" will do
        return 1.0 if "time" in found else 0.0 if found else 0.5
    noun = find_counted(question)
    if noun is None:
        return 0.5
    inside = re.findall(r"[a-z]+", text[start:end].lower())
    after = _AFTER.match(text, end)
    near = {*inside, after[1].lower() if after else ""}
    if any(_same_noun(noun, word) for word in near):
        return 1.0
    return 0.0 if found else 0.5


def _same_noun(one: str, other: str) -> bool:
    return bool(other) and one.rstrip("s") == other.rstrip("s")
