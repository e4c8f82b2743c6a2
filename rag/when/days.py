"""Days, months and weekends that a text names; where no year is written, the tense of the sentence tells which are meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import regex

from rag.when import calendar
from rag.when.calendar import ONE, WEEKDAYS, Span
from rag.when.tense import Tense, tense
from rag.when.written import MONTH_NUMBERS, Found, read_month, read_part

SURELY = 120
"""Days off beyond which the tense of a sentence counts for more than the nearness of a day."""
_BY = regex.compile(r"\b(?:by|until|till)\s(?:the\s)?$", regex.IGNORECASE)
_STILL = regex.compile(r"\b(?:is|are|has|have)(?:\s\w+)?\s$", regex.IGNORECASE)


def find_iso_day(found: Found, _anchor: date) -> Span:
    return calendar.day(date(int(found["year"]), int(found["number"]), int(found["day"])))


def find_day(found: Found, anchor: date) -> Span | None:
    """A day of a month; without a year the nearest one, unless the sentence plainly means another."""
    month, first = read_month(found), int(found["day"])
    last = int(found["last"]) if found["last"] else first
    if last < first:
        return None
    given = int(found["year"]) if found["year"] else _find_year(found, anchor)
    candidates = []
    for year in [given] if given else [anchor.year - 1, anchor.year, anchor.year + 1]:
        try:
            candidates.append((date(year, month, first), date(year, month, last) + ONE))
        except ValueError:
            continue
    nearest = min(candidates, key=lambda span: abs((span[0] - anchor).days), default=None)
    return nearest if given or nearest is None else _pick_by_tense(candidates, nearest, anchor, _find_tense(found))


def _pick_by_tense(candidates: Sequence[Span], nearest: Span, anchor: date, verb_tense: Tense | None) -> Span:
    """The nearest day, unless it is long past where the sentence looks ahead, or far off where it looks back."""
    away = (nearest[0] - anchor).days
    if verb_tense == "coming" and away < -SURELY:
        return next((span for span in candidates if span[0] > anchor), nearest)
    if verb_tense == "past" and away > SURELY:
        return next((span for span in reversed(candidates) if span[0] <= anchor), nearest)
    return nearest


def _find_year(found: Found, anchor: date) -> int | None:
    """The year of "in June next year"."""
    place = found.capturesdict().get("place")
    return anchor.year + {"last": -1, "next": 1}.get(place[0].lower(), 0) if place else None


def _find_tense(found: Found) -> Tense | None:
    return tense(found.string, *found.span())


def find_month_of_year(found: Found, _anchor: date) -> Span:
    return calendar.part(calendar.months(int(found["year"]), read_month(found)), read_part(found))


def find_month(found: Found, anchor: date) -> Span | None:
    """The most recent one, or the coming one where the sentence looks ahead; none where it does not tell."""
    month, how = MONTH_NUMBERS[found["month"].lower()], (found["how"] or "").lower()
    year = _find_year(found, anchor)
    if year is None and how in ("last", "next", "this"):
        year = anchor.year - (how == "last" and month >= anchor.month) + (how == "next" and month <= anchor.month)
    if year is None:
        verb_tense = _find_tense_of_month(found, how)
        if verb_tense is None:
            return None
        year = anchor.year + (month < anchor.month if verb_tense == "coming" else -(month > anchor.month))
    return calendar.part(calendar.months(year, month), read_part(found))


def _find_tense_of_month(found: Found, how: str) -> Tense | None:
    """By the preposition where it tells more than the verb: "since" looks back, "until" and "by" ahead from what is so."""
    if how == "since":
        return "past"
    verb_tense = _find_tense(found)
    if how in ("until", "by") and _STILL.search(found.string, max(0, found.start() - 20), found.start()):
        return "coming"
    if verb_tense is None and (how in ("until", "by") or _BY.search(found.string, max(0, found.start() - 12), found.start())):
        return "coming"
    return verb_tense


def find_day_from_today(found: Found, anchor: date) -> Span:
    days = {"yesterday": -1, "last": -1, "tomorrow": 1, "before": -2, "after": 2}
    words = found[0].lower().split()
    return calendar.day(anchor + next((days[word] for word in words if word in days), 0) * ONE)


def find_weekday(found: Found, anchor: date) -> Span | None:
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
    verb_tense: Tense | None = "past" if since else "coming" if how in ("until", "by") else _find_tense(found)
    if verb_tense is None:
        return None
    return calendar.day(anchor + (7 - back) * ONE if verb_tense == "coming" else anchor - back * ONE)


def find_weekend(found: Found, anchor: date) -> Span:
    how = (found["how"] or "").lower()
    started = anchor.weekday() >= 5
    if how == "next":
        return calendar.weekend(anchor, 1)
    if how == "last":
        return calendar.weekend(anchor, -1)
    ahead = how in ("this", "coming") or _find_tense(found) == "coming"
    return calendar.weekend(anchor, 0 if ahead or started else -1)
