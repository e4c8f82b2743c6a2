"""The archive as a whole: opening, following, rebuilding."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.archive import Archive, open_catalog
from rag.errors import ArchiveInUse, ArchiveMissing, StorageError
from rag.types import Filters
from tests.fakes import HashEmbedder
from tests.rag.stored import DIMENSION, FINGERPRINT, check_whole, many_stored


def filled(directory: Path, count: int = 20) -> Path:
    with Archive.open(directory, create=True) as archive:
        archive.catalog.adopt(FINGERPRINT)
        archive.catalog.put(many_stored(range(count)))
    return directory


def test_what_is_put_is_found_after_reopening(tmp_path: Path) -> None:
    filled(tmp_path / "archive")
    with Archive.open(tmp_path / "archive") as archive:
        check_whole(archive)


def test_following_applies_new_changed_and_forgotten_articles(tmp_path: Path) -> None:
    with Archive.open(filled(tmp_path / "archive")) as archive, open_catalog(tmp_path / "archive") as other:
        other.adopt(FINGERPRINT)
        other.put(many_stored([3, 30], edition=1, lines=5))
        other.forget("a4")
        assert archive.follow() == 3
        assert archive.follow() == 0
        check_whole(archive)
        assert archive.catalog.counts().articles == 20


def test_rebuild_makes_a_new_generation_and_keeps_answering(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    with Archive.open(filled(tmp_path / "archive")) as archive:
        old = archive.dense
        archive.rebuild(lambda done, whole: seen.append((done, whole)))
        assert old is not None
        assert old.search(HashEmbedder(DIMENSION).embed_query("mayor"), 3, Filters())
        check_whole(archive)
    assert seen[-1] == (60, 60)
    assert len(list((tmp_path / "archive" / "generations").iterdir())) == 1


def test_a_second_owner_is_told_the_first(tmp_path: Path) -> None:
    directory = filled(tmp_path / "archive")
    with Archive.open(directory, serve_url="http://127.0.0.1:7860"), pytest.raises(ArchiveInUse, match="by pid") as caught:
        Archive.open(directory)
    assert caught.value.pid
    assert caught.value.url == "http://127.0.0.1:7860"


def test_no_archive_is_made_by_asking(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing):
        Archive.open(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_indexes_without_their_catalog_are_kept(tmp_path: Path) -> None:
    directory = filled(tmp_path / "archive")
    for file in directory.glob("catalog*"):
        file.unlink()
    with pytest.raises(StorageError, match=r"catalog\.sqlite3 is missing"):
        Archive.open(directory, create=True)
    assert any((directory / "generations").iterdir())
