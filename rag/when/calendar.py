"""Spans of days: weeks from Monday, meteorological seasons of the northern hemisphere, and the other usual ones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeAlias

Span: TypeAlias = tuple[date, date]
"""The first day and the day after the last."""

MONTHS = tuple("january february march april may june july august september october november december".split())  # noqa: SIM905
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH_NAMES = "|".join(month.title() for month in MONTHS)
SHORT_MONTHS = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
WEEKDAY_NAMES = "|".join(weekday.title() for weekday in WEEKDAYS)
"""As parts of patterns, which say for themselves whether case counts."""
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month in which each begins; winter ends in the year after."""

ONE = timedelta(days=1)


def day(first: date) -> Span:
    return first, first + ONE


def week(within: date, weeks: int = 0) -> Span:
    """The week of a day, or one so many weeks later."""
    monday = within - within.weekday() * ONE + 7 * weeks * ONE
    return monday, monday + 7 * ONE


def weekend(within: date, weeks: int = 0) -> Span:
    """Saturday and Sunday of the week of a day, or of one so many weeks later."""
    _, after = week(within, weeks)
    return after - 2 * ONE, after


def months(year: int, month: int, count: int = 1) -> Span:
    """So many months from the one given, which may be counted from another year: month 0 is the December before."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last = month - 1 + count
    return date(year, month, 1), date(year + last // 12, last % 12 + 1, 1)


def years(year: int, count: int = 1) -> Span:
    return date(year, 1, 1), date(year + count, 1, 1)


def season(name: str, year: int) -> Span:
    """The one that begins in a year."""
    return months(year, SEASONS[name], 3)


def quarter(number: int, year: int) -> Span:
    return months(year, 3 * number - 2, 3)


def part(whole: Span, name: str | None) -> Span:
    """The early, middle or late third, or the first or second half: of a month by its days, of what is longer by months."""
    first, after = whole
    if not name:
        return whole
    days = (after - first).days
    shares = {"early": (0, 3), "mid": (1, 3), "middle": (1, 3), "late": (2, 3), "first": (0, 2), "second": (1, 2)}
    at, of = shares[name]
    if days < 32:
        edges = [0, 10, 20, days] if days > 7 else [0, 2, 5, days]
        return first + edges[at] * ONE, first + edges[at + 1] * ONE
    length = (after.year - first.year) * 12 + after.month - first.month
    return months(first.year, first.month + at * length // of, length // of)


def shift(start: date, unit: str, count: int) -> date:
    """So many days, weeks, months or years later, or earlier; a day that the month does not have becomes its last."""
    if unit in ("day", "week"):
        return start + count * (7 if unit == "week" else 1) * ONE
    month = start.year * 12 + start.month - 1 + count * {"month": 1, "year": 12, "decade": 120}[unit]
    first, after = months(month // 12, month % 12 + 1)
    return min(first.replace(day=1) + (start.day - 1) * ONE, after - ONE)


def around(start: date, unit: str) -> Span:
    """The day, week, month or year that a day is in."""
    if unit == "day":
        return day(start)
    if unit == "week":
        return week(start)
    return months(start.year, start.month) if unit == "month" else years(start.year)
