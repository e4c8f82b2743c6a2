"""Getting pages from the web: only public addresses, politely, and only when asked."""

from __future__ import annotations

from ingest.fetch.errors import FetchFailed, FetchRefused
from ingest.fetch.fetch import Fetcher, Limits
from ingest.fetch.page import FetchedPage, Unchanged

__all__ = ["FetchFailed", "FetchRefused", "FetchedPage", "Fetcher", "Limits", "Unchanged"]
