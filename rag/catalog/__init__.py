"""The only truth about what the archive holds; the indexes can be made again from it."""

from rag.catalog.catalog import Catalog
from rag.catalog.records import Counts, Ingest, IngestFailure, Known, Restaged, Signature, Stored, Version, text_digest
from rag.catalog.sources import DeadLetter, Page, Watched

__all__ = [
    "Catalog", "Counts", "DeadLetter", "Ingest", "IngestFailure", "Known", "Page", "Restaged", "Signature", "Stored", "Version",
    "Watched", "text_digest",
]  # fmt: skip
