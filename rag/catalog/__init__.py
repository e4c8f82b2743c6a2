"""The only truth about what the archive holds; the indexes can be made again from it."""

from rag.catalog.catalog import GARBLED, Catalog
from rag.catalog.faults import Fault
from rag.catalog.records import (
    UNREADABLE,
    Counts,
    Derived,
    Ingest,
    IngestFailure,
    Known,
    Restaged,
    Signature,
    Stored,
    Underived,
    Version,
    text_digest,
)
from rag.catalog.sources import DeadLetter, Page, Watched

__all__ = [
    "GARBLED", "UNREADABLE", "Catalog", "Counts", "DeadLetter", "Derived", "Fault", "Ingest", "IngestFailure", "Known", "Page",
    "Restaged", "Signature", "Stored", "Underived", "Version", "Watched", "text_digest",
]  # fmt: skip
