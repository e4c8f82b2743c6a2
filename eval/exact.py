"""An index in memory that compares with every vector: for benchmarks, where the approximation of a real one would be noise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date

import numpy as np
from numpy.typing import NDArray

from rag.types import Entry, Filters, Hit, Source, Vector, Vectors


class ExactIndex:
    """Cosine with all `vectors`, shape (chunks, dimension), rows of length 1.

    With `sources`, one a chunk, it takes filters too; their days are those of UTC.
    """

    def __init__(self, chunk_ids: Sequence[str], vectors: Vectors, sources: Sequence[Source] = ()) -> None:
        self._chunk_ids = list(chunk_ids)
        self._vectors = vectors
        self._passed = [(source.day(UTC), source.outlet.casefold() if source.outlet else None) for source in sources]

    def search(self, vector: Vector, k: int, filters: Filters) -> list[Hit]:
        """The `k` nearest, best first; of equal ones, the first given."""
        cosines = self._vectors @ vector
        passing = self._find_passing(filters) if filters else np.arange(len(cosines))
        nearest = passing[np.argsort(-cosines[passing], kind="stable")[:k]]
        return [Hit(self._chunk_ids[row], float(cosines[row])) for row in nearest]

    def _find_passing(self, filters: Filters) -> NDArray[np.intp]:
        """The rows of the chunks that pass."""
        if len(self._passed) != len(self._chunk_ids):
            raise NotImplementedError("an exact index made without sources has no filters")
        since, before, outlets = filters.since or date.min, filters.before or date.max, set(filters.folded_outlets)
        rows = [
            row
            for row, (day, outlet) in enumerate(self._passed)
            if (not outlets or outlet in outlets) and (not filters.dated or (day is not None and since <= day < before))
        ]
        return np.array(rows, np.intp)

    def replace(self, article_ids: Sequence[str], entries: Sequence[Entry]) -> None:
        raise NotImplementedError("an exact index is made once")

    def count(self) -> int:
        return len(self._chunk_ids)

    def close(self) -> None:
        """Nothing is open."""
