"""Expressions of time in English news, and the days that each means in an article of a given day.

Every rule has a name, a pattern, and a function from a match to a span of days, or to None where the words mean no time that can
be told. What is counted from another event ("a day earlier", "the following week") is no rule's: the day of publication does not
tell it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import regex

from rag.when.calendar import Span
from rag.when.days import find_day, find_day_from_today, find_iso_day, find_month, find_month_of_year, find_weekday, find_weekend
from rag.when.stretches import (
    find_coming_stretch,
    find_decade,
    find_half,
    find_past_stretch,
    find_quarter,
    find_relative_month,
    find_relative_year,
    find_season,
    find_time_ago,
    find_week,
    find_year,
    find_years,
)
from rag.when.written import (
    ANY_CASE,
    ANY_MONTH,
    COUNTED,
    DAY,
    MONTH,
    NAMED_DAYS,
    NO_AMOUNT,
    NO_NAME,
    OF_YEAR,
    PART,
    PREPOSITION,
    RELATIVE,
    SEASON,
    TIME_OF_DAY,
    TO,
    UNIT,
    WEEKDAY,
    YEAR,
    Found,
)


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    pattern: regex.Pattern[str]
    resolve: Callable[[Found, date], Span | None]


def _rule(name: str, pattern: str, resolve: Callable[[Found, date], Span | None], flags: int = 0) -> Rule:
    return Rule(name, regex.compile(rf"(?<![\w$£€.])(?:{pattern})(?!\w)", flags), resolve)


RULES = (
    _rule("day", rf"{YEAR}-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?:T\d\d:\d\d(?:[:.]\d+)*(?:Z|[+-]\d\d:?\d\d)?)?", find_iso_day),
    _rule(
        "day of a month",
        rf"(?:{WEEKDAY}\b,?\s)?{ANY_MONTH}\s{DAY}(?:{TO})?(?:,?\s{YEAR}|{OF_YEAR})(?![:.]?\d|\s?(?:%|per))",
        find_day,
    ),
    _rule(
        "day of a month",
        rf"(?:{WEEKDAY}\b,?\s)?(?:the\s)?{DAY}(?:{TO})?\s(?:of\s)?{ANY_MONTH}(?:,?\s{YEAR}|{OF_YEAR})",
        find_day,
    ),
    _rule("month of a year", rf"{PART}{ANY_MONTH},?\s(?:of\s)?{YEAR}", find_month_of_year),
    _rule(
        "month",
        rf"(?:(?P<how>[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Dd]uring|[Ff]rom|[Tt]hrough|[Ll]ast|[Nn]ext|[Tt]his|[Ll]ate\sin|[Bb]ack\sin|[Bb]efore"
        rf"|[Aa]fter|[Aa]s\sof|[Uu]p\sto|(?:end|start|beginning|middle|month)\sof)\s{PART}"
        rf"|(?P<part>early|mid|late)(?:\s|-)){MONTH}{OF_YEAR}(?!\s\d)",
        find_month,
    ),
    _rule("day", r"the\sday\s(?:before\syesterday|after\stomorrow)", find_day_from_today, ANY_CASE),
    _rule(
        "day",
        r"(?<!USA )(?<!Russia )(?<!Psychology )(?<!World )(?:yesterday|tomorrow|tonight|(?:earlier\s|later\s)?today)"
        rf"{TIME_OF_DAY}",
        find_day_from_today,
        ANY_CASE,
    ),
    _rule("day", r"(?:this\s(?:morning|afternoon|evening)|last\snight)", find_day_from_today, ANY_CASE),
    _rule(
        "weekday",
        rf"{NAMED_DAYS}(?:(?P<how>[Ll]ast|[Nn]ext|[Tt]his|[Uu]ntil|[Bb]y)\s|(?:on|since|from|late|early|earlier|late\son|early\son)\s)?"
        rf"{WEEKDAY}{NO_NAME}{TIME_OF_DAY}",
        find_weekday,
    ),
    _rule("week", rf"(?:just\s)?{RELATIVE}week", find_week, ANY_CASE),
    _rule("weekend", r"(?:(?:at|over)\sthe|(?P<how>last|this|next|coming))\sweekend", find_weekend, ANY_CASE),
    _rule("month by its place", rf"(?:just\s)?{RELATIVE}month", find_relative_month, ANY_CASE),
    _rule("year by its place", rf"(?:just\s)?{RELATIVE}year", find_relative_year, ANY_CASE),
    _rule(
        "years",
        rf"(?:between\s)?{YEAR}(?:\s?[–-]\s?|\sand\s|\sto\s)(?P<to>(?:(?:1[6-9]|20)\d\d|\d\d))(?![-–]\d)",
        find_years,
    ),
    _rule("decade", rf"(?:the\s)?{PART}(?P<decade>(?:1[6-9]|20)\d0)s", find_decade),
    _rule(
        "year", rf"(?:{PREPOSITION}\s(?:the\syear\s)?)(?:(?P<part>early|mid|late)(?:\s|-))?{YEAR}{NO_AMOUNT}", find_year, ANY_CASE
    ),
    _rule("year", rf"(?P<part>early|mid|late)(?:\s|-)(?:in\s)?{YEAR}{NO_AMOUNT}", find_year, ANY_CASE),
    _rule(
        "quarter",
        rf"(?:the\s)?(?:Q(?P<number>[1-4])|(?P<which>first|second|third|fourth|final)[\s-]quarter)"
        rf"(?:(?:\sof|\sin|,)?\s(?:{YEAR}|(?P<how>this|last)\syear)"
        r"|(?=\s(?:of\sthe\syear|earnings|results|profits?|revenues?|sales|gdp|growth|figures)))",
        find_quarter,
        ANY_CASE,
    ),
    _rule(
        "half of a year",
        rf"(?:the\s)?(?P<which>first|second)\shalf\sof\s(?:{YEAR}|(?:(?P<how>this|last)|the)\syear)",
        find_half,
        ANY_CASE,
    ),
    _rule(
        "season",
        rf"(?:(?P<how>last|this|next)\s|(?:in\s)?(?:the\s)?){SEASON}(?:\sof)?\s{YEAR}|(?P<how>last|this|next)\s{SEASON}",
        find_season,
        ANY_CASE,
    ),
    _rule("time ago", rf"{COUNTED}\s{UNIT}\sago", find_time_ago, ANY_CASE),
    _rule(
        "time up to now",
        rf"(?:in|over|during|for|within)\sthe\s(?:past|last)\s(?:{COUNTED}\s)?{UNIT}",
        find_past_stretch,
        ANY_CASE,
    ),
    _rule(
        "time from now",
        rf"(?:within|in|over|during|for)\sthe\s(?:next|coming)\s(?:{COUNTED}\s)?{UNIT}",
        find_coming_stretch,
        ANY_CASE,
    ),
)
"""Of two matches that overlap the longer counts, and of two equally long ones that of the earlier rule."""
