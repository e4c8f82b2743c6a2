"""Expressions of time in English news, and the days that each means in an article of a given day.

Every rule has a name, a pattern, and a function from a match to a span of days, or to None where the words mean no time that can
be told. What is counted from another event ("a day earlier", "the following week") is no rule's: the day of publication does not
tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import regex

from rag.when import calendar
from rag.when.calendar import MONTH_NAMES, MONTHS, ONE, SHORT_MONTHS, WEEKDAY_NAMES, WEEKDAYS, Span
from rag.when.tense import Tense, tense

Found: TypeAlias = "regex.Match[str]"

_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, start=1)} | {"sept": 9}
_FULL = {name: number for number, name in enumerate(MONTHS, start=1)}
_MONTH = rf"(?P<month>{MONTH_NAMES})"
_ANY_MONTH = rf"(?:{_MONTH}|(?P<short>{SHORT_MONTHS})\b\.?)"
_WEEKDAY = f"(?P<weekday>{WEEKDAY_NAMES})"
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)"
_NO_AMOUNT = (
    r"(?![\d,.:%/-]*\d|\s*(?:%|per\s?cent|people|men|women|miles|kilomet|km|tonnes|tons|deaths|jobs|homes|troops|votes|dollars|pounds"
    r"|feet|metres|meters|cases|workers|words|times\b))"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_TO = r"(?:\s?[-–—]\s?|\s(?:to|and|through)\s)(?P<last>[0-3]?\d)(?:st|nd|rd|th)?"
_COUNTED = (
    r"(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|\d{1,4})"
)
_UNIT = r"(?P<unit>day|week|month|year|decade)s?"
_NUMBERS = {
    name: number
    for number, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)  # noqa: SIM905
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}
_NAMED_DAYS = "".join(
    rf"(?<!\b{name} )"
    for name in "Black Good Cyber Super Ash Easter Palm Bloody Giving Fat Holy Shrove".split()  # noqa: SIM905
)
_NO_NAME = (
    r"(?!['’]?s?\s(?:Times|Mail|Mirror|Express|Telegraph|Herald|Post|World|Night\sLive|Night\sFootball|People|Service))(?!-)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    pattern: regex.Pattern[str]
    resolve: Callable[[Found, date], Span | None]


def _rule(name: str, pattern: str, resolve: Callable[[Found, date], Span | None], flags: int = 0) -> Rule:
    return Rule(name, regex.compile(rf"(?<![\w$£€.])(?:{pattern})(?!\w)", flags), resolve)


def _number(found: Found) -> int:
    written = found["count"].lower()
    return _NUMBERS.get(written) or int(written)


def _month_number(found: Found) -> int:
    return _FULL[found["month"].lower()] if found["month"] else _SHORT[found["short"].lower()]


def _whole_day(found: Found, _anchor: date) -> Span:
    return calendar.day(date(int(found["year"]), int(found["number"]), int(found["day"])))


def _parse_day(found: Found, anchor: date) -> Span | None:
    """A day of a month; without a year the nearest one, unless the sentence plainly means another."""
    month, first = _month_number(found), int(found["day"])
    last = int(found["last"]) if found["last"] else first
    if last < first:
        return None
    given = int(found["year"]) if found["year"] else _year_by_place(found, anchor)
    candidates = []
    for year in [given] if given else [anchor.year - 1, anchor.year, anchor.year + 1]:
        try:
            candidates.append((date(year, month, first), date(year, month, last) + ONE))
        except ValueError:
            continue
    nearest = min(candidates, key=lambda span: abs((span[0] - anchor).days), default=None)
    return nearest if given or nearest is None else _agreeing(candidates, nearest, anchor, _tense(found))


def _agreeing(candidates: Sequence[Span], nearest: Span, anchor: date, told: Tense | None) -> Span:
    """The nearest day, unless it is long past where the sentence looks ahead, or far off where it looks back."""
    away = (nearest[0] - anchor).days
    if told == "coming" and away < -SURELY:
        return next((span for span in candidates if span[0] > anchor), nearest)
    if told == "past" and away > SURELY:
        return next((span for span in reversed(candidates) if span[0] <= anchor), nearest)
    return nearest


def _year_by_place(found: Found, anchor: date) -> int | None:
    """The year of "in June next year"."""
    place = found.capturesdict().get("place")
    return anchor.year + {"last": -1, "next": 1}.get(place[0].lower(), 0) if place else None


def _tense(found: Found) -> Tense | None:
    return tense(found.string, *found.span())


def _month_of_year(found: Found, _anchor: date) -> Span:
    return calendar.part(calendar.months(int(found["year"]), _month_number(found)), _part(found))


def _month_alone(found: Found, anchor: date) -> Span | None:
    """The most recent one, or the coming one where the sentence looks ahead; none where it does not tell."""
    month, how = _FULL[found["month"].lower()], (found["how"] or "").lower()
    year = _year_by_place(found, anchor)
    if year is None and how in ("last", "next", "this"):
        year = anchor.year - (how == "last" and month >= anchor.month) + (how == "next" and month <= anchor.month)
    if year is None:
        told = _tense_of_month(found, how)
        if told is None:
            return None
        year = anchor.year + (month < anchor.month if told == "coming" else -(month > anchor.month))
    return calendar.part(calendar.months(year, month), _part(found))


def _tense_of_month(found: Found, how: str) -> Tense | None:
    """By the preposition where it tells more than the verb: "since" looks back, "until" and "by" ahead from what is so."""
    if how == "since":
        return "past"
    told = _tense(found)
    if how in ("until", "by") and _STILL.search(found.string, max(0, found.start() - 20), found.start()):
        return "coming"
    if told is None and (how in ("until", "by") or _BY.search(found.string, max(0, found.start() - 12), found.start())):
        return "coming"
    return told


def _deictic(found: Found, anchor: date) -> Span:
    days = {"yesterday": -1, "last": -1, "tomorrow": 1, "before": -2, "after": 2}
    words = found[0].lower().split()
    return calendar.day(anchor + next((days[word] for word in words if word in days), 0) * ONE)


def _week_day(found: Found, anchor: date) -> Span | None:
    number, how = WEEKDAYS.index(found["weekday"].lower()), (found["how"] or "").lower()
    back = (anchor.weekday() - number) % 7
    if how == "last":
        return calendar.day(anchor - (back or 7) * ONE)
    if how == "next":
        monday, _ = calendar.week(anchor, 1)
        return calendar.day(monday + number * ONE)
    if how == "this":
        ahead = anchor + (7 - back if back else 0) * ONE
        return calendar.day(ahead)
    since = found[0].lower().startswith("since")
    told: Tense | None = "past" if since else "coming" if how in ("until", "by") else _tense(found)
    if told is None:
        return None
    return calendar.day(anchor + (7 - back) * ONE if told == "coming" else anchor - back * ONE)


def _week(found: Found, anchor: date) -> Span:
    return _cut(found, anchor, calendar.week(anchor, _steps(found)))


def _weekend(found: Found, anchor: date) -> Span:
    how = (found["how"] or "").lower()
    started = anchor.weekday() >= 5
    if how == "next":
        return calendar.weekend(anchor, 1)
    if how == "last":
        return calendar.weekend(anchor, -1)
    ahead = how in ("this", "coming") or _tense(found) == "coming"
    return calendar.weekend(anchor, 0 if ahead or started else -1)


def _relative_month(found: Found, anchor: date) -> Span:
    return _cut(found, anchor, calendar.months(anchor.year, anchor.month + _steps(found)))


def _relative_year(found: Found, anchor: date) -> Span:
    return _cut(found, anchor, calendar.years(anchor.year + _steps(found)))


def _year(found: Found, _anchor: date) -> Span:
    return calendar.part(calendar.years(int(found["year"])), _part(found))


def _years_between(found: Found, _anchor: date) -> Span | None:
    first, last = int(found["year"]), int(found["to"])
    last = last if last > 99 else first // 100 * 100 + last
    return calendar.years(first, last - first + 1) if first < last <= first + 100 else None


def _decade(found: Found, _anchor: date) -> Span:
    first = int(found["decade"])
    return calendar.part(calendar.years(first, 10), _part(found))


def _quarter(found: Found, anchor: date) -> Span:
    number = int(found["number"]) if found["number"] else _ORDINALS[found["which"].lower()]
    if found["year"]:
        return calendar.quarter(number, int(found["year"]))
    if (how := (found["how"] or "").lower()) in ("this", "last"):
        return calendar.quarter(number, anchor.year - (how == "last"))
    begun = anchor.month >= 3 * number - 2
    return calendar.quarter(number, anchor.year - (not begun))


def _half(found: Found, anchor: date) -> Span:
    year = int(found["year"]) if found["year"] else anchor.year - ((found["how"] or "").lower() == "last")
    return calendar.part(calendar.years(year), found["which"].lower())


def _season(found: Found, anchor: date) -> Span:
    name = found["season"].lower()
    if found["year"]:
        return calendar.season(name, int(found["year"]))
    how = (found["how"] or "").lower()
    spans = [calendar.season(name, anchor.year + step) for step in (-2, -1, 0, 1)]
    if how == "next":
        return next(span for span in spans if span[0] > anchor)
    if how == "this" and name != "winter":
        return calendar.season(name, anchor.year)
    if how == "this":
        return min(spans, key=lambda span: max((span[0] - anchor).days, (anchor - span[1]).days))
    return next(span for span in reversed(spans) if span[1] <= anchor)


def _ago(found: Found, anchor: date) -> Span:
    unit = found["unit"].lower()
    return calendar.around(calendar.shift(anchor, unit, -_number(found)), unit)


def _past_stretch(found: Found, anchor: date) -> Span:
    count = _number(found) if found["count"] else 1
    return calendar.shift(anchor, found["unit"].lower(), -count), anchor + ONE


def _coming_stretch(found: Found, anchor: date) -> Span:
    count = _number(found) if found["count"] else 1
    return anchor, calendar.shift(anchor, found["unit"].lower(), count) + ONE


def _steps(found: Found) -> int:
    return {"last": -1, "previous": -1, "next": 1}.get(found["how"].lower(), 0)


def _part(found: Found) -> str | None:
    return found["part"].lower() if found["part"] else None


def _cut(found: Found, anchor: date, whole: Span) -> Span:
    """A week, month or year, up to the day of publication or from it on where that is said."""
    side = (found["side"] or "").lower()
    if side == "earlier":
        return whole[0], min(whole[1], anchor + ONE)
    return (max(whole[0], anchor), whole[1]) if side == "later" else calendar.part(whole, _part(found))


_PART = r"(?:(?P<part>early|mid|middle|late)(?:\s|-)(?:of\s|in\s)?)?"
_RELATIVE = r"(?:(?P<side>earlier|later)\s|(?P<part>early|mid|late)\s)?(?P<how>last|this|next|previous)\s"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_TIME_OF_DAY = r"(?:\s(?:morning|afternoon|evening|night))?"
_OF_YEAR = r"(?:\s(?:of\s)?(?P<place>last|this|next)\syear)?"
_BY = regex.compile(r"\b(?:by|until|till)\s(?:the\s)?$", regex.IGNORECASE)
_STILL = regex.compile(r"\b(?:is|are|has|have)(?:\s\w+)?\s$", regex.IGNORECASE)
SURELY = 120
"""Days off beyond which the tense of a sentence counts for more than the nearness of a day."""
_PREPOSITION = r"(?:in|since|from|until|till|by|during|before|after|of|between|through|throughout|and|to|late|early|mid|back\sin)"
_ANY_CASE = regex.IGNORECASE

RULES = (
    _rule("day", rf"{_YEAR}-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?:T\d\d:\d\d(?:[:.]\d+)*(?:Z|[+-]\d\d:?\d\d)?)?", _whole_day),
    _rule(
        "day of a month",
        rf"(?:{_WEEKDAY}\b,?\s)?{_ANY_MONTH}\s{_DAY}(?:{_TO})?(?:,?\s{_YEAR}|{_OF_YEAR})(?![:.]?\d|\s?(?:%|per))",
        _parse_day,
    ),
    _rule(
        "day of a month",
        rf"(?:{_WEEKDAY}\b,?\s)?(?:the\s)?{_DAY}(?:{_TO})?\s(?:of\s)?{_ANY_MONTH}(?:,?\s{_YEAR}|{_OF_YEAR})",
        _parse_day,
    ),
    _rule("month of a year", rf"{_PART}{_ANY_MONTH},?\s(?:of\s)?{_YEAR}", _month_of_year),
    _rule(
        "month",
        rf"(?:(?P<how>[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Dd]uring|[Ff]rom|[Tt]hrough|[Ll]ast|[Nn]ext|[Tt]his|[Ll]ate\sin|[Bb]ack\sin|[Bb]efore"
        rf"|[Aa]fter|[Aa]s\sof|[Uu]p\sto|(?:end|start|beginning|middle|month)\sof)\s{_PART}"
        rf"|(?P<part>early|mid|late)(?:\s|-)){_MONTH}{_OF_YEAR}(?!\s\d)",
        _month_alone,
    ),
    _rule("day", r"the\sday\s(?:before\syesterday|after\stomorrow)", _deictic, _ANY_CASE),
    _rule(
        "day",
        r"(?<!USA )(?<!Russia )(?<!Psychology )(?<!World )(?:yesterday|tomorrow|tonight|(?:earlier\s|later\s)?today)"
        rf"{_TIME_OF_DAY}",
        _deictic,
        _ANY_CASE,
    ),
    _rule("day", r"(?:this\s(?:morning|afternoon|evening)|last\snight)", _deictic, _ANY_CASE),
    _rule(
        "weekday",
        rf"{_NAMED_DAYS}(?:(?P<how>[Ll]ast|[Nn]ext|[Tt]his|[Uu]ntil|[Bb]y)\s|(?:on|since|from|late|early|earlier|late\son|early\son)\s)?"
        rf"{_WEEKDAY}{_NO_NAME}{_TIME_OF_DAY}",
        _week_day,
    ),
    _rule("week", rf"(?:just\s)?{_RELATIVE}week", _week, _ANY_CASE),
    _rule("weekend", r"(?:(?:at|over)\sthe|(?P<how>last|this|next|coming))\sweekend", _weekend, _ANY_CASE),
    _rule("month by its place", rf"(?:just\s)?{_RELATIVE}month", _relative_month, _ANY_CASE),
    _rule("year by its place", rf"(?:just\s)?{_RELATIVE}year", _relative_year, _ANY_CASE),
    _rule(
        "years",
        rf"(?:between\s)?{_YEAR}(?:\s?[–-]\s?|\sand\s|\sto\s)(?P<to>(?:(?:1[6-9]|20)\d\d|\d\d))(?![-–]\d)",
        _years_between,
    ),
    _rule("decade", rf"(?:the\s)?{_PART}(?P<decade>(?:1[6-9]|20)\d0)s", _decade),
    _rule(
        "year", rf"(?:{_PREPOSITION}\s(?:the\syear\s)?)(?:(?P<part>early|mid|late)(?:\s|-))?{_YEAR}{_NO_AMOUNT}", _year, _ANY_CASE
    ),
    _rule("year", rf"(?P<part>early|mid|late)(?:\s|-)(?:in\s)?{_YEAR}{_NO_AMOUNT}", _year, _ANY_CASE),
    _rule(
        "quarter",
        rf"(?:the\s)?(?:Q(?P<number>[1-4])|(?P<which>first|second|third|fourth|final)[\s-]quarter)"
        rf"(?:(?:\sof|\sin|,)?\s(?:{_YEAR}|(?P<how>this|last)\syear)"
        r"|(?=\s(?:of\sthe\syear|earnings|results|profits?|revenues?|sales|gdp|growth|figures)))",
        _quarter,
        _ANY_CASE,
    ),
    _rule(
        "half of a year",
        rf"(?:the\s)?(?P<which>first|second)\shalf\sof\s(?:{_YEAR}|(?:(?P<how>this|last)|the)\syear)",
        _half,
        _ANY_CASE,
    ),
    _rule(
        "season",
        rf"(?:(?P<how>last|this|next)\s|(?:in\s)?(?:the\s)?){_SEASON}(?:\sof)?\s{_YEAR}|(?P<how>last|this|next)\s{_SEASON}",
        _season,
        _ANY_CASE,
    ),
    _rule("time ago", rf"{_COUNTED}\s{_UNIT}\sago", _ago, _ANY_CASE),
    _rule(
        "time up to now",
        rf"(?:in|over|during|for|within)\sthe\s(?:past|last)\s(?:{_COUNTED}\s)?{_UNIT}",
        _past_stretch,
        _ANY_CASE,
    ),
    _rule(
        "time from now",
        rf"(?:within|in|over|during|for)\sthe\s(?:next|coming)\s(?:{_COUNTED}\s)?{_UNIT}",
        _coming_stretch,
        _ANY_CASE,
    ),
)
"""Of two matches that overlap the longer counts, and of two equally long ones that of the earlier rule."""
