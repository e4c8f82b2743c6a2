"""The date of publication, of all the places that say one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.load.record import DatedField, Record
from ingest.published import TRUST, day_in_path, find_published

NOW = datetime(2025, 8, 20, tzinfo=UTC)
DAY = date(2025, 8, 4)
ADDRESS = "https://news.example/world/2025/08/04/a-bridge"


def test_the_first_place_that_can_be_read_counts() -> None:
    found = find_published(
        Record("", published="soon", published_from="JSON-LD", dates=(DatedField("2025-08-04", "meta"),), url=ADDRESS),
        None,
        "",
        NOW,
    )
    assert (found.value, found.found_in) == (DAY, "meta")
    assert "'soon'" in found.notes[0]


@pytest.mark.parametrize(
    ("record", "dateline", "name", "found_in"),
    [
        (Record("", published="2025-08-04", published_from="feed"), None, "", "feed"),
        (Record(""), DAY, "2024-01-01.txt", "dateline"),
        (Record("", url=ADDRESS), None, "20240101.txt", "URL"),
        (Record(""), None, "2025-08-04 bridge.txt", "file name"),
    ],
)
def test_each_place_is_named(record: Record, dateline: date | None, name: str, found_in: str) -> None:
    found = find_published(record, dateline, name, NOW)
    assert (found.value, found.found_in) == (DAY, found_in)


def test_what_nothing_dates_has_no_date() -> None:
    found = find_published(Record("", modified="2025-08-04", url="https://news.example/story"), None, "story.html", NOW)
    assert (found.value, found.found_in, found.confidence, found.notes) == (None, "none", 0.0, ())


def test_places_that_agree_make_it_surer_and_one_that_does_not_is_told_of() -> None:
    alone = find_published(Record("", published="2025-08-04", published_from="meta"), None, "", NOW)
    agreeing = find_published(
        Record("", published="2025-08-04T23:30:00-04:00", published_from="meta", url=ADDRESS), None, "", NOW
    )
    other = find_published(Record("", published="2025-07-01", published_from="meta", url=ADDRESS), None, "", NOW)
    assert alone.confidence == TRUST["meta"]
    assert other.confidence < alone.confidence < agreeing.confidence <= 1
    assert other.value == date(2025, 7, 1)
    assert other.notes == ("published 2025-07-01 by its meta, 2025-08-04 by its URL",)


def test_a_date_to_come_is_told_of_and_not_trusted() -> None:
    found = find_published(Record("", published="2031-01-01", url=ADDRESS), None, "", NOW)
    assert (found.value, found.found_in) == (DAY, "URL")
    assert "in the future" in found.notes[0]


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2025/08/04/a-bridge", DAY),
        ("/world/2025/aug/04/a-bridge", DAY),
        ("/news/2025-8-4-bridge.html", DAY),
        ("/a_20250804_b", DAY),
        ("/2025/08/bridge", None),
        ("/2025/13/04/", None),
        ("/2025/02/30/", None),
        ("/article/120250804123", None),
        ("/2025/08-04/", None),
    ],
)
def test_a_whole_day_in_a_path(path: str, day: date | None) -> None:
    assert day_in_path(path) == day


@given(st.text(st.sampled_from("/-_.0123456789aug"), max_size=30))
def test_no_path_is_too_strange(path: str) -> None:
    found = day_in_path(path)
    assert found is None or 1900 <= found.year <= 2099
