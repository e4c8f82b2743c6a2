"""The date of publication, of all the places that say one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.load.record import DatedField, Record
from ingest.load.seen import FAINT, WEAK
from ingest.published import day_in_path, find_published
from ingest.signs import TRUST
from rag.types import PublishedFrom

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


def record_of(*places: tuple[str, PublishedFrom, float | None], modified: str | None = None, url: str | None = None) -> Record:
    return Record("", modified=modified, url=url, dates=tuple(DatedField(*place) for place in places))


def test_two_places_that_agree_outweigh_a_third_which_is_told_and_doubted() -> None:
    found = find_published(
        record_of(("2025-07-01", "JSON-LD", None), ("2025-08-04T09:00:00+02:00", "meta", None), ("2025-08-04", "page", None)),
        None,
        "",
        NOW,
    )
    assert (found.found_in, str(found.value)[:10]) == ("meta", "2025-08-04")
    assert found.confidence < 0.5
    assert found.notes == ("published 2025-08-04 by its meta, 2025-07-01 by its JSON-LD",)


@pytest.mark.parametrize(
    ("places", "day", "sure"),
    [
        ([("2025-07-01", "meta", None), ("2025-08-04", "page", WEAK)], "2025-08-04", False),
        ([("2025-07-01", "JSON-LD", None), ("2025-07-01", "meta", None), ("2025-08-04", "page", WEAK)], "2025-07-01", False),
        ([("2025-07-01", "meta", None), ("2025-08-04", "page", FAINT)], "2025-07-01", True),
        ([("2025-08-05", "meta", None), ("2025-08-04", "page", WEAK)], "2025-08-04", True),
        ([("2025-08-05T00:30:00+02:00", "meta", None), ("2025-08-04", "page", WEAK)], "2025-08-05", True),
        ([("2025-07-01", "meta", None), ("2025-07-01", "meta", None), ("2025-08-04", "page", WEAK)], "2025-08-04", False),
    ],
    ids=["over a tag", "not over two", "not below the text", "of the evening before", "but not of a clock", "tags count once"],
)
def test_a_day_shown_above_the_text_counts(places: list[tuple[str, PublishedFrom, float | None]], day: str, sure: bool) -> None:
    found = find_published(record_of(*places), None, "", NOW)
    assert (str(found.value)[:10], found.confidence >= 0.5) == (day, sure)


def test_a_shown_day_that_is_the_last_changes_says_nothing_against_another_that_is_shown_too() -> None:
    places: list[tuple[str, PublishedFrom, float | None]] = [("2025-07-01", "JSON-LD", None), ("2025-08-04", "page", WEAK)]
    both = [*places, ("2025-07-01", "page", FAINT)]
    changed = find_published(record_of(*both, modified="2025-08-04T10:00:00Z"), None, "", NOW)
    unexplained = find_published(record_of(*both), None, "", NOW)
    assert changed.value == unexplained.value == date(2025, 7, 1)
    assert unexplained.confidence < 0.5 < changed.confidence


def test_a_day_of_change_that_alone_is_shown_leaves_doubt() -> None:
    places: list[tuple[str, PublishedFrom, float | None]] = [("2025-07-01", "JSON-LD", None), ("2025-08-04", "page", WEAK)]
    found = find_published(record_of(*places, modified="2025-08-04T10:00:00Z"), None, "", NOW)
    assert (found.value, found.confidence < 0.5) == (date(2025, 7, 1), True)


def test_a_shown_day_that_is_the_last_changes_still_tells_the_zone_of_a_time_in_utc() -> None:
    places: list[tuple[str, PublishedFrom, float | None]] = [("2025-08-03T23:00Z", "meta", None), ("2025-08-04", "page", WEAK)]
    assert find_published(record_of(*places, modified="2025-08-04T12:42Z"), None, "", NOW).value == DAY


def test_two_tags_that_nobody_sees_are_one_place_beside_a_shown_day() -> None:
    places: list[tuple[str, PublishedFrom, float | None]] = [
        ("2025-08-04T03:00:00Z", "JSON-LD", None),
        ("2025-08-03", "meta", None),
        ("2025-08-03 20:00", "meta", None),
        ("2025-08-04", "page", WEAK),
    ]
    assert str(find_published(record_of(*places), None, "", NOW).value)[:10] == "2025-08-04"


def test_an_address_and_a_local_time_tell_the_day_of_a_time_in_utc() -> None:
    written = "2025-08-05T03:28:00Z"
    found = find_published(
        record_of((written, "JSON-LD", None), ("2025-08-04 22:28", "meta", None), ("2025-08-05", "page", WEAK), url=ADDRESS),
        None,
        "",
        NOW,
    )
    assert found.value == DAY


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
        ("/news/24-08-2025/bridge", date(2025, 8, 24)),
        ("/news/4.aug.2025", DAY),
        ("/news/04-08-2025/bridge", None),
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
