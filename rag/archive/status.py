"""What an archive holds, read without opening its indexes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.archive.applied import read_applied
from rag.archive.archive import open_catalog
from rag.archive.layout import Layout, size_on_disk
from rag.archive.lock import Owner, owner_of
from rag.catalog import Catalog, Counts, DeadLetter, Ingest, WatchedSource
from rag.types import Fingerprint

INGESTS_SHOWN = 5
DEAD_LETTERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on the disk."""

    catalog: int
    indexes: int


@dataclass(frozen=True, slots=True)
class Status:
    """`sequence` is the number of the catalog's last change; `dense` and `lexical` the last that each index has applied.

    `catalog` is its file, or its address without the password. `failed` counts files, pages and records that could not be read
    when last tried; `dead_letters` are the first of them.
    """

    directory: Path
    catalog: str
    counts: Counts
    outlets: int
    first_day: date | None
    last_day: date | None
    fingerprint: Fingerprint | None
    sequence: int
    dense: int | None
    lexical: int | None
    generation: str | None
    owner: Owner | None
    bytes: Sizes
    ingests: tuple[Ingest, ...]
    watched: tuple[WatchedSource, ...]
    failed: int
    dead_letters: tuple[DeadLetter, ...]


def status(directory: Path, address: str | None = None) -> Status:
    """Of the archive whose catalog is in `directory` or at `address`, and of the indexes in `directory`.

    Raises StorageError when there is no catalog that can be read; damaged indexes do not matter here.
    """
    layout = Layout(directory)
    kept = layout.mirror if address else layout.catalog
    generation = layout.generation()
    applied = read_applied(generation) if generation else None
    with open_catalog(directory, address=address) as catalog:
        first, last = catalog.days() or (None, None)
        letters = catalog.sources.dead_letters()
        shift = _shift(layout) if address else 0
        return Status(
            directory=directory,
            catalog=catalog.name,
            counts=catalog.counts(),
            outlets=len(catalog.outlets()),
            first_day=first,
            last_day=last,
            fingerprint=catalog.fingerprint,
            sequence=catalog.sequence,
            dense=max(0, applied.dense + shift) if applied else None,
            lexical=max(0, applied.lexical + shift) if applied else None,
            generation=generation.name if generation else None,
            owner=owner_of(layout.lock),
            bytes=Sizes(sum(map(size_on_disk, directory.glob(f"{kept.name}*"))), size_on_disk(layout.generations)),
            ingests=catalog.ingests(INGESTS_SHOWN),
            watched=catalog.sources.list_watched(),
            failed=len(letters),
            dead_letters=letters[:DEAD_LETTERS_SHOWN],
        )


def _shift(layout: Layout) -> int:
    """What the number of a change in the copy of a catalog, which its indexes count by, lacks to that of the original."""
    if not layout.mirror.exists():
        return 0
    with Catalog.open(layout.mirror, create=False) as copy:
        return copy.followed - copy.sequence
