"""Weeks, years, quarters, seasons and counted stretches that a text names, from the day of publication."""

from __future__ import annotations

from datetime import date

from rag.when import calendar
from rag.when.calendar import ONE, Span
from rag.when.written import ORDINALS, Found, read_count, read_part


def find_week(found: Found, anchor: date) -> Span:
    return _cut(found, anchor, calendar.week(anchor, _count_steps(found)))


def find_relative_month(found: Found, anchor: date) -> Span:
    return _cut(found, anchor, calendar.months(anchor.year, anchor.month + _count_steps(found)))


def find_relative_year(found: Found, anchor: date) -> Span:
    return _cut(found, anchor, calendar.years(anchor.year + _count_steps(found)))


def _cut(found: Found, anchor: date, whole: Span) -> Span:
    """A week, month or year, up to the day of publication or from it on where that is said."""
    side = (found["side"] or "").lower()
    if side == "earlier":
        return whole[0], min(whole[1], anchor + ONE)
    return (max(whole[0], anchor), whole[1]) if side == "later" else calendar.part(whole, read_part(found))


def _count_steps(found: Found) -> int:
    return {"last": -1, "previous": -1, "next": 1}.get(found["how"].lower(), 0)


def find_year(found: Found, _anchor: date) -> Span:
    return calendar.part(calendar.years(int(found["year"])), read_part(found))


def find_years(found: Found, _anchor: date) -> Span | None:
    first, last = int(found["year"]), int(found["to"])
    last = last if last > 99 else first // 100 * 100 + last
    return calendar.years(first, last - first + 1) if first < last <= first + 100 else None


def find_decade(found: Found, _anchor: date) -> Span:
    first = int(found["decade"])
    return calendar.part(calendar.years(first, 10), read_part(found))


def find_quarter(found: Found, anchor: date) -> Span:
    number = int(found["number"]) if found["number"] else ORDINALS[found["which"].lower()]
    if found["year"]:
        return calendar.quarter(number, int(found["year"]))
    if (how := (found["how"] or "").lower()) in ("this", "last"):
        return calendar.quarter(number, anchor.year - (how == "last"))
    begun = anchor.month >= 3 * number - 2
    return calendar.quarter(number, anchor.year - (not begun))


def find_half(found: Found, anchor: date) -> Span:
    year = int(found["year"]) if found["year"] else anchor.year - ((found["how"] or "").lower() == "last")
    return calendar.part(calendar.years(year), found["which"].lower())


def find_season(found: Found, anchor: date) -> Span:
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


def find_time_ago(found: Found, anchor: date) -> Span:
    unit = found["unit"].lower()
    return calendar.around(calendar.shift(anchor, unit, -read_count(found)), unit)


def find_past_stretch(found: Found, anchor: date) -> Span:
    count = read_count(found) if found["count"] else 1
    return calendar.shift(anchor, found["unit"].lower(), -count), anchor + ONE


def find_coming_stretch(found: Found, anchor: date) -> Span:
    count = read_count(found) if found["count"] else 1
    return anchor, calendar.shift(anchor, found["unit"].lower(), count) + ONE
