"""The flow of ingest: files, articles, chunks, vectors, catalog, indexes.

Files are read in a thread of its own, ahead of the model. What is committed to the catalog is kept whatever happens next; running
the same command again goes on where the last run ended, because what is stored unchanged is not embedded again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.ahead import read_ahead
from ingest.chunk import Chunker
from ingest.files import find_files
from ingest.identity import Identities
from ingest.pages import Connect, Pages
from ingest.progress import estimate_articles
from ingest.prune import forget_gone
from ingest.read import ChangedArticle, Reader
from ingest.remember import remember
from ingest.report import Outcome, Progress, Report, Told
from ingest.write import Interruption, Writer, model_failure
from rag.archive import Archive, open_catalog
from rag.catalog import Catalog
from rag.errors import ArchiveDamaged, ArchiveInUse, StorageError
from rag.interrupt import finish_batch
from rag.protocols import Embedder
from rag.settings import Settings
from rag.types import Fingerprint

logger = logging.getLogger(__name__)

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
    told: Told | None = None,
    outlet: str | None = None,
    prune: bool = False,
    links: bool | None = None,
    restore: bool = False,
    now: datetime | None = None,
    connect: Connect | None = None,
    passed_over: Callable[[Path], bool] = lambda _: False,
) -> Report:
    """Read the files at and below `paths`, and the pages at URLs among them, into the archive at `directory`.

    The archive is made if there is none. `outlet` stands in where a record names none; `prune` forgets articles that came from
    `paths` and are gone there. The pages that a feed summarises are fetched where the feed was, or as `links` says. `told` is
    called with every outcome, `connect` makes what fetches pages, files that are `passed_over` are left alone. Articles
    that were forgotten stay so, unless `restore` is set.

    Raises InputError when there is nothing at a path, FingerprintMismatch when the archive was made with another model or
    chunker, and StorageError when it cannot be written. What is wrong with single files, pages and records is in the report. A
    signal to stop ends the run after the batch in hand, and is raised again when the report is made.
    """
    started = time.monotonic()
    find_files(paths)  # says at once what is not there
    embedder = embedder or _embedder(settings)
    chunker = Chunker(settings.chunk_tokens, settings.chunk_overlap, embedder)
    with ExitStack() as stack:
        target = stack.enter_context(_open_target(directory, settings, chunker.fingerprint))
        stopping = stack.enter_context(finish_batch())
        pages = stack.enter_context(Pages(target.catalog.sources.page, *filter(None, [connect])))
        reader = Reader(Identities(target.catalog, restore=restore), outlet, now or datetime.now(UTC), pages, links)
        whole = estimate_articles(find_files(paths)) if progress else None
        if progress and whole:
            progress(0, whole)
        run = _Run(target, Writer(target.catalog, chunker, embedder, stopping), progress, whole, told)
        with _journal(target.catalog, paths, run):
            run.work(reader.read(find_files(paths, pages.fetch_page, passed_over)), stopping)
            if prune and not stopping():
                run.add(forget_gone(target.catalog, paths, reader))
                run.follow()
            run.interrupted = stopping()
            if not run.interrupted:
                target.mend()
            remember(target.catalog.sources, run.outcomes, reader.files, [] if run.interrupted else pages.states())
        notices = (*target.notices(), *run.notices)
    report = Report(tuple(run.outcomes), time.monotonic() - started, notices, run.interrupted, waits=pages.waits)
    counts = " ".join(f"{name}={count}" for name, count in report.counts.items())
    logger.info("ingest %s seconds=%.1f", counts, report.seconds, extra={"fields": {**report.counts, "seconds": report.seconds}})
    return report


@dataclass(frozen=True, slots=True)
class _Target:
    """Where articles go. `follow` brings the indexes up to the catalog and `mend` makes them whole, if they are ours."""

    catalog: Catalog
    notices: Callable[[], Sequence[str]]
    follow: Callable[[], object] = lambda: 0
    mend: Callable[[], object] = lambda: None


@contextmanager
def _open_target(directory: Path, settings: Settings, fingerprint: Fingerprint) -> Iterator[_Target]:
    """The archive; or its catalog alone while another process owns the indexes, which follow on their own."""
    zone, busy_timeout = settings.zone, settings.busy_timeout
    address = settings.catalog_address
    with open_catalog(directory, create=True, zone=zone, busy_timeout=busy_timeout, address=address) as catalog:
        catalog.adopt(fingerprint)
        try:
            archive = Archive.open(directory, zone=zone, busy_timeout=busy_timeout, address=address)
        except ArchiveInUse as error:
            notice = f"process {error.pid} owns the indexes of {directory} and will add the articles"
            yield _Target(catalog, lambda: (notice,))
            return
    with archive:
        yield _Target(archive.original, lambda: archive.notices, archive.follow, archive.mend)


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
        try:
            catalog.end_ingest(number, state, report.counts, report.failures)
        except StorageError as error:  # the disk may be what failed
            logger.warning("the end of the ingest could not be written down: %s", error)


class _Run:
    """Outcomes in the order in which the records were read."""

    def __init__(self, target: _Target, writer: Writer, progress: Progress | None, whole: int | None, told: Told | None) -> None:
        self.outcomes: list[Outcome] = []
        self.notices: list[str] = []
        self.interrupted = False
        self._target = target
        self._writer = writer
        self._progress = progress
        self._whole = whole
        self._told = told
        self._waiting: list[ChangedArticle | Outcome] = []

    def work(self, items: Iterator[ChangedArticle | Outcome], stopping: Callable[[], bool]) -> None:
        """Until the items end, or the user stops the run: then what is being written is finished and nothing else begun."""
        with read_ahead(items, AHEAD) as ready:
            try:
                for item in ready:
                    if stopping():
                        break
                    self._take(item)
                else:
                    self._write()
            except Interruption:
                pass
        self.add(item for item in self._waiting if isinstance(item, Outcome))

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self.outcomes.append(outcome)
            if self._told:
                self._told(outcome)

    def follow(self) -> None:
        try:
            self._target.follow()
        except ArchiveDamaged as error:
            self.notices.append(f"the articles are stored, but the index could not be written: {error}")
            logger.warning("%s", self.notices[-1])

    def _take(self, item: ChangedArticle | Outcome) -> None:
        if isinstance(item, ChangedArticle):
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
        self.add(_make_outcome(item, reasons) for item in self._waiting)
        self._waiting.clear()
        self.follow()
        if self._progress:
            done = len(self.outcomes)
            self._progress(done, self._whole if self._whole and self._whole >= done else None)


def _make_outcome(item: ChangedArticle | Outcome, reasons: Mapping[int, str | None]) -> Outcome:
    if isinstance(item, Outcome):
        return item
    reason = reasons[id(item)]
    return item.failed(reason) if reason else item.outcome()


def _embedder(settings: Settings) -> Embedder:
    from rag.parts import load_embedder

    return load_embedder(settings)
