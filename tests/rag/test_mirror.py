"""An archive whose catalog is in PostgreSQL, read through a copy of it beside the indexes."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from rag.archive import Archive, backup, compact, doctor, move, open_catalog, restore, status
from rag.archive import mirror as mirrors
from rag.archive.layout import Layout
from rag.catalog import Catalog, Derivation, IngestFailure, StagedArticle, WatchedSource
from rag.catalog.replicate import OF_ARTICLES
from rag.catalog.schema import articles, copies
from rag.errors import ArchiveDamaged, ArchiveMissing, FingerprintMismatch, StorageError
from rag.types import Filters
from tests.postgres import PostgresServer
from tests.rag.stored import FINGERPRINT, check_whole, many_stored
from tests.rag.test_catalog import Opening, opening, wire

__all__ = ["opening"]


def rows(catalog: Catalog) -> dict[str, list[str]]:
    """All that is copied of articles."""
    with catalog._database.reading() as connection:
        tables = (articles, copies, *OF_ARTICLES)
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}


def catch_up(copy: Catalog, original: Catalog, limit: int = 100) -> int:
    copied = 0
    while some := copy.follow(original, limit):
        copied += some
    return copied


@pytest.mark.parametrize("seed", range(4))
def test_a_copy_is_the_same_whatever_happens_and_however_often_it_follows(opening: Opening, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with opening() as original, Catalog.open(tmp_path / "copy.db", create=True) as copy:
        original.adopt(FINGERPRINT)
        for _ in range(60):
            number = chance.randrange(12)
            act = chance.randrange(5)
            if act < 2:
                original.put(many_stored([number], edition=chance.randrange(3)))
            elif act == 2:
                original.put([wire(number, f" Paper {chance.randrange(3)} adds a line." * chance.randrange(2))])
            else:
                original.forget(chance.choice(("a", "w")) + str(number), for_good=act == 4)
            if chance.random() < 0.3:
                copy.follow(original, chance.randrange(1, 5))
        catch_up(copy, original, 3)
        assert rows(copy) == rows(original)
        assert copy.fingerprint == FINGERPRINT
        assert copy.followed == original.sequence
        assert catch_up(copy, original) == 0


def test_times_that_are_handed_over_later_come_along(opening: Opening, tmp_path: Path) -> None:
    with opening() as original, Catalog.open(tmp_path / "copy.db", create=True) as copy:
        original.adopt(FINGERPRINT)
        original.put([wire(1)])
        catch_up(copy, original)
        with original._database.writing() as connection:
            connection.exec_driver_sql("delete from derivations")
        original.write_derived([Derivation(each, (), wire(1).signature) for each in original.find_underived(5)])
        assert catch_up(copy, original) == 1
        assert rows(copy) == rows(original)


def test_another_archive_an_older_state_and_other_vectors_are_not_mixed(opening: Opening, tmp_path: Path) -> None:
    with opening() as original, Catalog.open(tmp_path / "copy.db", create=True) as copy:
        original.adopt(FINGERPRINT)
        original.put(many_stored(range(3)))
        catch_up(copy, original)
        before = rows(copy)
        with (
            Catalog.open(tmp_path / "other.sqlite3", create=True) as other,
            pytest.raises(ArchiveDamaged, match="not the archive that was copied"),
        ):
            copy.follow(other, 10)
        with original._database.writing() as connection:
            connection.exec_driver_sql("delete from changes where article_id = 'a2'")
        with pytest.raises(ArchiveDamaged, match="an older state"):
            copy.follow(original, 10)
        original.put(many_stored([2]))
        embed_again(original)
        with pytest.raises(FingerprintMismatch):
            copy.follow(original, 10)
        assert rows(copy) == before
        copy.empty()
        assert copy.counts().articles == 0
        assert [article_id for _, article_id in copy.changes(3, 9)] == ["a0", "a1", "a2"]
        assert catch_up(copy, original) == 3
        assert rows(copy) == rows(original)


def embed_again(catalog: Catalog) -> None:
    from tests.rag.stored import make_article, make_stored

    other = replace(FINGERPRINT, revision="2", dimension=8)
    for article_id, version in catalog.find_unstaged(other, 100):
        made = make_stored(make_article(int(article_id[1:])), 8)
        catalog.stage(other, [StagedArticle(article_id, version, made.chunks, made.vectors)])
    assert catalog.promote(other)


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    """Of a catalog with twenty articles."""
    made = postgres.address()
    with Catalog.connect(made, create=True) as catalog:
        catalog.adopt(FINGERPRINT)
        catalog.put(many_stored(range(20)))
    return made


@pytest.mark.slow
def test_readers_each_have_indexes_of_their_own_and_follow(address: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "one", address=address) as one, Archive.open(tmp_path / "two", address=address) as two:
        two.original.put(many_stored([3, 30], edition=1))
        two.original.forget("a4")
        for each in (one, two):
            each.keep_up()
            assert (each.catalog.counts().articles, each.notices) == (20, ())
            check_whole(each)
    with Archive.open(tmp_path / "one", address=address) as again:
        check_whole(again)
    assert doctor(tmp_path / "one", address) == []
    told = status(tmp_path / "one", address)
    assert (told.counts.articles, told.sequence, told.dense, told.lexical) == (20, 23, 23, 23)
    assert compact(tmp_path / "one", address).after > 0


def test_it_goes_on_without_its_catalog_and_says_so(
    own_postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirrors, "PAUSE", 0.0)
    address = own_postgres.address()
    with Archive.open(tmp_path / "one", address=address, create=True) as archive:
        archive.original.adopt(FINGERPRINT)
        archive.original.put(many_stored(range(5)))
        archive.keep_up()
        own_postgres.stop()
        archive.keep_up()
        assert len(archive.notices) == 1
        assert "cannot be reached" in archive.notices[0]
        assert "socket" not in archive.notices[0]
        check_whole(archive)
        with pytest.raises(StorageError, match="see that the server runs"):
            archive.original.forget("a1")
        archive.rebuild()  # from what was copied
        check_whole(archive)
    with Archive.open(tmp_path / "one", address=address) as archive:  # started while it is gone
        assert "cannot be reached" in archive.notices[0]
        check_whole(archive)
        own_postgres.start()
        archive.original.put(many_stored([9]))
        archive.keep_up()
        assert archive.notices == ()
        assert archive.catalog.article("a9") is not None
        check_whole(archive)
    own_postgres.stop()
    with pytest.raises(StorageError, match="see that the server runs"):
        Archive.open(tmp_path / "new", address=address)


def test_after_a_failure_no_question_waits_for_the_server_again(own_postgres: PostgresServer, tmp_path: Path) -> None:
    address = own_postgres.address()
    with Archive.open(tmp_path / "one", address=address, create=True) as archive:
        own_postgres.stop()
        archive.keep_up()
        own_postgres.start()
        archive.keep_up()
        assert "cannot be reached" in archive.notices[0]  # it was not tried


def test_an_archive_that_was_embedded_again_is_copied_anew_when_it_is_opened(address: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "one", address=address) as archive:
        embed_again(archive.original)
        archive.keep_up()
        assert "made anew" in archive.notices[0]
        check_whole(archive)
    with Archive.open(tmp_path / "one", address=address) as archive:
        assert archive.notices == ()
        check_whole(archive)


def test_a_rebuild_copies_and_indexes_anew(address: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "one", address=address) as archive:
        embed_again(archive.original)
        archive.rebuild()
        assert archive.catalog.fingerprint == archive.original.fingerprint
        check_whole(archive)


def test_a_directory_is_one_or_the_other(address: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "own", create=True):
        pass
    with pytest.raises(StorageError, match="own holds another archive"):
        Archive.open(tmp_path / "own", address=address)
    with Archive.open(tmp_path / "one", address=address):
        pass
    with pytest.raises(StorageError, match="DATELINE_CATALOG"):
        open_catalog(tmp_path / "one", create=True)


def test_a_damaged_copy_is_named_and_made_again(address: str, tmp_path: Path) -> None:
    Archive.open(tmp_path / "one", address=address).close()
    copy = Layout(tmp_path / "one").mirror
    copy.write_bytes(b"nothing of the kind" * 500)
    (found,) = doctor(tmp_path / "one", address)
    assert (found.part, found.file) == ("copy", copy)
    assert "copied again" in found.mend
    for file in copy.parent.glob(f"{copy.name}*"):
        file.unlink()
    with Archive.open(tmp_path / "one", address=address) as archive:
        check_whole(archive)


def test_there_is_no_archive_until_one_is_made(postgres: PostgresServer, tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing):
        Archive.open(tmp_path / "one", address=postgres.address())


def test_a_backup_of_a_database_becomes_a_directory(address: str, postgres: PostgresServer, tmp_path: Path) -> None:
    made = backup(tmp_path / "one", tmp_path / "whole.tar", address)
    restored = restore(tmp_path / "whole.tar", tmp_path / "restored")
    assert (made.articles, restored.articles, restored.sequence) == (20, 20, made.sequence)
    with Archive.open(tmp_path / "restored") as archive:
        check_whole(archive)
    assert move(str(tmp_path / "restored"), postgres.address()).rows["articles"] == 20


@pytest.mark.slow
def test_a_change_is_found_while_writers_are_at_work(address: str, tmp_path: Path) -> None:
    def write(first: int) -> None:
        with Catalog.connect(address, create=False) as own:
            for number in range(first, first + 20):
                own.put(many_stored([number], lines=1))

    writers = [Thread(target=write, args=(first,)) for first in (100, 200, 300)]
    with Archive.open(tmp_path / "one", address=address) as archive:
        for each in writers:
            each.start()
        while any(each.is_alive() for each in writers):
            archive.follow()
        archive.follow()
        assert rows(archive.catalog) == rows(archive.original)
        assert archive.lexical.search("line 319 says", 3, Filters())
        check_whole(archive, every=5)


def test_what_is_watched_and_what_failed_comes_along(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors, "JOURNAL_EVERY", 0.0)
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with Archive.open(tmp_path / "one", address=address) as archive, Catalog.connect(address, create=False) as writer:
        for failures in ([IngestFailure("a.html", 3, "no text")], []):
            writer.sources.write_watched(WatchedSource("a folder", now, now, None, len(failures), None))
            writer.sources.write_dead_letters(["a.html"], failures)
            writer.end_ingest(writer.begin_ingest(["news"]), "done", {"stored": 1}, failures)
            archive.keep_up()
            for read in ("list_watched", "dead_letters"):
                assert getattr(archive.catalog.sources, read)() == getattr(writer.sources, read)()
            assert archive.catalog.ingests(9) == writer.ingests(9)
