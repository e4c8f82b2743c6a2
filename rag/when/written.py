"""How times are written in English news: parts of patterns, and what the numbers and names in a match stand for."""

from __future__ import annotations

from typing import TypeAlias

import regex

from rag.when.calendar import MONTH_NAMES, MONTHS, SHORT_MONTHS, WEEKDAY_NAMES

Found: TypeAlias = "regex.Match[str]"
SHORT_MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(MONTHS, start=1)} | {"sept": 9}
MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, start=1)}
MONTH = rf"(?P<month>{MONTH_NAMES})"
ANY_MONTH = rf"(?:{MONTH}|(?P<short>{SHORT_MONTHS})\b\.?)"
WEEKDAY = f"(?P<weekday>{WEEKDAY_NAMES})"
YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)"
NO_AMOUNT = (
    r"(?![\d,.:%/-]*\d|\s*(?:%|per\s?cent|people|men|women|miles|kilomet|km|tonnes|tons|deaths|jobs|homes|troops|votes|dollars|pounds"
    r"|feet|metres|meters|cases|workers|words|times\b))"
)
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
TO = r"(?:\s?[-–—]\s?|\s(?:to|and|through)\s)(?P<last>[0-3]?\d)(?:st|nd|rd|th)?"
COUNTED = (
    r"(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|\d{1,4})"
)
UNIT = r"(?P<unit>day|week|month|year|decade)s?"
NUMBERS = {
    name: number
    for number, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)  # noqa: SIM905
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}
NAMED_DAYS = "".join(
    rf"(?<!\b{name} )"
    for name in "Black Good Cyber Super Ash Easter Palm Bloody Giving Fat Holy Shrove".split()  # noqa: SIM905
)
NO_NAME = (
    r"(?!['’]?s?\s(?:Times|Mail|Mirror|Express|Telegraph|Herald|Post|World|Night\sLive|Night\sFootball|People|Service))(?!-)"
)
PART = r"(?:(?P<part>early|mid|middle|late)(?:\s|-)(?:of\s|in\s)?)?"
RELATIVE = r"(?:(?P<side>earlier|later)\s|(?P<part>early|mid|late)\s)?(?P<how>last|this|next|previous)\s"
SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
TIME_OF_DAY = r"(?:\s(?:morning|afternoon|evening|night))?"
OF_YEAR = r"(?:\s(?:of\s)?(?P<place>last|this|next)\syear)?"
PREPOSITION = r"(?:in|since|from|until|till|by|during|before|after|of|between|through|throughout|and|to|late|early|mid|back\sin)"
ANY_CASE = regex.IGNORECASE


def read_count(found: Found) -> int:
    written = found["count"].lower()
    return NUMBERS.get(written) or int(written)


def read_month(found: Found) -> int:
    return MONTH_NUMBERS[found["month"].lower()] if found["month"] else SHORT_MONTH_NUMBERS[found["short"].lower()]


def read_part(found: Found) -> str | None:
    return found["part"].lower() if found["part"] else None
