"""How much there is to read, counted before it is read."""

from __future__ import annotations

import mmap
from collections.abc import Iterable

from ingest.files import FoundFile

ROWS = frozenset({".jsonl", ".ndjson", ".csv", ".tsv"})
"""Suffixes of files that hold an article a line."""


def estimate_articles(files: Iterable[FoundFile]) -> int:
    """About how many articles the files hold: one each, or one a line. Files that hold a list of another kind count as one."""
    return sum(_lines(file) if file.path.suffix.lower() in ROWS else 1 for file in files)


def _lines(file: FoundFile) -> int:
    if not file.size:
        return 1
    try:
        with file.path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
            lines, position = 0, content.find(b"\n")
            while position >= 0:
                lines, position = lines + 1, content.find(b"\n", position + 1)
            return lines + (content[-1:] != b"\n")
    except (OSError, ValueError):
        return 1
