"""Every kind of damage to the files of an archive: named, survived, and mended by a rebuild."""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.archive import Archive, doctor, open_catalog, status
from rag.dense import ChromaIndex
from rag.errors import StorageError
from rag.types import Filters
from tests.campaign import first_of
from tests.rag.stored import DIMENSION, FINGERPRINT, check_whole, many_stored

ARTICLES = 380
"""Times three chunks: enough for Chroma to have written its graph to files."""

Harm = Callable[[Path], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sound") / "archive"
    with Archive.open(directory, create=True) as archive:
        archive.catalog.adopt(FINGERPRINT)
        archive.catalog.put(many_stored(range(ARTICLES)))
        archive.follow()
    return directory


@pytest.fixture
def archive(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "archive"))


def delete(file: Path) -> None:
    file.unlink()


def empty(file: Path) -> None:
    file.write_bytes(b"")


def halve(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def garble(file: Path) -> None:
    chance = random.Random(3)
    file.write_bytes(bytes(chance.randrange(256) for _ in range(min(file.stat().st_size, 100_000))))


def the_file(archive: Path, pattern: str) -> Path:
    files = sorted(archive.glob(f"generations/*/{pattern}"))
    assert files, f"no {pattern}"
    return files[0]


HARMS = [delete, empty, halve, garble]
TANTIVY = ["meta.json", "*.idx", "*.term", "*.store", "*.fast", ".managed.json"]
CHROMA = ["chroma.sqlite3", *(f"*/{name}" for name in ("header.bin", "data_level0.bin", "length.bin", "index_metadata.pickle"))]


def test_using_an_archive_is_no_damage(archive: Path) -> None:
    """Chroma writes to its files when it is searched."""
    vector = np.ones(DIMENSION, np.float32) / DIMENSION**0.5
    generation = (archive / "current").read_text()
    for searches in (0, 1, 3, 0, 2):
        with Archive.open(archive) as opened:
            assert opened.notices == ()
            assert opened.dense is not None
            for _ in range(searches):
                assert len(opened.dense.search(vector, 5, Filters())) == 5
    assert (archive / "current").read_text() == generation
    assert doctor(archive) == []


@pytest.mark.parametrize("chunks", first_of([99, 120, 204, 350]))
def test_using_a_small_archive_is_no_damage(tmp_path: Path, chunks: int) -> None:
    with Archive.open(tmp_path / "small", create=True) as made:
        made.catalog.adopt(FINGERPRINT)
        made.catalog.put(many_stored(range(chunks), lines=1))
    test_using_an_archive_is_no_damage(tmp_path / "small")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every archive counts as too large to be mended when it is opened."""
    monkeypatch.setattr("rag.archive.archive.MADE_BY_ITSELF", 0)


@pytest.mark.parametrize("harm", first_of(HARMS))
@pytest.mark.parametrize("name", CHROMA)
def test_a_damaged_dense_index_is_made_anew_on_opening(archive: Path, name: str, harm: Harm) -> None:
    harm(the_file(archive, f"chroma/{name}"))
    with Archive.open(archive) as opened:
        assert any("made anew" in notice for notice in opened.notices)
        check_whole(opened, every=11)
    with Archive.open(archive) as opened:
        assert opened.notices == ()


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", CHROMA)
def test_a_damaged_dense_index_is_named_and_left_out(archive: Path, name: str, harm: Harm) -> None:
    file = the_file(archive, f"chroma/{name}")
    harm(file)
    findings = doctor(archive)
    assert file in {finding.file for finding in findings}
    assert {(finding.part, finding.mend) for finding in findings} == {("dense", "dateline rebuild")}
    assert status(archive).counts.articles == ARTICLES
    with Archive.open(archive) as opened:
        assert opened.dense is None
        assert any("dateline rebuild" in notice for notice in opened.notices)
        assert len(opened.lexical.search("mayor", 5, Filters())) == 5


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", TANTIVY)
def test_a_damaged_index_of_words_is_named_and_made_anew_at_once(archive: Path, name: str, harm: Harm) -> None:
    file = the_file(archive, f"tantivy/{name}")
    harm(file)
    assert file in {finding.file for finding in doctor(archive)}
    with Archive.open(archive) as opened:
        assert "made anew" in opened.notices[0]
        assert opened.lexical.count() == opened.catalog.counts().chunks
        assert len(opened.lexical.search("mayor", 5, Filters())) == 5
        assert opened.dense
        assert opened.dense.count() == opened.catalog.counts().chunks


@pytest.mark.slow
@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", [*(f"chroma/{name}" for name in CHROMA), *(f"tantivy/{name}" for name in TANTIVY[:4])])
def test_damage_after_a_kill_is_found_by_looking(archive: Path, name: str, harm: Harm) -> None:
    """Without a seal, as after a kill: whatever is still answered from is whole."""
    the_file(archive, "seal.json").unlink()
    harm(the_file(archive, name))
    with Archive.open(archive) as opened:
        if opened.dense is None:
            assert "dateline rebuild" in opened.notices[0]
        check_whole(opened, dense=opened.dense is not None, every=11)


@pytest.mark.slow
def test_rebuild_mends_everything(archive: Path) -> None:
    for name in CHROMA:
        garble(the_file(archive, f"chroma/{name}"))
    delete(the_file(archive, "tantivy/meta.json"))
    with Archive.open(archive) as opened:
        opened.rebuild()
        check_whole(opened, every=11)
    assert doctor(archive) == []


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("name", ["chroma", "tantivy"])
def test_a_whole_index_gone(archive: Path, name: str) -> None:
    shutil.rmtree(the_file(archive, name))
    assert doctor(archive)
    with Archive.open(archive) as opened:
        assert opened.lexical.search("mayor", 5, Filters())
        assert (opened.dense is None) == (name == "chroma")
        opened.rebuild()
        check_whole(opened, every=11)


@pytest.mark.parametrize("harm", first_of(HARMS))
@pytest.mark.parametrize("name", ["current", "generations/*/applied.json"])
def test_without_the_small_files_the_indexes_are_made_anew(archive: Path, name: str, harm: Harm) -> None:
    harm(next(archive.glob(name)))
    assert {finding.mend for finding in doctor(archive)} == {"dateline rebuild"}
    status(archive)
    with Archive.open(archive) as opened:
        check_whole(opened, every=11)


def test_everything_gone_but_the_catalog(archive: Path) -> None:
    shutil.rmtree(archive / "generations")
    assert doctor(archive)
    with Archive.open(archive) as opened:
        check_whole(opened, every=11)


@pytest.mark.parametrize("harm", [empty, halve, garble])
def test_a_damaged_catalog_is_said(archive: Path, harm: Harm) -> None:
    harm(archive / "catalog.sqlite3")
    assert [finding.part for finding in doctor(archive)] == ["catalog"]
    with pytest.raises(StorageError, match=r"catalog\.sqlite3"), Archive.open(archive) as opened:
        opened.catalog.entries([f"a{number}" for number in range(ARTICLES)])


@pytest.mark.slow
@pytest.mark.usefixtures("large")
def test_without_generations_a_large_archive_answers_from_words_until_it_is_mended(archive: Path) -> None:
    shutil.rmtree(archive / "generations")
    with Archive.open(archive) as opened:
        assert opened.dense is None
        assert "is missing" in opened.notices[0]
        assert opened.lexical.search("mayor", 5, Filters())
        opened.mend()
        assert "made anew" in opened.notices[0]
        check_whole(opened, every=11)


@pytest.mark.usefixtures("large")
def test_a_repair_without_room_leaves_the_notice(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(the_file(archive, "chroma"))
    with Archive.open(archive) as opened:
        before = opened.notices
        monkeypatch.setattr("rag.archive.archive.write_whole", full_disk)
        opened.mend()
        assert opened.dense is None
        assert opened.notices == before
        assert opened.lexical.search("mayor", 5, Filters())


def full_disk(path: Path, _: bytes) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


@pytest.mark.usefixtures("large")
def test_vectors_lost_in_silence_are_noticed(archive: Path) -> None:
    """Fewer vectors than the catalog has, in files that are sound in themselves."""
    the_file(archive, "seal.json").unlink()
    lost = ChromaIndex(the_file(archive, "chroma"))
    lost.replace(["a7"], [])
    lost.close()
    with Archive.open(archive) as opened:
        assert opened.dense is None
        assert "where the catalog has" in opened.notices[0]


@pytest.mark.usefixtures("large")
def test_vectors_that_are_not_the_catalogs_are_noticed(archive: Path) -> None:
    """The same chunks, each with the vector of another."""
    the_file(archive, "seal.json").unlink()
    with open_catalog(archive) as catalog:
        entries = catalog.entries([f"a{number}" for number in range(ARTICLES)])
    shifted = [replace(entry, vector=entries[i - 5].vector) for i, entry in enumerate(entries)]
    other = ChromaIndex(the_file(archive, "chroma"))
    other.replace([], shifted)
    other.close()
    with Archive.open(archive) as opened:
        assert opened.dense is None
        assert "not found" in opened.notices[0]
