"""Publication dates as records give them. A date is read whole or not at all: nothing is guessed and nothing is filled in.

`03/04/2025` may be March or April and is not trusted; neither is a month without a day, a date before printing, or one to come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from warnings import catch_warnings, simplefilter

from dateutil import parser

FIRST_YEAR = 1600
DAYS_AHEAD = 2
"""Clocks and time zones differ by less than this; a later date is a mistake or an announcement."""

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T\s])(.*)", re.DOTALL)
_EPOCH = re.compile(r"-?\d{9,10}(?:\.\d+)?|-?\d{12,13}")
_SHAPE = re.compile(r"(?=.*\b\d{4}\b)[\w\s,.:/+-]{8,60}")
_FOREIGN = re.compile(r"(?=.*\b\d{4}\b)(?=.*[^\W\d_]{3})(?=\D*\d{1,2}\b)[\w\s,.:/+’'-]{8,60}")
_TIME = re.compile(r"\d:\d\d")
_HALF_DAY = re.compile(r"\b([ap])\.m\.?", re.IGNORECASE)
_FILLINGS = (datetime(2000, 1, 1, 0, 0), datetime(2004, 2, 2, 13, 37))
_HOURS = {
    "UT": 0,
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
}
_ZONES = {name: timezone(timedelta(hours=hours), name) for name, hours in (_HOURS | {"CST": -6, "PST": -8, "PDT": -7}).items()}

LANGUAGES = "de fr es it pt nl sv da nb fi pl cs hu ro ru uk tr ar fa ur hi id zh ja ko".split()  # noqa: SIM905
WHOLE_AND_ABSOLUTE = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date, with its time and zone where they are given; or none, with what is wrong with the value."""

    value: date | datetime | None = None
    note: str | None = None


def read_date(value: object, now: datetime) -> ReadDate:
    """Reads ISO 8601, RFC 2822, year-first numbers, months written in English or 25 other languages, and seconds or milliseconds
    since 1970."""
    if value is None or isinstance(value, bool) or (text := str(value).strip()) == "":
        return ReadDate()
    shown = text if len(text) <= 40 else text[:40] + "…"
    found = _parsed(text) if len(text) <= 80 else None
    if found is None:
        return ReadDate(note=f"the date {shown!r} is not a full date that can be read in one way only")
    day = found.date() if isinstance(found, datetime) else found
    if day.year < FIRST_YEAR:
        return ReadDate(note=f"the date {shown!r} is before the year {FIRST_YEAR}")
    if day > (now + timedelta(days=DAYS_AHEAD)).date():
        return ReadDate(note=f"the date {shown!r} is in the future")
    return ReadDate(found)


def _parsed(text: str) -> date | datetime | None:
    for read in (_iso, _year_first, _epoch, _written, _in_another_language):
        try:
            if (found := read(text)) is not None:
                return found
        except (ValueError, OverflowError, OSError, TypeError):
            continue
    return None


def _iso(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)


def _year_first(text: str) -> date | datetime | None:
    if not (found := _YEAR_FIRST.fullmatch(text)):
        return None
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return _iso(day.isoformat() + "T" + found[4].strip(" T")) if found[4].strip(" T") else day


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    number = float(text)
    return datetime.fromtimestamp(number / 1000 if len(text.lstrip("-").partition(".")[0]) > 10 else number, UTC)


def _written(text: str) -> date | datetime | None:
    """A date that reads the same with the day or the month first, and whatever would be filled in for a missing part."""
    if not _SHAPE.fullmatch(text):
        return None
    text = _HALF_DAY.sub(r"\1m", text)
    with catch_warnings():
        simplefilter("ignore")  # an unknown name of a zone leaves the time without one
        readings: list[datetime] = [parser.parse(text, default=filling, tzinfos=_ZONES) for filling in _FILLINGS]
        day_first: datetime = parser.parse(text, default=_FILLINGS[0], tzinfos=_ZONES, dayfirst=True)
    first, second = readings
    if not first.date() == second.date() == day_first.date():
        return None
    return first if first.time() == second.time() else first.date()


def _in_another_language(text: str) -> date | datetime | None:
    """A day, a month in words and a year, as other languages write them: "4 de agosto de 2025"."""
    if not _FOREIGN.fullmatch(text):
        return None
    import dateparser

    found: datetime | None = dateparser.parse(text, languages=LANGUAGES, settings=WHOLE_AND_ABSOLUTE)
    return found and (found if _TIME.search(text) else found.date())
