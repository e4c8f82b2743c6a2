"""What goes into the catalog and comes out of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.catalog.engines import Backend
from rag.errors import InputError, ModelError
from rag.types import Article, Chunk, Fingerprint, Mention, Source, Vectors

VECTOR_TYPE = np.dtype("<f4")
UNREADABLE = Fingerprint("unreadable", "", 0, False, "", "", False, "", 0, 0)
"""Stands for a stored fingerprint that is garbled: it is equal to no other, so that every article is embedded again."""


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """What a text is compared by: `shingles` are hashes of its word n-grams, ascending and each once; texts that share a band may
    be copies; `digest` is the text's own (see `text_digest`)."""

    digest: str
    shingles: NDArray[np.uint32]
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it is put into the catalog: `vectors[i]` belongs to `chunks[i]`. `origin` is the file or URL it came from.

    Without a signature it is no copy of any other. `key` is the name that its feed gives it. `mentions` are the times that its
    text names, told from its day in the catalog's zone.
    """

    article: Article
    origin: str
    chunks: tuple[Chunk, ...]
    vectors: Vectors
    signature: Signature | None = None
    key: str | None = None
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Underived:
    """A stored version of an article, and the day it is filed under, whose times and signature are not stored."""

    article_id: str
    version: int
    day: date | None


@dataclass(frozen=True, slots=True)
class Derivation:
    """The times and the signature of a stored version of an article."""

    article: Underived
    mentions: tuple[Mention, ...]
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class StagedArticle:
    """New chunks and vectors for the stored version of an article."""

    article_id: str
    version: int
    chunks: tuple[Chunk, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the catalog has of an article that is about to be ingested again."""

    article_id: str
    version: int
    digest: str
    origin: str


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article, oldest number 1."""

    number: int
    stored_at: datetime
    title: str
    published: date | datetime | None
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Counts:
    articles: int
    chunks: int
    undated: int
    versions: int


@dataclass(frozen=True, slots=True)
class IngestFailure:
    """A file or record that gave no article; `line` counts from 1."""

    path: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Ingest:
    """One run of `dateline ingest`. `ended` is None while it runs, and for ever when it was killed."""

    id: int
    started: datetime
    ended: datetime | None
    state: str
    arguments: tuple[str, ...]
    counts: Mapping[str, int]
    failures: tuple[IngestFailure, ...]


def text_digest(text: str) -> str:
    """Equal for texts that differ in white space and case alone."""
    plain = " ".join(text.casefold().split())
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def require_storable(article: Article, backend: Backend) -> None:
    """Raises InputError when the article has characters that no index takes, or something that the database does not."""
    source = article.source
    for name, value in (("id", source.id), ("title", source.title), ("outlet", source.outlet), ("text", article.text)):
        try:
            (value or "").encode("utf-8")
        except UnicodeEncodeError as error:
            raise InputError(
                f"article {source.id!r}: its {name} has a character at {error.start} that is no text (a lone surrogate);"
                " replace it and ingest the article again"
            ) from error
    if not source.id:
        raise InputError(f"the article titled {source.title!r} has no id")
    looked_up = (("id", source.id), ("url", source.url), ("outlet", source.outlet))
    for name, value, indexed in (*((name, value, True) for name, value in looked_up), ("text", article.text, False)):
        if refusal := backend.refuse(name, value or "", indexed):
            raise InputError(f"article {source.id[:200]!r}: {refusal}; leave it out")


def require_vectors(article_id: str, vectors: Vectors, chunks: int, dimension: int) -> None:
    """Raises ModelError unless there is one finite vector a chunk."""
    if vectors.shape != (chunks, dimension) or not np.isfinite(vectors).all():
        raise ModelError(
            f"article {article_id!r}: the embedder gave vectors of shape {vectors.shape} for {chunks} chunks of"
            f" {dimension} dimensions, or some that are not finite; try another model"
        )


def source_json(source: Source) -> str:
    """A source without its id. Escaped to ASCII, so that every string survives."""
    known = {name: value for name, value in asdict(source).items() if name != "id" and value is not None}
    return json.dumps({name: value.isoformat() if isinstance(value, date) else value for name, value in known.items()})


def source_from_json(article_id: str, written: str) -> Source:
    """Raises InputError when it is not what `source_json` wrote."""
    try:
        known: dict[str, Any] = json.loads(written)
        for name in ("published", "modified"):
            if name in known:
                known[name] = day_or_time(known[name])
        source = Source(**{**known, "id": article_id, "authors": tuple(known.get("authors", ()))})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError("its metadata cannot be read") from error
    written_out = (source.title, source.outlet or "", source.url or "", *source.authors)
    if not all(isinstance(value, str) for value in written_out):
        raise InputError("its metadata cannot be read")
    return source


def day_or_time(written: str) -> date | datetime:
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def fingerprint_json(fingerprint: Fingerprint) -> str:
    return json.dumps(asdict(fingerprint), sort_keys=True)


def fingerprint_from_json(written: str) -> Fingerprint:
    """UNREADABLE when it is not what `fingerprint_json` wrote."""
    try:
        fingerprint = Fingerprint(**json.loads(written))
    except (ValueError, TypeError, RecursionError):
        return UNREADABLE
    sizes = (fingerprint.dimension, fingerprint.chunk_tokens, fingerprint.chunk_overlap)
    names = (fingerprint.model, fingerprint.revision, fingerprint.chunker)
    whole = all(isinstance(size, int) for size in sizes) and all(isinstance(name, str) for name in names)
    return fingerprint if whole else UNREADABLE
