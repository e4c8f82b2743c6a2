"""What a run leaves behind for the next one: what failed, and in what state the pages were that did not."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from ingest.files import is_address, show_path
from ingest.report import Outcome
from rag.catalog import IngestFailure, Page
from rag.catalog.sources import Sources
from rag.errors import StorageError

logger = logging.getLogger(__name__)


def remember(sources: Sources, outcomes: Sequence[Outcome], read: Iterable[str], pages: Iterable[Page]) -> None:
    """`read` are the absolute paths and URLs that were read, `pages` those fetched. Does nothing while the disk is full."""
    failures = [
        IngestFailure(_absolute(outcome.path), outcome.line, outcome.reason or "")
        for outcome in outcomes
        if outcome.outcome == "failed"
    ]
    try:
        sources.write_dead_letters(sorted({*read, *(failure.path for failure in failures)}), failures)
        failed = {failure.path for failure in failures}
        sources.write_pages([page for page in pages if page.url not in failed])
    except StorageError as error:
        logger.warning("what failed could not be written down for `dateline ingest --retry`: %s", error)


def _absolute(path: str) -> str:
    return path if is_address(path) else show_path(Path(path).resolve())
