"""The only truth about what the archive holds; the indexes can be made again from it."""

from rag.catalog.catalog import GARBLED, Catalog
from rag.catalog.engines import Bell
from rag.catalog.faults import Fault
from rag.catalog.records import (
    UNREADABLE,
    Counts,
    Derivation,
    Ingest,
    IngestFailure,
    KnownArticle,
    Signature,
    StagedArticle,
    StoredArticle,
    Underived,
    Version,
    text_digest,
)
from rag.catalog.sources import DeadLetter, Page, WatchedSource

__all__ = [
    "GARBLED",
    "UNREADABLE",
    "Bell",
    "Catalog",
    "Counts",
    "DeadLetter",
    "Derivation",
    "Fault",
    "Ingest",
    "IngestFailure",
    "KnownArticle",
    "Page",
    "Signature",
    "StagedArticle",
    "StoredArticle",
    "Underived",
    "Version",
    "WatchedSource",
    "text_digest",
]  # fmt: skip
