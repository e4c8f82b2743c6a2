"""Giving disk space back that deleted articles and replaced chunks still hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.archive.archive import Archive
from rag.archive.layout import size_on_disk


@dataclass(frozen=True, slots=True)
class Compaction:
    """Bytes on the disk before and after."""

    before: int
    after: int
    rebuilt: bool


def compact(directory: Path, address: str | None = None) -> Compaction:
    """Indexes never shrink: where a tenth or more of what they hold is dead, they are made anew. The catalog always is."""
    with Archive.open(directory, address=address) as archive:
        before = size_on_disk(directory)
        if rebuilt := archive.wasteful:
            archive.rebuild()
        for catalog in {id(each): each for each in (archive.catalog, archive.original)}.values():
            catalog.vacuum()
    return Compaction(before, size_on_disk(directory), rebuilt)
