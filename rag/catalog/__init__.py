"""The only truth about what the archive holds; the indexes can be made again from it."""

from rag.catalog.catalog import Catalog
from rag.catalog.records import Counts, Ingest, IngestFailure, Known, Restaged, Stored, Version, text_digest

__all__ = ["Catalog", "Counts", "Ingest", "IngestFailure", "Known", "Restaged", "Stored", "Version", "text_digest"]
