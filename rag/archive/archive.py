"""The archive: a catalog, which is the truth, and a generation of two indexes that follows it."""

from __future__ import annotations

import logging
import secrets
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, tzinfo
from math import inf
from pathlib import Path
from types import TracebackType

from rag.archive.applied import AppliedState
from rag.archive.fill import Progress
from rag.archive.generation import Generation, Indexes
from rag.archive.layout import Layout, translate_write_errors, write_whole
from rag.archive.lock import OwnerLock
from rag.archive.mirror import Mirror, Where
from rag.archive.seal import Seal
from rag.archive.verify import DENSE, verify
from rag.catalog import Bell, Catalog, Fault
from rag.errors import ArchiveDamaged, StorageError
from rag.log import log_fault
from rag.probe import Part
from rag.protocols import DenseIndex, LexicalIndex

logger = logging.getLogger(__name__)

BUSY_TIMEOUT = 30.0
MADE_BY_ITSELF = 8_000
"""Chunks up to which a dense index is made or mended when the archive is opened; that takes up to ten seconds."""
CATCH_UP = 8.0
"""Seconds for which an opening brings the indexes up to the catalog. What lags then follows between questions."""
WHILE_ASKED = 1.0
"""Seconds for which the indexes follow the catalog before a question is answered."""

WASTEFUL = 1.1
SHOWN_FAULTS = 3


def open_catalog(
    directory: Path,
    *,
    create: bool = False,
    zone: tzinfo = UTC,
    busy_timeout: float = BUSY_TIMEOUT,
    address: str | None = None,
) -> Catalog:
    """The catalog of an archive alone, without its indexes and their lock: enough to read articles and to change them.

    It is in `directory`, or at the `address` of a PostgreSQL database. Raises StorageError when the catalog is missing but
    indexes are there: an empty one would make them throw everything away.
    """
    if address is not None:
        return Catalog.connect(address, create=create, zone=zone, busy_timeout=busy_timeout)
    require_text(directory)
    layout = Layout(directory)
    if directory.exists() and not directory.is_dir():
        raise StorageError(f"{directory} is a file; an archive is a directory, name one with --index")
    if not layout.catalog.exists() and layout.mirror.exists():
        raise StorageError(
            f"{directory} has the indexes of a catalog in a database; name it in DATELINE_CATALOG, or name another directory"
        )
    if not layout.catalog.exists() and layout.generations.is_dir() and any(layout.generations.iterdir()):
        raise StorageError(
            f"{layout.catalog} is missing, but {layout.generations} holds indexes made from it; restore the catalog from a"
            f" backup, or remove {layout.generations} to start an empty archive"
        )
    return Catalog.open(layout.catalog, create=create, zone=zone, busy_timeout=busy_timeout)


def describe_faults(faults: Sequence[Fault]) -> tuple[str, ...]:
    """Which articles cannot be read and so answer nothing, with what mends each."""
    told = [f"{fault.article_id} ({fault.problem}; `{fault.mend}`)" for fault in faults[:SHOWN_FAULTS]]
    if len(faults) > SHOWN_FAULTS:
        told.append("and more, which `dateline doctor` names")
    plural = "s" * (len(faults) > 1)
    return (f"Left out as damaged, {len(faults)} article{plural}: {', '.join(told)}.",) if faults else ()


def require_text(directory: Path) -> None:
    """Raises StorageError for a path that the indexes cannot be given."""
    try:
        str(directory.absolute()).encode("utf-8")
    except UnicodeEncodeError as error:
        raise StorageError(
            f"{str(directory)!a}: the path is not valid UTF-8, and no index can be opened there; rename the directory,"
            " or name another with --index"
        ) from error


class Archive:
    """Owns the indexes of one archive directory while it is open. Safe to use from many threads."""

    def __init__(self, layout: Layout, catalog: Catalog, lock: OwnerLock, indexes: Indexes, mirror: Mirror | None = None) -> None:
        self.catalog = catalog
        self._mirror = mirror
        self._layout = layout
        self._lock = lock
        self._indexes = indexes
        self._changing = threading.RLock()
        self._retired: Generation | None = None
        self._lag: tuple[str, ...] = ()
        self._generation = self._open_generation()
        self._catch_up()
        if self._small:
            self.mend()

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
        address: str | None = None,
    ) -> Archive:
        """Take the lock of the indexes, check them and bring them up to the catalog, which is in the directory or at `address`.

        Raises ArchiveMissing, ArchiveInUse, or StorageError for what cannot be worked around.
        """
        layout = Layout(directory)
        with ExitStack() as opened, translate_write_errors(directory):
            mirror = None
            if address is None:
                catalog = opened.enter_context(open_catalog(directory, create=create, zone=zone, busy_timeout=busy_timeout))
                lock = opened.enter_context(closing(OwnerLock(layout.lock, serve_url)))
            else:
                require_text(directory)
                directory.mkdir(parents=True, exist_ok=True)
                lock = opened.enter_context(closing(OwnerLock(layout.lock, serve_url)))
                mirror = opened.enter_context(Mirror.open(layout, Where(address, zone, busy_timeout), create=create))
                catalog = mirror.catalog
            archive = cls(layout, catalog, lock, indexes or Indexes(), mirror)
            opened.pop_all()
            return archive

    @property
    def original(self) -> Catalog:
        """The catalog that is written to; `catalog` is what is read. They are one where the catalog is in this directory.

        Raises StorageError while it cannot be reached.
        """
        return self._mirror.original() if self._mirror else self.catalog

    def hang_bell(self) -> Bell:
        """What waits for the next change of the catalog."""
        return self._mirror.hang_bell() if self._mirror else self.catalog.hang_bell()

    @property
    def unheard(self) -> str | None:
        """Why the catalog, which is elsewhere, is not followed; None where it is."""
        return self._mirror.failure if self._mirror else None

    @property
    def dense(self) -> DenseIndex | None:
        """None while it is damaged or too large to be made on opening; `notices` say so."""
        return self._generation.dense

    @property
    def lexical(self) -> LexicalIndex:
        return self._generation.lexical

    @property
    def notices(self) -> tuple[str, ...]:
        """What whoever reads an answer should know about the state of the indexes."""
        unheard = self._mirror.notices if self._mirror else ()
        return self._generation.notices + self._lag + unheard + describe_faults(self.catalog.faults())

    @property
    def applied(self) -> int:
        """The number of the last change of the catalog that every index here has."""
        applied = self._generation.applied
        return min(applied.lexical, applied.dense) if self.dense else applied.lexical

    @property
    def wasteful(self) -> bool:
        """Whether the indexes hold much that is dead, or the dense one is missing."""
        return self.dense is None or self._generation.applied.added > WASTEFUL * self.catalog.counts().chunks

    def follow(self, batches: int | None = None, seconds: float = inf) -> int:
        """Apply what the catalog has and the indexes lack, at most so many batches of 32 articles, and none after so many
        seconds but the first; the number of changes. A catalog that is elsewhere is copied first.

        Returns 0 at once while another thread is at it. When the indexes cannot be written or lag behind, a notice says so.
        """
        if not self._changing.acquire(blocking=False):
            return 0
        try:
            with translate_write_errors(self._layout.directory):
                if self._mirror:
                    self._mirror.follow(seconds)
                followed = self._follow(batches, time.monotonic() + seconds)
        except StorageError as error:
            self._lag = (f"The indexes do not have the latest articles: {error}",)
            log_fault(logger, self._lag[0])
            return 0
        finally:
            self._changing.release()
        self._lag = self._list_lags() if batches is None and seconds != inf else ()
        return followed

    def keep_up(self) -> None:
        """Follow the catalog for as long as a question may wait for it."""
        self.follow(seconds=WHILE_ASKED)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make both indexes anew from the stored vectors, prove them, and switch to them. A failure leaves the old ones.

        Raises ArchiveDamaged when the new ones do not pass, and StorageError when there is no room for them.
        """
        with self._changing, translate_write_errors(self._layout.directory):
            if self._mirror:
                self._mirror.renew()
            made = self._new_generation(progress, dense=True)
            if self._retired:
                self._retired.release()
            self._retired = self._generation  # questions under way still search it
            self._generation = made
            self._remove_others(made.directory)
            self._follow(None, inf)

    def mend(self, progress: Progress | None = None) -> None:
        """Make the dense index anew if it is damaged or missing; a notice says so. Where that fails, all stays as it is."""
        with self._changing:
            damaged = self._generation
            if damaged.dense is not None:
                return
            try:
                self.rebuild(progress)
            except (ArchiveDamaged, StorageError) as error:
                log_fault(logger, f"the dense index could not be made anew: {error}")
                return
            repair = f"The dense index could not be used ({damaged.dense_problem}) and has been made anew."
            self._generation.repairs = (*damaged.repairs, repair)

    def close(self) -> None:
        with self._changing, translate_write_errors(self._layout.directory):
            try:
                if self._retired:
                    self._retired.release()
                self._generation.close()
            finally:
                self._lock.release()
                (self._mirror or self.catalog).close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def _small(self) -> bool:
        return self.catalog.counts().chunks <= MADE_BY_ITSELF

    def _open_generation(self) -> Generation:
        directory = self._layout.generation()
        generation = self._open_or_none(directory) if directory else None
        if generation is None:
            generation = self._new_generation(None, dense=self._small)
        self._remove_others(generation.directory)
        return generation

    def _open_or_none(self, directory: Path) -> Generation | None:
        """The generation in `directory`; None when it is beyond use."""
        try:
            return Generation.open(directory, self.catalog, self._indexes)
        except ArchiveDamaged as error:
            log_fault(logger, f"the indexes are made anew from the catalog: {error}")
            return None

    def _catch_up(self) -> None:
        """Bring the indexes up to the catalog, and give up those that then do not hold what it does."""
        self.follow(seconds=CATCH_UP)
        if self._lag:
            return
        try:
            self._generation.check_counts(self.catalog)
        except ArchiveDamaged as error:
            log_fault(logger, f"the indexes are made anew from the catalog: {error}")
            self._generation.release()
            self._generation = self._new_generation(None, dense=self._generation.dense is not None)
            self._remove_others(self._generation.directory)

    def _follow(self, batches: int | None, until: float) -> int:
        followed = 0
        while (batches is None or batches > 0) and (changes := self._generation.follow(self.catalog)):
            followed += changes
            batches = None if batches is None else batches - 1
            if time.monotonic() >= until:
                break
        return followed

    def _list_lags(self) -> tuple[str, ...]:
        """How much of the catalog the indexes still lack."""
        lacking = self.catalog.count_changes(self._generation.behind) + (self._mirror.count_lacking() if self._mirror else 0)
        return (f"The indexes lack {lacking:,} changes of articles, which follow meanwhile.",) if lacking else ()

    def _new_generation(self, progress: Progress | None, *, dense: bool) -> Generation:
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        directory = self._layout.generations / name
        try:
            applied = Generation.create(directory, self.catalog, self._indexes, progress, dense=dense)
            if applied.added:
                self._prove(directory, applied)
            Seal(directory).set()
            generation = Generation.open(directory, self.catalog, self._indexes)
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
        write_whole(self._layout.current, name.encode())
        logger.info("generation %s holds %d chunks and is current", name, applied.added)
        return generation

    def _prove(self, directory: Path, applied: AppliedState) -> None:
        """Raises ArchiveDamaged unless child processes find in new indexes what was put in."""
        parts: tuple[Part, ...] = ("dense", "lexical") if (directory / DENSE).exists() else ("lexical",)
        for part, problem in verify(directory, self.catalog, applied, parts=parts).items():
            if problem:
                raise ArchiveDamaged(f"the new {part} index does not hold what was put in: {problem}")

    def _remove_others(self, kept: Path) -> None:
        """Generations that were replaced, or never finished."""
        for directory in self._layout.generations.iterdir():
            if directory != kept:
                shutil.rmtree(directory, ignore_errors=True)
