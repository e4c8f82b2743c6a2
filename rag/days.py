"""Days as people write them: a year, a month or a day, read as the half-open range of days it covers."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from rag.errors import UsageError
from rag.types import Filters

WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ].*)?)?)?")


def parse_span(text: str, name: str) -> tuple[date, date]:
    """The first day of `text` ("2025", "2025-08", "2025-08-04") and the day after its last.

    Raises UsageError that names the option `name`.
    """
    match = WRITTEN.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in match.groups())
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first, first + timedelta(days=1)
        after = (first + timedelta(days=32)).replace(day=1) if month else first.replace(year=first.year + 1)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{name}: {text!r} is not a day; write YYYY-MM-DD, YYYY-MM or YYYY") from error
    return first, after


def as_day(value: date | str | None, name: str) -> date | None:
    """The first day that `value` covers."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return parse_span(value, name)[0]
    return value.date() if isinstance(value, datetime) else value


def make_filters(since: date | str | None, until: date | str | None, outlets: tuple[str, ...] | list[str] | str) -> Filters:
    """Filters from what a caller gives: both ends are included, "until 2025-08" up to the end of August.

    Raises UsageError when a day cannot be read, or `since` is after `until`.
    """
    first = as_day(since, "since")
    before = parse_span(until, "until")[1] if isinstance(until, str) and until else None
    if before is None and (last := as_day(until, "until")):
        before = last + timedelta(days=1)
    if first and before and first >= before:
        raise UsageError(f"since {since} is after until {until}; swap them")
    names = (outlets,) if isinstance(outlets, str) else tuple(outlets)
    return Filters(first, before, tuple(dict.fromkeys(name.strip() for name in names if name.strip())))


def long_day(day: date) -> str:
    """4 August 2025."""
    return f"{day.day} {day:%B %Y}"
