"""Nearest vectors, in an embedded Chroma.

Chroma is given vectors and three metadata fields, nothing else: no text, no embedding function, no telemetry. It is neither safe
against kills nor against a second process, so what opens it has checked the directory and holds the archive's lock.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.batches import batches
from rag.guard import translate_panics
from rag.types import Entry, Filters, Hit, Vector

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

COLLECTION = "chunks"
BATCH = 100
"""Entries a write. A write holds the interpreter's lock: one of 5,000 would freeze every thread for seconds."""
IDS_AT_ONCE = 1_000
EF_SEARCH = 200
"""Candidates that a query of the HNSW graph keeps; more find more of the true neighbours and take longer."""

_opening = threading.Lock()
"""Chroma keeps its clients in a table of the process that several threads may not fill at once."""


class ChromaIndex:
    """Opens the index in `directory`, or makes it. Raises ArchiveDamaged for whatever goes wrong inside Chroma."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._writing = threading.Lock()
        with self._guard():
            self._collection = self._open()

    def _open(self) -> Collection:
        import chromadb
        from chromadb.config import Settings

        with _opening:
            self._client = chromadb.PersistentClient(str(self._directory), settings=Settings(anonymized_telemetry=False))
            return self._client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}}
            )

    def replace(self, article_ids: Sequence[str], entries: Sequence[Entry]) -> None:
        """Drop every chunk of `article_ids`, then add `entries`. Doing it twice changes nothing."""
        with self._writing, self._guard():
            for some_ids in batches(article_ids, IDS_AT_ONCE):
                self._collection.delete(where=_of_articles(some_ids))
            for some in batches(entries, BATCH):
                self._collection.upsert(
                    ids=[entry.id for entry in some],
                    embeddings=np.stack([entry.vector for entry in some]),
                    metadatas=[_metadata(entry) for entry in some],
                )

    def search(self, vector: Vector, k: int, filters: Filters) -> list[Hit]:
        """The `k` nearest chunks that pass `filters`, scored by cosine, best first."""
        if k < 1:
            return []
        with self._guard():
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=k, where=_where(filters), include=["distances"]
            )
        distances = found["distances"] or [[]]
        return [Hit(id, 1.0 - distance) for id, distance in zip(found["ids"][0], distances[0], strict=True)]

    def count(self) -> int:
        with self._guard():
            return self._collection.count()

    def close(self) -> None:
        with _opening:
            self._client.close()  # type: ignore[attr-defined]  # of the class, not of the interface

    def _guard(self) -> AbstractContextManager[None]:
        return translate_panics("dense", self._directory)


def _metadata(entry: Entry) -> dict[str, str | int]:
    known: dict[str, str | int | None] = {"article_id": entry.article_id, "day": entry.day, "outlet": entry.outlet}
    return {name: value for name, value in known.items() if value is not None}


def _of_articles(article_ids: Sequence[str]) -> Any:
    return {"article_id": {"$in": list(article_ids)}}


def _where(filters: Filters) -> Any:
    """The filters in Chroma's language; an entry without the field passes no comparison with it."""
    conditions: list[dict[str, object]] = []
    if filters.since:
        conditions.append({"day": {"$gte": filters.since.toordinal()}})
    if filters.before:
        conditions.append({"day": {"$lt": filters.before.toordinal()}})
    if filters.outlets:
        conditions.append({"outlet": {"$in": filters.folded_outlets}})
    if len(conditions) > 1:
        return {"$and": conditions}
    return conditions[0] if conditions else None
