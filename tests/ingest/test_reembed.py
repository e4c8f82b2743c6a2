from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from ingest.reembed import reembed
from rag.archive import open_catalog
from rag.catalog import Catalog
from rag.errors import ModelError
from rag.settings import load_settings
from rag.types import Vectors
from tests.fakes import HashEmbedder

ARTICLES = 70
WIDE = load_settings(chunk_tokens=200)
NARROW = load_settings(chunk_tokens=16)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An archive of articles that are one wide chunk or several narrow ones."""
    folder = tmp_path / "articles"
    folder.mkdir()
    sentences = "The council voted on the new bridge. The mayor opened it on Monday. Nobody came to the feast in the rain."
    for number in range(ARTICLES):
        (folder / f"{number}.txt").write_text(f"{sentences} It was bridge number {number}.")
    ingest([str(folder)], tmp_path / "archive", WIDE, embedder=HashEmbedder())
    with open_catalog(tmp_path / "archive") as opened:
        yield opened


def test_other_chunk_sizes_make_other_chunks_of_every_article(catalog: Catalog) -> None:
    before = catalog.counts()
    seen: list[tuple[int, int | None]] = []
    assert reembed(catalog, NARROW, embedder=HashEmbedder(), progress=lambda *done: seen.append(done)) == ARTICLES
    after = catalog.counts()
    assert (after.articles, after.versions) == (before.articles, before.versions)
    assert after.chunks >= 2 * before.chunks
    assert catalog.fingerprint
    assert catalog.fingerprint.chunk_tokens == 16
    assert seen[-1] == (ARTICLES, ARTICLES)


def test_another_model_makes_other_vectors(catalog: Catalog) -> None:
    reembed(catalog, WIDE, embedder=HashEmbedder(dimension=8))
    assert {entry.vector.shape for entry in catalog.sample(10, catalog.sequence)} == {(8,)}


def test_the_same_model_and_chunks_change_nothing(catalog: Catalog) -> None:
    before = catalog.sequence
    assert reembed(catalog, WIDE, embedder=HashEmbedder()) == 0
    assert catalog.sequence == before


class FailingEmbedder(HashEmbedder):
    """Fails at the second batch."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.left = getattr(self, "left", 2) - 1
        if not self.left:
            raise ModelError("the model failed")
        return super().embed_documents(texts)


def test_a_failure_leaves_the_archive_as_it_was_and_the_next_run_goes_on(catalog: Catalog) -> None:
    before, counts = catalog.fingerprint, catalog.counts()
    with pytest.raises(ModelError):
        reembed(catalog, NARROW, embedder=FailingEmbedder())
    assert (catalog.fingerprint, catalog.counts()) == (before, counts)
    assert 0 < catalog.count_staged() < ARTICLES
    assert reembed(catalog, NARROW, embedder=HashEmbedder()) == ARTICLES
    assert catalog.count_staged() == 0
