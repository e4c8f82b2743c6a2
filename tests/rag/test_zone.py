"""One zone an archive: the day that is shown, filtered by and told from is one and the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.derive import derive_missing
from rag.archive import Archive, open_catalog
from rag.types import Article, Source
from rag.when import mentions
from tests.rag.stored import FINGERPRINT, make_stored

LATE = datetime.fromisoformat("2025-08-04T23:30:00-05:00")
CHICAGO, LISBON = ZoneInfo("America/Chicago"), ZoneInfo("Europe/Lisbon")
WHALE = Article(Source("w", "Whale stranded", published=LATE), "A seal came ashore at Orm beach today, a warden said.")


def made(directory: Path, zone: ZoneInfo) -> None:
    with Archive.open(directory, create=True, zone=zone) as archive:
        archive.catalog.adopt(FINGERPRINT)
        told = mentions(WHALE.text, WHALE.source.day(archive.catalog.zone) or date.max)
        archive.catalog.put([replace(make_stored(WHALE), mentions=told)])
        archive.follow()


def days(directory: Path, zone: ZoneInfo = LISBON) -> set[date]:
    """Every day that the archive has for the article, opened with `zone`."""
    with open_catalog(directory, zone=zone) as catalog:
        (source,) = catalog.listing()
        assert isinstance(source.published, datetime)
        assert source.published == LATE
        article = catalog.article("w")
        assert article is not None
        (entry,) = catalog.entries(["w"])
        assert entry.day is not None
        told = {mention.first for mention in catalog.times(["w"])["w"]}
        shown = {source.published.date(), article.source.day(catalog.zone), date.fromordinal(entry.day)}
        return {*told, *(day for day in shown if day), *(catalog.days() or ())}


def test_all_days_are_of_the_zone_in_which_the_archive_was_made(tmp_path: Path) -> None:
    made(tmp_path / "chicago", CHICAGO)
    made(tmp_path / "lisbon", LISBON)
    for zone in (CHICAGO, LISBON):
        assert days(tmp_path / "chicago", zone) == {date(2025, 8, 4)}
        assert days(tmp_path / "lisbon", zone) == {date(2025, 8, 5)}


def test_another_zone_changes_all_of_them(tmp_path: Path) -> None:
    made(tmp_path, LISBON)
    with Archive.open(tmp_path) as archive:
        assert archive.catalog.change_zone(CHICAGO) == 1
        assert archive.catalog.change_zone(CHICAGO) == 0
        assert derive_missing(archive.catalog) == 1
        archive.rebuild()
    assert days(tmp_path) == {date(2025, 8, 4)}
