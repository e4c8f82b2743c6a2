"""Sources looked at again and again: folders, files, pages and feeds, each on its own clock.

A source that fails is asked less and less often, and keeps no other waiting. Every look is an ingest of its own, so that another
process can ask the archive in between.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.fetch import Fetcher
from ingest.files import find_files, is_address, show_path
from ingest.pages import Connect
from ingest.pipeline import ingest
from ingest.report import Report
from rag.archive import open_catalog
from rag.catalog import WatchedSource
from rag.errors import DatelineError, UsageError
from rag.interrupt import finish_batch
from rag.protocols import Embedder
from rag.settings import Settings

logger = logging.getLogger(__name__)

EVERY = 300.0
LEAST_EVERY = 1.0
LONGEST = 86_400.0
"""Seconds after which even a source that always fails is looked at again."""
DOUBLINGS = 10
LOOK = 0.2
"""Seconds between two looks at whether a source is due, or the user wants to end."""

Looked = Callable[[str, Report | None, str | None], None]
"""Called after each look at a source with its report and with what is wrong; both are None when nothing was new."""


@dataclass(slots=True)
class Watch:
    """Looks at `sources` every `every` seconds until a signal comes. Raises UsageError for an interval of less than a second.

    `embedder` is loaded once for all looks; `connect` makes what fetches pages.
    """

    sources: Sequence[str]
    directory: Path
    settings: Settings
    embedder: Embedder
    every: float = EVERY
    outlet: str | None = None
    links: bool | None = None
    connect: Connect = Fetcher
    looked: Looked = lambda *_: None
    _read: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _fetcher: Fetcher | None = None
    _failures: dict[str, int] = field(default_factory=dict)
    _seen: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.every < LEAST_EVERY:
            raise UsageError(f"--every {self.every:g}: look at most once a second")
        find_files(self.sources)  # says what is not there

    def run(self, rounds: int | None = None) -> None:
        """Until a signal comes, which is raised again; or until each source has been looked at `rounds` times."""
        looks = dict.fromkeys(self.sources, 0)
        due = dict.fromkeys(self.sources, 0.0)
        with finish_batch() as stopping:
            while not stopping() and (rounds is None or min(looks.values()) < rounds):
                for source in self.sources:
                    if due[source] <= time.monotonic() and not stopping() and looks[source] != rounds:
                        due[source] = time.monotonic() + self._look(source)
                        looks[source] += 1
                time.sleep(LOOK if rounds is None else 0)

    def _look(self, source: str) -> float:
        """Reads what is new in a source; the seconds until its next look."""
        report, error = None, None
        try:
            if is_address(source) or self._has_news(source):
                report = self._ingest(source)
                error = _fault(source, report)
        except DatelineError as fault:
            error = str(fault)
        if error:
            logger.warning("%s could not be read: %s", source, error)
        wait = self._wait(source, report, error)
        self.looked(source, report, error)
        return wait

    def _has_news(self, source: str) -> bool:
        """Whether a file was added or changed since it was last read without a fault."""
        return any(not self._is_read(found.path) for found in find_files([source]) if found.refused is None)

    def _ingest(self, source: str) -> Report:
        self._seen.clear()
        report = ingest(
            [source], self.directory, self.settings, embedder=self.embedder, outlet=self.outlet, links=self.links,
            connect=self._get_fetcher, passed_over=self._is_read,
        )  # fmt: skip
        if not report.interrupted:
            failed = {show_path(Path(outcome.path).absolute()) for outcome in report.articles if outcome.outcome == "failed"}
            self._read.update({path: state for path, state in self._seen.items() if show_path(path) not in failed})
        return report

    def _get_fetcher(self) -> Fetcher:
        """One for all looks, since it remembers what sites ask of programs and when they were last asked for a page."""
        if self._fetcher is None:
            self._fetcher = self.connect()
        return self._fetcher

    def _is_read(self, path: Path) -> bool:
        try:
            found = path.stat()
        except OSError:
            return False
        self._seen[path] = state = (found.st_mtime_ns, found.st_size)
        return self._read.get(path) == state

    def _wait(self, source: str, report: Report | None, error: str | None) -> float:
        now = datetime.now(UTC)
        self._failures[source] = failures = self._failures.get(source, 0) + 1 if error else 0
        asked = max((report.waits.values() if report else ()), default=0.0)
        wait = min(max(self.every * 2.0 ** min(failures, DOUBLINGS), asked), max(LONGEST, self.every))
        try:
            self._write_down(source, now, now + timedelta(seconds=wait), error)
        except DatelineError as fault:  # the archive may be what fails
            logger.warning("how the look at %s went could not be written down: %s", source, fault)
        return wait

    def _write_down(self, source: str, now: datetime, next_try: datetime, error: str | None) -> None:
        with open_catalog(self.directory, create=True, address=self.settings.catalog_address) as catalog:
            before = next((one for one in catalog.sources.list_watched() if one.address == source), None)
            succeeded = now if error is None else before.succeeded if before else None
            catalog.sources.write_watched(WatchedSource(source, now, succeeded, next_try, self._failures[source], error))


def _fault(source: str, report: Report) -> str | None:
    """Why a look failed as a whole: the source itself could not be read. Single files and entries are dead letters."""
    of_source = (one for one in report.articles if one.path == source and one.line is None and one.outcome == "failed")
    return next((one.reason or "it could not be read" for one in of_source), None)
