"""Articles that came from a path and are no longer there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.files import is_address, show_path
from ingest.read import Reader
from ingest.report import Outcome, outcome_of
from rag.catalog import Catalog


def forget_gone(catalog: Catalog, paths: Sequence[str], reader: Reader) -> list[Outcome]:
    """Forget every article from below `paths` that `reader` has not met; their outcomes.

    Nothing is forgotten of a file that is there and could not be read whole, and nothing at all when no file was read: an empty
    folder is more often a disk that is not mounted.
    """
    if not reader.files - reader.unread:
        return []
    roots = [Path(show_path(Path(path).resolve())) for path in paths if not is_address(path)]
    removed = []
    for article_id, origin in catalog.origins().items():
        file = _file(origin, reader)
        below = any(Path(file).is_relative_to(root) for root in roots)
        if below and not reader.saw(article_id) and _is_gone(file, reader) and (article := catalog.article(article_id)):
            catalog.forget(article_id)
            removed.append(outcome_of(article.source, "removed", file, reasons=("it is no longer there",)))
    return removed


def _file(origin: str, reader: Reader) -> str:
    """The file of an origin that may name a line of it."""
    file, _, line = origin.rpartition(":")
    return file if line.isdecimal() and file and origin not in reader.files else origin


def _is_gone(file: str, reader: Reader) -> bool:
    if file in reader.files:
        return file not in reader.unread
    try:
        Path(file).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
