"""Sources over many runs: what is watched, what failed, what a server said of a page; and catalogs of an earlier release."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.catalog import Catalog, IngestFailure, Page, WatchedSource
from rag.errors import StorageError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_is_watched_is_kept_once(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "c.sqlite3", create=True) as catalog:
        catalog.sources.write_watched(WatchedSource("https://b.example/feed", NOW, None, NOW, 1, "it does not answer"))
        catalog.sources.write_watched(WatchedSource("a folder", NOW, NOW, None, 0, None))
        better = WatchedSource("https://b.example/feed", NOW, NOW, None, 0, None)
        catalog.sources.write_watched(better)
        assert catalog.sources.list_watched() == (WatchedSource("a folder", NOW, NOW, None, 0, None), better)


def test_a_page_is_known_by_what_was_said_last(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "c.sqlite3", create=True) as catalog:
        assert catalog.sources.page("https://a.example/") is None
        catalog.sources.write_pages([Page("https://a.example/", '"1"', None)])
        catalog.sources.write_pages([Page("https://a.example/", '"2"', "Mon, 02 Mar 2026 09:00:00 GMT")])
        assert catalog.sources.page("https://a.example/") == Page("https://a.example/", '"2"', "Mon, 02 Mar 2026 09:00:00 GMT")


def test_dead_letters_count_tries_and_end_with_a_success(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "c.sqlite3", create=True) as catalog:
        sources = catalog.sources
        broken, bad_line = IngestFailure("/in/a.html", None, "no text"), IngestFailure("/in/\udcff.jsonl", 3, "not JSON")
        sources.write_dead_letters(["/in/a.html", "/in/\udcff.jsonl"], [broken, bad_line])
        sources.write_dead_letters(["/in/a.html"], [broken])
        first, second = sources.dead_letters()
        assert (first.path, first.line, first.tries, second.line, second.tries) == ("/in/a.html", None, 2, 3, 1)
        assert first.first_failed < first.last_failed
        sources.write_dead_letters(["/in/\udcff.jsonl"], [])
        assert [letter.path for letter in sources.dead_letters()] == ["/in/a.html"]


def test_a_catalog_of_the_first_release_gets_the_new_tables(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite3"
    Catalog.open(path, create=True).close()
    with sqlite3.connect(path) as database:
        database.executescript("drop table sources; drop table pages; drop table dead_letters;")
        database.execute("update properties set value = '1' where name = 'schema'")
    with Catalog.open(path, create=False) as catalog:
        assert catalog.sources.dead_letters() == ()
    with sqlite3.connect(path) as database:
        assert database.execute("select value from properties where name = 'schema'").fetchone() == ("6",)


def test_a_catalog_of_a_later_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite3"
    Catalog.open(path, create=True).close()
    with sqlite3.connect(path) as database:
        database.execute("update properties set value = '99' where name = 'schema'")
    with pytest.raises(StorageError, match="schema 99"):
        Catalog.open(path, create=False)
