"""Whole days as they are written in a text, in figures or with the month in words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from ingest.dates import read_date

_MONTH_NAME = r"[^\W\d_]{3,12}\.?(?:\s?/\s?[^\W\d_]{3,12})?"
"""A month in words; Arabic papers give its two names side by side."""
_DATE = re.compile(
    rf"""(?<![\d.,/-])(?:
        (?P<year>(?:19|20)\d\d)\s?(?P<between>[-/.年])\s?(?P<month>\d\d?)\s?[-/.月]\s?(?P<day>\d\d?)(?!\d)
      | (?P<first>\d\d?)(?P<mark>[./-]|\s?[|/]\s)\s?(?P<second>\d\d?)(?P=mark)\s?(?P<last>(?:19|20)\d\d)
      | (?P<d>[0-3]?\d)\.(?P<m>[01]?\d)\.(?P<yy>\d\d)(?:(?![.\d])|(?=\d\d:\d\d))
      | (?P<words>\d\d?(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?{_MONTH_NAME},?\s+(?:de\s+|del\s+)?(?:19|20)\d\d
      | {_MONTH_NAME}\s+\d\d?(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)
    )(?:(?!\d)(?!:\d\d)|(?<=\.\d\d)(?=\d\d:\d\d))""",
    re.VERBOSE,
)


def dates_in(text: str, english: bool) -> list[tuple[str, tuple[int, int]]]:
    """The whole days in a text, in its order, with their places. `3/4/2025` is none in English, where it can be either."""
    found = []
    for match in _DATE.finditer(text):
        if match["words"]:
            value: str | None = _write_out(match["words"])
        elif match["year"]:
            value = _day(match["year"], match["month"], match["day"])
        elif match["yy"]:
            value = _day(f"{20 if int(match['yy']) < 70 else 19}{match['yy']}", match["m"], match["d"])
        else:
            value = _numbers(match["first"], match["second"], match["last"], english and match["mark"].strip() != ".")
        if value:
            found.append((value, match.span()))
    return found


def _write_out(words: str) -> str | None:
    read = read_date(words, datetime.now(UTC)).value
    return read.isoformat()[:10] if read else None


def _numbers(first: str, second: str, year: str, either_way: bool) -> str | None:
    if either_way and int(first) <= 12 and int(second) <= 12 and first != second:
        return None
    return _day(year, second, first) or _day(year, first, second)


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
