"""An index in memory that compares with every vector: for benchmarks, where the approximation of a real one would be noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.types import Entry, Filters, Hit, Vector, Vectors


class ExactIndex:
    """Cosine with all `vectors`, shape (chunks, dimension), rows of length 1. Filters are not supported."""

    def __init__(self, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        self._chunk_ids = list(chunk_ids)
        self._vectors = vectors

    def search(self, vector: Vector, k: int, filters: Filters) -> list[Hit]:
        """The `k` nearest, best first; of equal ones, the first given."""
        if filters:
            raise NotImplementedError("an exact index has no filters")
        cosines = self._vectors @ vector
        nearest = np.argsort(-cosines, kind="stable")[:k]
        return [Hit(self._chunk_ids[row], float(cosines[row])) for row in nearest]

    def replace(self, article_ids: Sequence[str], entries: Sequence[Entry]) -> None:
        raise NotImplementedError("an exact index is made once")

    def count(self) -> int:
        return len(self._chunk_ids)

    def close(self) -> None:
        """Nothing is open."""
