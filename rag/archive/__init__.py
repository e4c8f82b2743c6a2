"""The archive directory: catalog, indexes, and what can be done with them as a whole."""

from rag.archive.archive import Archive, open_catalog
from rag.archive.generation import Indexes

__all__ = ["Archive", "Indexes", "open_catalog"]
