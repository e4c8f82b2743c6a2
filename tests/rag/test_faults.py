"""One damaged article: named, left out of what answers, and mended, while all others answer."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ingest.reembed import reembed
from rag.archive import Archive, doctor, open_catalog
from rag.catalog import UNREADABLE
from rag.errors import FingerprintMismatch, StorageError
from rag.parts import check_model
from rag.settings import load_settings
from rag.types import Filters
from tests.campaign import first_of
from tests.fakes import HashEmbedder
from tests.rag.stored import FINGERPRINT, check_whole, make_article, make_stored, many_stored

ARTICLES = 6
OTHERS = {f"a{number}" for number in range(ARTICLES) if number != 2}
VECTOR = "update chunks set vector = ? where article_id = 'a2'"
SPAN = "update chunks set \"end\" = ? where article_id = 'a2' and start >= 0"
NOT_FINITE = np.full(FINGERPRINT.dimension, np.nan, np.float32).tobytes()
DAMAGES = [(VECTOR, NOT_FINITE), (VECTOR, b"abc"), (SPAN, 5000)]
SOURCES = [
    b'{"title": "St', b"[]", b"null", b'{"title": 3}', b'{"title": "x", "published": "soon"}', b"\xff\xfe{", b'{"other": 1}',
]  # fmt: skip


def filled(directory: Path) -> Path:
    with Archive.open(directory, create=True) as made:
        made.catalog.adopt(FINGERPRINT)
        made.catalog.put(many_stored(range(ARTICLES)))
        made.follow()
    return directory


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return filled(tmp_path / "archive")


def harm(archive: Path, statement: str, value: object) -> None:
    with closing(sqlite3.connect(archive / "catalog.sqlite3")) as database, database:
        assert database.execute(statement, (value,)).rowcount


def garble_source(archive: Path, written: bytes) -> None:
    harm(archive, "update versions set source = cast(? as text) where article_id = 'a2'", written)


def left(archive: Path) -> set[str]:
    """The articles that are found by words which all of them have, after a rebuild."""
    with Archive.open(archive) as opened:
        opened.rebuild()
        assert len(opened.notices) == 1
        assert "a2" in opened.notices[0]
        assert "`dateline" in opened.notices[0]
        check_whole(opened)
        hits = opened.lexical.search("line says", 100, Filters())
        return {chunk.source.id for chunk in opened.catalog.chunks([hit.chunk_id for hit in hits]).values()}


@pytest.mark.parametrize("written", first_of(SOURCES))
def test_names_an_article_with_a_garbled_source_and_answers_from_the_others(archive: Path, written: bytes) -> None:
    garble_source(archive, written)
    named = [finding for finding in doctor(archive) if finding.part == "article a2"]
    assert [(finding.problem, finding.mend) for finding in named] == [
        ("its metadata cannot be read", "dateline ingest a2.json, or dateline forget a2")
    ]
    assert left(archive) == OTHERS


@pytest.mark.parametrize(("statement", "value"), first_of(DAMAGES))
def test_names_an_article_with_damaged_chunks_and_answers_from_the_others(archive: Path, statement: str, value: object) -> None:
    harm(archive, statement, value)
    assert [(finding.part, finding.mend) for finding in doctor(archive)] == [("article a2", "dateline rebuild")]
    assert left(archive) == OTHERS


def test_an_article_that_is_aside_stays_so_when_the_archive_is_opened_again(archive: Path) -> None:
    garble_source(archive, b"{")
    left(archive)
    with Archive.open(archive) as opened:
        assert "a2" in opened.notices[0]
        check_whole(opened)


def test_lists_and_shows_what_can_be_read(archive: Path) -> None:
    garble_source(archive, b"{")
    with open_catalog(archive) as catalog:
        assert {source.id for source in catalog.listing()} == OTHERS
        assert set(catalog.articles(["a1", "a2"])) == {"a1"}
        assert catalog.versions("a2") == ()
        assert {chunk.source.id for chunk in catalog.first_chunks(None, None, (), 100)} == OTHERS
        assert [fault.article_id for fault in catalog.faults()] == ["a2"]


def test_an_article_stored_again_is_no_longer_aside(archive: Path) -> None:
    garble_source(archive, b"{")
    with Archive.open(archive) as opened:
        opened.catalog.listing()
        known = opened.catalog.find_known("a2", None, "")
        assert known is not None
        assert known.digest == ""  # so that an ingest does not take it for unchanged
        opened.catalog.put([make_stored(make_article(2))])
        opened.follow()
        assert opened.notices == ()
        check_whole(opened)
    assert doctor(archive) == []


def test_a_forgotten_article_is_no_longer_aside(archive: Path) -> None:
    garble_source(archive, b"{")
    with open_catalog(archive) as catalog:
        catalog.listing()
        assert catalog.forget("a2")
        assert catalog.faults() == ()


@pytest.mark.parametrize(("statement", "value"), first_of(DAMAGES))
def test_a_rebuild_makes_damaged_chunks_again(archive: Path, statement: str, value: object) -> None:
    settings, embedder = load_settings(), HashEmbedder(FINGERPRINT.dimension)
    with Archive.open(archive) as opened:
        assert reembed(opened.catalog, settings, embedder=embedder) == ARTICLES
        opened.rebuild()
    harm(archive, statement, value)
    with Archive.open(archive) as opened:
        assert reembed(opened.catalog, settings, embedder=embedder) == 1
        opened.rebuild()
        assert opened.notices == ()
        check_whole(opened)
        assert opened.catalog.entries(["a2"])
    assert doctor(archive) == []


@pytest.mark.parametrize("written", first_of(['{"model": "ha', "[1]", "{}", "null"]))
def test_a_garbled_fingerprint_is_named_and_embedding_again_mends_it(archive: Path, written: str) -> None:
    harm(archive, "update properties set value = ? where name = 'fingerprint'", written)
    assert [(finding.part, finding.mend) for finding in doctor(archive)] == [("catalog", "dateline rebuild")]
    embedder = HashEmbedder(FINGERPRINT.dimension)
    with Archive.open(archive) as opened:
        assert opened.catalog.fingerprint == UNREADABLE
        with pytest.raises(FingerprintMismatch, match="dateline rebuild"):
            check_model(opened.catalog.fingerprint, embedder)
        with pytest.raises(FingerprintMismatch, match="dateline rebuild"):
            opened.catalog.adopt(FINGERPRINT)
        assert reembed(opened.catalog, load_settings(), embedder=embedder) == ARTICLES
        opened.rebuild()
        check_whole(opened)
    assert doctor(archive) == []


def test_a_path_that_is_no_text_is_told_as_such(tmp_path: Path) -> None:
    directory = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff"))
    with pytest.raises(StorageError, match="not valid UTF-8") as raised:
        Archive.open(directory, create=True)
    assert "disk" not in str(raised.value)
    assert not directory.exists()
