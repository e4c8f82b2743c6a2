"""Times and copies: handed over with an article, and given afterwards to those that an earlier release stored without."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

import rag.catalog
from ingest.derive import derive_missing
from ingest.pipeline import ingest
from rag.archive import open_catalog
from rag.archive.doctor import doctor
from rag.catalog import Derivation, Signature, StoredArticle, Underived
from rag.settings import load_settings
from rag.types import Article, Mention, Source
from tests.fakes import HashEmbedder
from tests.rag.stored import FINGERPRINT

TOLD = " ".join(f"The {name} of Holm was painted by the harbour crew on Monday, said warden {n}." for n, name in enumerate(
    ("gate", "mast", "bridge", "tower", "chapel", "mill", "quay", "boathouse")
))  # fmt: skip
PUBLISHED = date(2023, 5, 10)  # a Wednesday
MONDAY = date(2023, 5, 8)

FIRST_SCHEMA = """
CREATE TABLE properties (name VARCHAR NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE articles (id VARCHAR NOT NULL PRIMARY KEY, origin BLOB NOT NULL, url VARCHAR, version INTEGER NOT NULL,
    digest VARCHAR NOT NULL, text_digest VARCHAR NOT NULL, day INTEGER, outlet VARCHAR, folded_outlet VARCHAR);
CREATE TABLE versions (article_id VARCHAR NOT NULL REFERENCES articles (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    stored_at VARCHAR NOT NULL, digest VARCHAR NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (article_id, number));
CREATE TABLE chunks (article_id VARCHAR NOT NULL REFERENCES articles (id) ON DELETE CASCADE, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (article_id, start, "end"));
CREATE TABLE changes (sequence INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, article_id VARCHAR NOT NULL UNIQUE);
CREATE TABLE staged_articles (article_id VARCHAR NOT NULL PRIMARY KEY, version INTEGER NOT NULL);
CREATE TABLE staged_chunks (article_id VARCHAR NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (article_id, start, "end"));
CREATE TABLE ingests (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, started VARCHAR NOT NULL, ended VARCHAR,
    state VARCHAR NOT NULL, arguments TEXT NOT NULL, counts TEXT NOT NULL, failures TEXT NOT NULL);
INSERT INTO properties VALUES ('schema', '1');
"""


def as_first_release(directory: Path) -> None:
    """Makes an archive as the first release left it: two articles with the same text, and neither times nor copies."""
    directory.mkdir()
    with sqlite3.connect(directory / "catalog.sqlite3") as database:
        database.executescript(FIRST_SCHEMA)
        written = {each.name: getattr(FINGERPRINT, each.name) for each in fields(FINGERPRINT)}
        database.execute("INSERT INTO properties VALUES ('fingerprint', ?)", (json.dumps(written),))
        for number, outlet in ((1, "The Holm Gazette"), (2, "Coast Post")):
            source = {
                "title": f"Painted {number}",
                "outlet": outlet,
                "published": PUBLISHED.isoformat(),
                "published_from": "record",
            }
            article = (
                f"a{number}",
                f"{number}.txt".encode(),
                None,
                1,
                "d",
                "t",
                PUBLISHED.toordinal(),
                outlet,
                outlet.casefold(),
            )
            database.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", article)
            version = (f"a{number}", 1, datetime(2023, 5, 11, tzinfo=UTC).isoformat(), "d", json.dumps(source), TOLD)
            database.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)", version)
            vector = HashEmbedder().embed_query(TOLD).tobytes()
            database.execute("INSERT INTO chunks VALUES (?, 0, ?, ?)", (f"a{number}", len(TOLD), vector))
            database.execute("INSERT INTO changes (article_id) VALUES (?)", (f"a{number}",))


@pytest.fixture
def old(tmp_path: Path) -> Iterator[rag.catalog.Catalog]:
    as_first_release(tmp_path / "archive")
    with open_catalog(tmp_path / "archive") as catalog:
        yield catalog


def test_articles_of_the_first_release_get_their_times_and_copies(old: rag.catalog.Catalog) -> None:
    assert old.times(["a1", "a2"]) == {}
    assert old.count_underived() == 2
    seen: list[tuple[int, int | None]] = []
    assert derive_missing(old, progress=lambda done, whole: seen.append((done, whole))) == 2
    assert {(time.first, TOLD[time.start : time.end]) for time in old.times(["a2"])["a2"]} == {(MONDAY, "Monday")}
    assert [copy.source.id for copy in old.copies(["a1"])["a1"]] == ["a2"]
    assert seen == [(2, 2)]
    assert derive_missing(old) == 0


def test_the_doctor_names_what_is_lacking_and_the_command_that_gives_it(tmp_path: Path) -> None:
    as_first_release(tmp_path / "archive")
    (finding,) = [one for one in doctor(tmp_path / "archive") if one.part == "catalog"]
    assert finding.problem == "2 articles of an earlier release without times and copies"
    assert finding.mend == "dateline rebuild"


def test_what_changes_meanwhile_is_passed_over(old: rag.catalog.Catalog) -> None:
    first, second = old.find_underived(9)
    time = Mention(0, 3, MONDAY, PUBLISHED, "weekday")
    stale = [
        Derivation(Underived("a1", 7, first.day), (time,), None),
        Derivation(Underived("a2", 1, MONDAY), (time,), None),
        Derivation(Underived("gone", 1, None), (time,), None),
    ]
    old.write_derived(stale)
    assert old.times(["a1", "a2"]) == {}
    assert old.find_underived(9) == [first, second]
    old.write_derived([Derivation(second, (time,), Signature("t", np.array([], np.uint32), ()))])
    assert old.find_underived(9) == [first]


def test_an_article_whose_source_is_garbled_is_left_out(old: rag.catalog.Catalog, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "archive" / "catalog.sqlite3") as database:
        database.execute("UPDATE versions SET source = '{' WHERE article_id = 'a1'")
    assert derive_missing(old) == 1
    assert old.count_underived() == 0


def test_what_is_ingested_today_lacks_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Published 10 May 2023\n\n{TOLD}")
    settings = load_settings(index=tmp_path / "archive")
    ingest([str(tmp_path / "a.txt")], settings.index, settings, embedder=HashEmbedder(384))
    with open_catalog(settings.index) as catalog:
        assert catalog.count_underived() == 0


def test_the_catalog_stores_the_times_that_it_is_given_and_reads_none_itself(tmp_path: Path) -> None:
    article = Article(Source("a", "Painted", published=PUBLISHED), TOLD)
    given = Mention(4, 8, MONDAY, PUBLISHED, "given")
    with open_catalog(tmp_path / "archive", create=True) as catalog:
        catalog.adopt(FINGERPRINT)
        catalog.put([StoredArticle(article, "a.txt", (), np.zeros((0, FINGERPRINT.dimension), np.float32), mentions=(given,))])
        assert catalog.times(["a"]) == {"a": (given,)}


def test_no_module_of_the_catalog_reads_language() -> None:
    folder = Path(rag.catalog.__file__).parent
    assert [
        path.name for path in folder.glob("*.py") if "rag.when" in path.read_text() or "rag.english" in path.read_text()
    ] == []
