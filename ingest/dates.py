"""Publication dates as records give them. A date is read whole or not at all: nothing is guessed and nothing is filled in.

`03/04/2025` may be March or April and is not trusted; neither is a month without a day, a date before printing, or one to come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from warnings import catch_warnings, simplefilter
from zoneinfo import ZoneInfo

from dateutil import parser

FIRST_YEAR = 1600
DAYS_AHEAD = 2
"""Clocks and time zones differ by less than this; a later date is a mistake or an announcement."""

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T\s,])(.*)", re.DOTALL)
_TIME_OF_DAY = re.compile(
    r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,:](\d{1,9}))?)?\s*(?:([ap])\.?m\.?)?\s*"
    r"(?:(Z|UTC|GMT|[A-Z]{2,4})?\s*(?:([+-])(\d\d):?(\d\d)?)?)\s*(?:\[[\w/]+\]|UTC|GMT)?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)T?([0-2]\d)([0-5]\d)([0-5]\d)?Z?")
_PLACE = re.compile(r"\s*\[?\b[A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?\]?$")
_MAIL = re.compile(
    r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?(\d{1,2})[ -]([A-Za-z]{3})[ -](\d\d)\s+(\d{1,2}:\d\d(?::\d\d)?)\s*"
    r"([A-Z]{1,4}|[+-]\d{4})",
    re.IGNORECASE,
)
_EAST_ASIAN = re.compile(
    r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?[\s,]*(?:[(（]?(?:星期|周|週)?[一二三四五六日天月火水木金土월화수목금토](?:曜日?|요일)?[)）]?)?\s*"
    r"(?:(午前|午後|上午|下午|오전|오후)?\s*(\d{1,2})\s*[:：時时点點시]\s*(?:(\d{1,2})\s*[分분]?)?(?:[:：]?\s*(\d{1,2})\s*[秒초]?)?)?"
)
_DOTTED = re.compile(r"(\d{4})\.\s(\d{1,2})\.\s(\d{1,2})\.?")
_AFTERNOON = frozenset(("午後", "下午", "오후"))
_EPOCH = re.compile(r"(-?)(\d{9,10}|\d{12,13}|\d{16}|\d{19})(?:\.\d+)?")
_UNITS = {9: 1, 10: 1, 12: 1e3, 13: 1e3, 16: 1e6, 19: 1e9}
"""Of a number of so many digits, how many there are in a second."""
EMPTY_DAYS = frozenset((date(1601, 1, 1), date(1970, 1, 1)))
"""The days from which programs count, which they write where there is no date."""
_SHAPE = re.compile(r"(?=.*\b[1-9]\d{3}\b)[\w\s,.:/+-]{8,60}")
_FOREIGN = re.compile(r"(?=.*\b[1-9]\d{3}\b)(?=.*[^\W\d_]{3})(?=\D*\d{1,2}(?:er|re|[eº°])?\b)[\w\s,.:/+’'-]{8,60}")
_ARABIC = "[\u0621-\u064a]{2,7}(?: [\u0621-\u064a]{4,6})?"
_TWO_NAMES = re.compile(rf"({_ARABIC})\s?/\s?({_ARABIC})")
"""A month by both of its names, as Arabic papers write it."""
_EASTERN = {
    "كانون الثاني": "يناير", "شباط": "فبراير", "آذار": "مارس", "نيسان": "أبريل", "أيار": "مايو", "حزيران": "يونيو",
    "تموز": "يوليو", "آب": "أغسطس", "أيلول": "سبتمبر", "تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر", "كانون الأول": "ديسمبر",
}  # fmt: skip
"""The months of Syria, Lebanon, Jordan and Iraq by the names of Egypt, which libraries know."""
_EASTERN_MONTH = re.compile("|".join(_EASTERN))
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
    """Reads ISO 8601, RFC 822 and 2822, year-first numbers, months written in English or 25 other languages, and seconds or parts
    of them since 1970. The day on which a computer's count begins stands for none."""
    if value is None or isinstance(value, bool) or (text := str(value).strip()) == "":
        return ReadDate()
    shown = text if len(text) <= 40 else text[:40] + "…"
    found = _parse(text) if len(text) <= 80 else None
    if found is None:
        return ReadDate(note=f"the date {shown!r} is not a full date that can be read in one way only")
    day = found.date() if isinstance(found, datetime) else found
    if day.year < FIRST_YEAR:
        return ReadDate(note=f"the date {shown!r} is before the year {FIRST_YEAR}")
    if day in EMPTY_DAYS or (isinstance(found, datetime) and _is_count_start(found)):
        return ReadDate(note=f"the date {shown!r} stands for none: computers count from it")
    if day > (now + timedelta(days=DAYS_AHEAD)).date():
        return ReadDate(note=f"the date {shown!r} is in the future")
    return ReadDate(found)


def _parse(text: str) -> date | datetime | None:
    for read in (_digits, _iso, _year_first, _epoch, _mail, _east_asian, _parse_complete, _in_another_language):
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
    if found := _DOTTED.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if not (found := _YEAR_FIRST.fullmatch(text)):
        return None
    day = date(int(found[1]), int(found[2]), int(found[3]))
    rest = found[4].rstrip().lstrip(" T,")
    place = _PLACE.search(rest)
    time = rest[: place.start()] if place else rest
    whole = _with_time(day, time) if time else day
    return _at_place(whole, place[0].strip(" []")) if place else whole


def _with_time(day: date, text: str) -> datetime | None:
    """The time of a day, its parts with one digit or two, and its zone by number or name."""
    if not (found := _TIME_OF_DAY.fullmatch(text)):
        return None
    hour, minute, second, fraction, half, name, sign, east, minutes = found.groups()
    zone = None
    if sign:
        zone = timezone((-1 if sign == "-" else 1) * timedelta(hours=int(east), minutes=int(minutes or 0)))
    elif name and (zone := _ZONES.get(name.upper())) is None:
        return None
    hours = int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    whole = datetime(day.year, day.month, day.day, hours, int(minute), int(second or 0), micros, tzinfo=zone)
    return whole.replace(tzinfo=UTC) if zone and not whole.utcoffset() else whole


def _at_place(moment: date | datetime | None, place: str) -> datetime | None:
    """A time in the zone that is called after a city: "Europe/Prague"."""
    if not isinstance(moment, datetime) or moment.tzinfo:
        return moment if isinstance(moment, datetime) else None
    try:
        return moment.replace(tzinfo=ZoneInfo(place))
    except (ValueError, OSError):
        return None


def _digits(text: str) -> datetime | None:
    """Year to minute or second without anything between them."""
    if not (found := _DIGITS.fullmatch(text)):
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC if text.endswith("Z") else None)


def _epoch(text: str) -> datetime | None:
    if not (found := _EPOCH.fullmatch(text)):
        return None
    return datetime.fromtimestamp(float(text) / _UNITS[len(found[2])], UTC)


def _mail(text: str) -> datetime | None:
    """RFC 822, whose years have two digits. A day of the week that is given must be that of the date."""
    if not (found := _MAIL.fullmatch(text)):
        return None
    year = int(found[4]) + (2000 if int(found[4]) < 70 else 1900)
    day = datetime.strptime(f"{found[2]} {found[3].title()} {year}", "%d %b %Y").date()
    if found[1] and found[1].title() != f"{day:%a}":
        return None
    return _with_time(day, f"{found[5]} {found[6]}")


def _east_asian(text: str) -> date | datetime | None:
    """A year, month and day with the signs for them, as Chinese, Japanese and Korean write dates."""
    if not (found := _EAST_ASIAN.fullmatch(text)):
        return None
    day = date(int(found[1]), int(found[2]), int(found[3]))
    if found[5] is None:
        return day
    hour = int(found[5]) % 12 + 12 * (found[4] in _AFTERNOON) if found[4] else int(found[5])
    return datetime(day.year, day.month, day.day, hour, int(found[6] or 0), int(found[7] or 0))


def _is_count_start(found: datetime) -> bool:
    """The same moment in some zone: the hours about midnight of 1 January 1970."""
    start = datetime(1970, 1, 1)
    return abs(found.replace(tzinfo=None) - start) < timedelta(hours=15) and found.minute == found.second == 0


def _parse_complete(text: str) -> date | datetime | None:
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
    text = _EASTERN_MONTH.sub(lambda found: _EASTERN[found[0]], text)
    if not _FOREIGN.fullmatch(text):
        return None
    names = _TWO_NAMES.search(text)
    if names and names[1] != names[2]:
        return None
    return _read_foreign(_TWO_NAMES.sub(r"\1", text))


def _read_foreign(text: str) -> date | datetime | None:
    import dateparser

    found: datetime | None = dateparser.parse(text, languages=LANGUAGES, settings=WHOLE_AND_ABSOLUTE)
    return found and (found if _TIME.search(text) else found.date())
