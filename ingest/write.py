"""Articles into the catalog, batch by batch: chunked, embedded, committed. A commit is the acknowledgement."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import numpy as np

from ingest.chunk import Chunker
from ingest.copies import Signer
from ingest.read import ChangedArticle
from rag.batches import batches
from rag.catalog import Catalog, StoredArticle
from rag.errors import StorageError
from rag.protocols import Embedder
from rag.types import Chunk, Vectors
from rag.when import mentions

logger = logging.getLogger(__name__)

BATCH_CHUNKS = 256
"""Chunks that are embedded and committed together."""


class Interruption(Exception):
    """The user stopped the run in the middle of an article too long to finish first."""


class Writer:
    """Collects articles and commits them together; `write` returns what failed, with the reason, and is then empty.

    `stopping` says whether the user wants the run to end.
    """

    def __init__(self, catalog: Catalog, chunker: Chunker, embedder: Embedder, stopping: Callable[[], bool]) -> None:
        self._catalog = catalog
        self._chunker = chunker
        self._embedder = embedder
        self._stopping = stopping
        self._signer = Signer()
        self._waiting: dict[str, tuple[ChangedArticle, tuple[Chunk, ...]]] = {}

    @property
    def full(self) -> bool:
        return sum(len(chunks) for _, chunks in self._waiting.values()) >= BATCH_CHUNKS

    def holds(self, changed: ChangedArticle) -> bool:
        """Whether another version of the article is waiting."""
        return changed.settled.article.source.id in self._waiting

    def add(self, changed: ChangedArticle) -> None:
        """Raises what the embedder raises when it measures the text."""
        article = changed.settled.article
        self._waiting[article.source.id] = changed, self._chunker.chunk(article)

    def write(self) -> list[tuple[ChangedArticle, str | None]]:
        """Each waiting article, with the reason if it failed. One that the model fails on does not keep back the others."""
        waiting = list(self._waiting.values())
        self._waiting.clear()
        try:
            stored = self._embed(waiting)
        except (Interruption, StorageError):
            raise
        except Exception as error:
            logger.warning("%d articles are embedded one by one, since together they could not be: %s", len(waiting), error)
            return [done for each in waiting for done in self._write_alone(each)]
        self._catalog.put(stored)
        return [(changed, None) for changed, _ in waiting]

    def _write_alone(self, waiting: tuple[ChangedArticle, tuple[Chunk, ...]]) -> list[tuple[ChangedArticle, str | None]]:
        changed, _ = waiting
        try:
            stored = self._embed([waiting])
        except (Interruption, StorageError):
            raise
        except Exception as error:
            return [(changed, model_failure(error))]
        self._catalog.put(stored)
        return [(changed, None)]

    def _embed(self, waiting: Sequence[tuple[ChangedArticle, tuple[Chunk, ...]]]) -> list[StoredArticle]:
        texts = [self._chunker.make_embedded_text(chunk) for _, chunks in waiting for chunk in chunks]
        parts: list[Vectors] = []
        for some in batches(texts, BATCH_CHUNKS):
            if parts and self._stopping():
                raise Interruption
            parts.append(self._embedder.embed_documents(some))
        vectors = np.concatenate(parts) if parts else np.zeros((0, self._embedder.dimension), np.float32)
        stored, zone = [], self._catalog.zone
        for changed, chunks in waiting:
            article, origin, key = changed.settled.article, changed.place.origin, changed.settled.key
            day = article.source.day(zone)
            times = mentions(article.text, day) if day else ()
            signature = self._signer.signature(article.text)
            stored.append(StoredArticle(article, origin, chunks, vectors[: len(chunks)], signature, key, times))
            vectors = vectors[len(chunks) :]
        return stored


def model_failure(error: Exception) -> str:
    """Why an article failed, in one line, and how to go on."""
    said = str(error).strip().partition("\n")[0] or type(error).__name__
    return f"the model failed on it ({said}); run the same command to try again"
