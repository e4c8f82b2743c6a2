"""The flow of ingest: files, articles, chunks, vectors, catalog, indexes.

Files are read in a thread of its own, ahead of the model. What is committed to the catalog is kept whatever happens next; running
the same command again goes on where the last run ended, because what is stored unchanged is not embedded again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.ahead import reading_ahead
from ingest.chunk import Chunker
from ingest.files import find_files
from ingest.identity import Identities
from ingest.prune import gone
from ingest.read import Changed, Reader
from ingest.report import Outcome, Progress, Report
from ingest.write import Interrupted, Writer, model_failure
from rag.archive import Archive, open_catalog
from rag.catalog import Catalog
from rag.errors import ArchiveDamaged, ArchiveInUse, StorageError
from rag.interrupt import finish_batch
from rag.protocols import Embedder
from rag.settings import Settings
from rag.types import Fingerprint

__all__ = ["Outcome", "Progress", "Report", "ingest"]

AHEAD = 64
"""Records read before the model is ready for them."""


def ingest(
    paths: Sequence[str],
    directory: Path,
    settings: Settings,
    *,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
    outlet: str | None = None,
    prune: bool = False,
    now: datetime | None = None,
) -> Report:
    """Read the files at and below `paths` into the archive at `directory`, which is made if there is none.

    `outlet` stands in where a record names none; `prune` forgets articles that came from `paths` and are gone there. Raises
    InputError when there is nothing at a path, FingerprintMismatch when the archive was made with another model or chunker, and
    StorageError when it cannot be written. What is wrong with single files and records is in the report.

    A signal to stop ends the run after the batch in hand, and is raised again when the report is made.
    """
    started = time.monotonic()
    files = find_files(paths)
    embedder = embedder or _embedder(settings)
    chunker = Chunker(settings.chunk_tokens, settings.chunk_overlap, embedder)
    with _opened(directory, settings, chunker.fingerprint) as target, finish_batch() as stopping:
        reader = Reader(Identities(target.catalog), outlet, now or datetime.now(UTC))
        run = _Run(target, Writer(target.catalog, chunker, embedder, stopping), progress)
        with _journal(target.catalog, paths, run):
            run.work(reader.read(files), stopping)
            if prune and not stopping():
                run.outcomes += gone(target.catalog, paths, reader)
                run.follow()
            run.interrupted = stopping()
            if not run.interrupted:
                target.mend()
        notices = (*target.notices(), *run.notices)
    return Report(tuple(run.outcomes), time.monotonic() - started, notices, run.interrupted)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where articles go. `follow` brings the indexes up to the catalog and `mend` makes them whole, if they are ours."""

    catalog: Catalog
    notices: Callable[[], Sequence[str]]
    follow: Callable[[], object] = lambda: 0
    mend: Callable[[], object] = lambda: None


@contextmanager
def _opened(directory: Path, settings: Settings, fingerprint: Fingerprint) -> Iterator[_Target]:
    """The archive; or its catalog alone while another process owns the indexes, which follow on their own."""
    zone, busy_timeout = settings.zone, settings.busy_timeout
    with open_catalog(directory, create=True, zone=zone, busy_timeout=busy_timeout) as catalog:
        catalog.adopt(fingerprint)
        try:
            archive = Archive.open(directory, zone=zone, busy_timeout=busy_timeout)
        except ArchiveInUse as error:
            notice = f"process {error.pid} owns the indexes of {directory} and will add the articles"
            yield _Target(catalog, lambda: (notice,))
            return
    with archive:
        yield _Target(archive.catalog, lambda: archive.notices, archive.follow, archive.mend)


@contextmanager
def _journal(catalog: Catalog, paths: Sequence[str], run: _Run) -> Iterator[None]:
    """Writes down how the run began and how it ended, for `dateline status`."""
    number = catalog.begin_ingest(paths)
    state = "failed"
    try:
        yield
        state = "interrupted" if run.interrupted else "done"
    finally:
        report = Report(tuple(run.outcomes), 0.0)
        with suppress(StorageError):  # the disk may be what failed
            catalog.end_ingest(number, state, report.counts, report.failures)


class _Run:
    """Outcomes in the order in which the records were read."""

    def __init__(self, target: _Target, writer: Writer, progress: Progress | None) -> None:
        self.outcomes: list[Outcome] = []
        self.notices: list[str] = []
        self.interrupted = False
        self._target = target
        self._writer = writer
        self._progress = progress
        self._waiting: list[Changed | Outcome] = []

    def work(self, items: Iterator[Changed | Outcome], stopping: Callable[[], bool]) -> None:
        """Until the items end, or the user stops the run: then what is being written is finished and nothing else begun."""
        with reading_ahead(items, AHEAD) as ready:
            try:
                for item in ready:
                    if stopping():
                        break
                    self._take(item)
                else:
                    self._write()
            except Interrupted:
                pass
        self.outcomes += (item for item in self._waiting if isinstance(item, Outcome))

    def follow(self) -> None:
        try:
            self._target.follow()
        except ArchiveDamaged as error:
            self.notices.append(f"the articles are stored, but the index could not be written: {error}")

    def _take(self, item: Changed | Outcome) -> None:
        if isinstance(item, Changed):
            if self._writer.holds(item):
                self._write()
            try:
                self._writer.add(item)
            except Exception as error:  # whatever a model raises
                item = item.failed(model_failure(error))
        self._waiting.append(item)
        if self._writer.full:
            self._write()

    def _write(self) -> None:
        reasons = {id(changed): reason for changed, reason in self._writer.write()}
        for item in self._waiting:
            if isinstance(item, Changed):
                reason = reasons[id(item)]
                item = item.failed(reason) if reason else item.outcome()
            self.outcomes.append(item)
        self._waiting.clear()
        self.follow()
        if self._progress:
            self._progress(len(self.outcomes), None)


def _embedder(settings: Settings) -> Embedder:
    from rag.embed import SentenceEmbedder

    return SentenceEmbedder(settings.model)
