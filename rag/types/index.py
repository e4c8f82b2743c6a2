"""What the two indexes hold: chunks with their vectors, and what decides how these are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""One embedding, shape (dimension,)."""
Vectors = NDArray[np.float32]
"""A batch of embeddings, shape (texts, dimension)."""


@dataclass(frozen=True, slots=True, eq=False)
class Worded:
    """A text as an embedder reads it: `whole` is its embedding; `spans` are the characters of its words, in order.

    `vectors`, shape (words, dimension), are the words as they stand in it, rows of length 1, or 0 beyond the embedder's window.
    """

    whole: Vector
    spans: tuple[tuple[int, int], ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What decides the chunks and vectors of an index. Two indexes with equal fingerprints are interchangeable."""

    model: str
    revision: str
    dimension: int
    normalised: bool
    query_prefix: str
    document_prefix: str
    titled: bool
    chunker: str
    chunk_tokens: int
    chunk_overlap: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A chunk as the two indexes take it. `day` is the ordinal of its publication day, `outlet` its case-folded name."""

    id: str
    article_id: str
    day: int | None
    outlet: str | None
    title: str
    text: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk id and its score in one index, higher is better."""

    chunk_id: str
    score: float
