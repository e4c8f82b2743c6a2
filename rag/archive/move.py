"""A catalog copied from a directory to a PostgreSQL database, or back, or from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.archive.archive import open_catalog
from rag.archive.fill import Progress
from rag.archive.layout import translate_write_errors
from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied from where to where: rows by table, and the number of the last change."""

    source: str
    target: str
    rows: Mapping[str, int]
    sequence: int


def move(source: str, target: str, progress: Progress | None = None) -> Moved:
    """Copy the catalog at `source` to `target`, each a directory or an address; both have the same rows afterwards, or nothing
    is copied. What is at `source` stays.

    Raises UsageError when there is an archive at `target`, ArchiveMissing when there is none at `source`, and StorageError.
    """
    if source == target:
        raise UsageError("source and target are the same; name another directory or database")
    with (
        translate_write_errors(Path(target)),
        open_catalog(_directory(source), address=_address(source)) as old,
        open_catalog(_directory(target), create=True, address=_address(target)) as new,
    ):
        rows = old.copy_to(new, progress)
        return Moved(old.name, new.name, rows, new.sequence)


def _directory(named: str) -> Path:
    return Path(named).expanduser()


def _address(named: str) -> str | None:
    return named if "://" in named else None
