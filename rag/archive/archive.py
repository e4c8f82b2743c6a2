"""The archive: a catalog, which is the truth, and a generation of two indexes that follows it."""

from __future__ import annotations

import secrets
import shutil
import threading
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import TracebackType

from rag.archive.generation import Generation, Indexes, Progress, verified
from rag.archive.layout import Layout, write_whole
from rag.archive.lock import OwnerLock
from rag.archive.seal import seal
from rag.catalog import Catalog
from rag.errors import ArchiveDamaged, StorageError
from rag.protocols import DenseIndex, LexicalIndex

BUSY_TIMEOUT = 30.0
MADE_BY_ITSELF = 20_000
"""Chunks up to which a missing dense index is made when the archive is opened; that takes up to half a minute."""

WASTEFUL = 1.1


def open_catalog(directory: Path, *, create: bool = False, zone: tzinfo = UTC, busy_timeout: float = BUSY_TIMEOUT) -> Catalog:
    """The catalog of an archive alone, without its indexes and their lock: enough to read articles and to change them.

    Raises StorageError when the catalog is missing but indexes are there: an empty one would make them throw everything away.
    """
    layout = Layout(directory)
    if directory.exists() and not directory.is_dir():
        raise StorageError(f"{directory} is a file; an archive is a directory, name one with --index")
    if not layout.catalog.exists() and layout.generations.is_dir() and any(layout.generations.iterdir()):
        raise StorageError(
            f"{layout.catalog} is missing, but {layout.generations} holds indexes made from it; restore the catalog from a"
            f" backup, or remove {layout.generations} to start an empty archive"
        )
    return Catalog.open(layout.catalog, create=create, zone=zone, busy_timeout=busy_timeout)


class Archive:
    """Owns the indexes of one archive directory while it is open. Safe to use from many threads."""

    def __init__(self, layout: Layout, catalog: Catalog, lock: OwnerLock, indexes: Indexes) -> None:
        self.catalog = catalog
        self._layout = layout
        self._lock = lock
        self._indexes = indexes
        self._changing = threading.RLock()
        self._retired: list[Generation] = []
        self._generation = self._open_generation()

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        create: bool = False,
        serve_url: str | None = None,
        zone: tzinfo = UTC,
        busy_timeout: float = BUSY_TIMEOUT,
        indexes: Indexes | None = None,
    ) -> Archive:
        """Take the archive's lock, check its indexes and bring them up to the catalog.

        Raises ArchiveMissing, ArchiveInUse, or StorageError for what cannot be worked around.
        """
        catalog = open_catalog(directory, create=create, zone=zone, busy_timeout=busy_timeout)
        try:
            lock = OwnerLock(Layout(directory).lock, serve_url)
            try:
                return cls(Layout(directory), catalog, lock, indexes or Indexes())
            except BaseException:
                lock.release()
                raise
        except BaseException:
            catalog.close()
            raise

    @property
    def dense(self) -> DenseIndex | None:
        """None while it is damaged or too large to be made on opening; `notices` say so."""
        return self._generation.dense

    @property
    def lexical(self) -> LexicalIndex:
        return self._generation.lexical

    @property
    def notices(self) -> tuple[str, ...]:
        return self._generation.notices

    @property
    def wasteful(self) -> bool:
        """Whether a tenth of what the indexes were ever given is dead, or there is no dense index."""
        return self.dense is None or self._generation.applied.added > WASTEFUL * self.catalog.counts().chunks

    def follow(self, batches: int | None = None) -> int:
        """Apply what the catalog has and the indexes lack, at most so many batches; the number of changes.

        Returns 0 at once while another thread is at it.
        """
        if not self._changing.acquire(blocking=False):
            return 0
        try:
            followed = 0
            while (batches is None or batches > 0) and (changes := self._generation.follow(self.catalog)):
                followed += changes
                batches = None if batches is None else batches - 1
            return followed
        finally:
            self._changing.release()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make both indexes anew from the stored vectors, prove them, and switch to them. A failure leaves the old ones.

        Raises ArchiveDamaged when the new ones do not pass.
        """
        with self._changing:
            made = self._new_generation(progress)
            self._retired.append(self._generation)  # questions under way still search it
            self._generation = made
            self._remove_others(made.directory)
            self.follow()

    def close(self) -> None:
        with self._changing:
            for generation in self._retired:
                generation.release()
            self._generation.close()
            self._lock.release()
            self.catalog.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _open_generation(self) -> Generation:
        directory = self._layout.generation()
        if directory:
            self._remove_others(directory)
            try:
                generation = Generation.open(directory, self.catalog, self._indexes)
            except ArchiveDamaged:
                generation = self._new_generation(None)
                self._remove_others(generation.directory)
        else:
            generation = self._new_generation(None)
        while generation.follow(self.catalog):
            pass
        return generation

    def _new_generation(self, progress: Progress | None) -> Generation:
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        directory = self._layout.generations / name
        try:
            generation = Generation.create(directory, self._indexes)
            generation.fill(self.catalog, progress)
            if generation.applied.added:
                generation = self._proven(generation)
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
        write_whole(self._layout.current, name.encode())
        return generation

    def _proven(self, generation: Generation) -> Generation:
        """The same generation, opened again after children have found in it what was put in."""
        generation.close()
        for part, problem in verified(generation.directory, self.catalog, generation.applied).items():
            if problem:
                raise ArchiveDamaged(f"the new {part} index does not hold what was put in: {problem}")
        seal(generation.directory)
        return Generation.open(generation.directory, self.catalog, self._indexes)

    def _remove_others(self, kept: Path) -> None:
        """Generations that were replaced, or never finished."""
        for directory in self._layout.generations.iterdir():
            if directory != kept:
                shutil.rmtree(directory, ignore_errors=True)
