"""Small articles with chunks and vectors, for the tests of what is stored."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from rag.archive import Archive
from rag.catalog import StoredArticle
from rag.types import Article, Chunk, Filters, Fingerprint, Source
from tests.fakes import HashEmbedder

DIMENSION = 32
WORDS = (
    "mayor", "bridge", "council", "river", "vote", "flood", "strike", "budget", "school",
    "harbour", "train", "tax", "court", "storm", "museum", "festival", "wheat", "union",
)  # fmt: skip
OUTLETS = ("The Gazette", "Morning Post", None)
FIRST_DAY = date(2025, 1, 1)

FINGERPRINT = Fingerprint(
    model="hash",
    revision="1",
    dimension=DIMENSION,
    normalised=True,
    query_prefix="",
    document_prefix="",
    titled=True,
    chunker="lines-1",
    chunk_tokens=200,
    chunk_overlap=0,
)


def make_article(number: int, edition: int = 0, lines: int = 3, **source: object) -> Article:
    """An article whose words depend on its number and edition alone; a line is a chunk. Every seventh has no date."""
    chance = random.Random(f"{number}/{edition}")
    text = "\n".join(f"Line {line} of {number} says {' '.join(chance.choices(WORDS, k=6))}." for line in range(lines))
    known: dict[str, object] = {
        "title": f"Story {number} about the {chance.choice(WORDS)}",
        "outlet": OUTLETS[number % len(OUTLETS)],
        "published": FIRST_DAY + timedelta(days=number) if number % 7 else None,
    }
    return Article(Source(id=f"a{number}", **{**known, **source}), text)  # type: ignore[arg-type]


def make_stored(article: Article, dimension: int = DIMENSION) -> StoredArticle:
    chunks = tuple(_lines(article))
    return StoredArticle(article, f"{article.source.id}.json", chunks, HashEmbedder(dimension).embed_documents(embedded(chunks)))


def embedded(chunks: Iterable[Chunk]) -> list[str]:
    return [f"{chunk.source.title}\n{chunk.text}" for chunk in chunks]


def many_stored(numbers: Sequence[int] | range, edition: int = 0, lines: int = 3) -> list[StoredArticle]:
    return [make_stored(make_article(number, edition, lines)) for number in numbers]


def _lines(article: Article) -> Iterable[Chunk]:
    start = 0
    for line in article.text.splitlines(keepends=True):
        words = line.rstrip("\n")
        yield Chunk(article.source, start, start + len(words), words)
        start += len(line)


def check_whole(archive: Archive, dense: bool = True, every: int = 1) -> None:
    """The indexes hold as many chunks as the catalog, and every so many of these find themselves.

    `dense` says whether that index is there.
    """
    catalog = archive.catalog
    entries = catalog.entries([article_id for _, article_id in catalog.changes(0, 100_000)])
    assert len(entries) == catalog.counts().chunks
    assert archive.lexical.count() == len(entries)
    for entry in entries[::every]:
        assert entry.id in {hit.chunk_id for hit in archive.lexical.search(entry.text, 20, Filters())}
    assert (archive.dense is not None) == dense
    if archive.dense:
        assert archive.dense.count() == len(entries)
        for entry in entries[::every]:
            assert entry.id in {hit.chunk_id for hit in archive.dense.search(entry.vector, 20, Filters())}
