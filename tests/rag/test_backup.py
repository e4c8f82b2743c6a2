"""A backup while others write, and the archive made of it."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from rag.archive import Archive, backup, doctor, open_catalog, restore
from rag.errors import ArchiveMissing, DatelineError, InputError, UsageError
from tests.rag.stored import FINGERPRINT, many_stored


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    directory = tmp_path / "archive"
    with Archive.open(directory, create=True) as archive:
        archive.catalog.adopt(FINGERPRINT)
        archive.catalog.put(many_stored(range(1, 20)))
        archive.catalog.forget("a3", for_good=True)
    return directory


def test_an_archive_comes_back_as_it_was(directory: Path, tmp_path: Path) -> None:
    made = backup(directory, tmp_path / "whole.tar")
    restored = restore(tmp_path / "whole.tar", tmp_path / "new")
    assert (made.articles, restored.articles, restored.sequence) == (18, 18, made.sequence)
    with open_catalog(directory) as old, Archive.open(tmp_path / "new") as new:
        assert new.catalog.listing() == old.listing()
        assert new.catalog.names_of("a5") == old.names_of("a5")
        assert new.catalog.has_forgotten()
        assert (new.dense is not None, new.applied, new.notices) == (True, made.sequence, ())
    assert doctor(tmp_path / "new") == []
    assert not [*tmp_path.rglob(".restored-*"), *tmp_path.rglob(".dateline-*")]


def test_other_databases_of_the_archive_are_in_it(directory: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(directory / "visitors.sqlite3")) as visitors:
        visitors.execute("create table asked (words text)")
        visitors.execute("insert into asked values ('Who?')")
        visitors.commit()
        backup(directory, tmp_path / "whole.tar")
    restore(tmp_path / "whole.tar", tmp_path / "new")
    with closing(sqlite3.connect(tmp_path / "new" / "visitors.sqlite3")) as restored:
        assert restored.execute("select words from asked").fetchall() == [("Who?",)]


@pytest.mark.slow
def test_it_is_of_one_moment_while_articles_arrive(directory: Path, tmp_path: Path) -> None:
    ended, begun = Event(), Event()

    def write() -> None:
        with open_catalog(directory) as catalog:
            number = 100
            while not ended.is_set():
                catalog.put(many_stored([number, number + 1]))
                number += 2
                begun.set()

    writer = Thread(target=write)
    with Archive.open(directory):
        writer.start()
        try:
            begun.wait(20)
            made = [backup(directory, tmp_path / f"{number}.tar") for number in range(2)]
        finally:
            ended.set()
            writer.join()
    for number, each in enumerate(made):
        assert (each.articles - 18) % 2 == 0, "an ingest of two is there whole or not at all"
        restored = restore(tmp_path / f"{number}.tar", tmp_path / f"new{number}")
        assert restored.articles == each.articles
    assert [each.articles for each in made] == sorted(each.articles for each in made)


def test_nothing_is_overwritten(directory: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        backup(directory, tmp_path / "there")
    assert (tmp_path / "there").read_text() == "mine"
    backup(directory, tmp_path / "whole.tar")
    with pytest.raises(UsageError, match="there already; name another directory"):
        restore(tmp_path / "whole.tar", directory)


@pytest.mark.parametrize("place", ["nowhere/whole.tar", "whole.tar"])
def test_an_archive_or_a_folder_that_is_not_there_is_named(tmp_path: Path, place: str) -> None:
    with pytest.raises(DatelineError, match=r"nowhere is no directory|no archive"):
        backup(tmp_path / "no archive", tmp_path / place)
    with pytest.raises((ArchiveMissing, UsageError)):
        backup(tmp_path / "no archive", tmp_path / place)


def rewritten(file: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The backup with its members changed; None leaves one out."""
    out = file.with_suffix(".changed")
    with tarfile.open(file) as whole, tarfile.open(out, "w") as packed:
        for member in whole:
            content = whole.extractfile(member)
            assert content
            if (made := change(member.name, content.read())) is not None:
                member.size = len(made)
                packed.addfile(member, io.BytesIO(made))
    return out


def manifest(**changes: Any) -> Callable[[str, bytes], bytes]:
    return lambda name, content: json.dumps({**json.loads(content), **changes}).encode() if name == "manifest.json" else content


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda name, content: content if name == "manifest.json" else content[:-4096], "not as it was written"),
        (lambda name, content: content if name == "manifest.json" else None, "has no catalog.sqlite3"),
        (lambda name, content: None if name == "manifest.json" else content, "has no manifest.json"),
        (lambda name, content: b"{" if name == "manifest.json" else content, "no manifest that can be read"),
        (manifest(format=2), "this release reads 1"),
        (manifest(files=[]), "has no catalog.sqlite3"),
        (manifest(files=[{"name": "../evil.sqlite3"}]), "no backup of Dateline"),
        (manifest(files=[{"name": "lock"}]), "no backup of Dateline"),
    ],
)
def test_what_is_no_whole_backup_leaves_no_archive(
    directory: Path, tmp_path: Path, change: Callable[[str, bytes], bytes | None], told: str
) -> None:
    backup(directory, tmp_path / "whole.tar")
    with pytest.raises(InputError, match=told):
        restore(rewritten(tmp_path / "whole.tar", change), tmp_path / "new")
    assert not list((tmp_path / "new").glob("*.sqlite3"))
    assert restore(tmp_path / "whole.tar", tmp_path / "new").articles == 18


@pytest.mark.parametrize("content", [b"", b"no archive at all", None])
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match="file"):
        restore(file, tmp_path / "new")


def test_a_catalog_that_was_lost_is_put_back_before_its_indexes(directory: Path, tmp_path: Path) -> None:
    backup(directory, tmp_path / "whole.tar")
    with open_catalog(directory) as catalog:
        catalog.put(many_stored(range(40, 50)))
    Archive.open(directory).close()
    for file in directory.glob("catalog.sqlite3*"):
        file.unlink()
    restore(tmp_path / "whole.tar", directory)
    with Archive.open(directory) as archive:
        assert (archive.catalog.counts().articles, archive.applied) == (18, archive.catalog.sequence)
    assert doctor(directory) == []
