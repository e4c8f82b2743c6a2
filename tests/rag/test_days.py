"""Days as people write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.days import as_day, make_filters, parse_span
from rag.errors import UsageError


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2025-08-04", date(2025, 8, 4), date(2025, 8, 5)),
        ("2025-8-4", date(2025, 8, 4), date(2025, 8, 5)),
        ("2025-08-04T23:59:00+02:00", date(2025, 8, 4), date(2025, 8, 5)),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        ("2024-12", date(2024, 12, 1), date(2025, 1, 1)),
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_a_year_a_month_and_a_day_cover_half_open_ranges(text: str, first: date, after: date) -> None:
    assert parse_span(text, "since") == (first, after)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "not-a-date", "2025-13", "2025-02-30", "04/08/2025", "0000", "9999-12-31x", "２０２５x"]
)
def test_what_is_not_a_day_is_refused_with_the_options_name(text: str) -> None:
    with pytest.raises(UsageError, match="since"):
        parse_span(text, "since")


@given(st.dates(date(1, 1, 1), date(9998, 12, 30)))
def test_a_written_day_covers_itself_alone(day: date) -> None:
    assert parse_span(day.isoformat(), "since") == (day, day + timedelta(days=1))


def test_both_ends_of_a_filter_are_included() -> None:
    filters = make_filters("2025-07", "2025-08", ())
    assert (filters.since, filters.before, filters.until) == (date(2025, 7, 1), date(2025, 9, 1), date(2025, 8, 31))
    one_day = make_filters(date(2025, 8, 4), datetime(2025, 8, 4, 12, 0), ())
    assert (one_day.since, one_day.before) == (date(2025, 8, 4), date(2025, 8, 5))


def test_since_after_until_is_refused() -> None:
    with pytest.raises(UsageError, match="swap"):
        make_filters("2025-08-05", "2025-08-04", ())


def test_outlets_are_trimmed_and_named_once() -> None:
    assert make_filters(None, None, [" Dawn ", "Dawn", ""]).outlets == ("Dawn",)
    assert make_filters(None, None, "Dawn").outlets == ("Dawn",)
    assert not make_filters("", "", ())


def test_a_month_as_a_day_is_its_first() -> None:
    assert as_day("2025-08", "as_of") == date(2025, 8, 1)
    assert as_day(None, "as_of") is None
