"""Articles added in the browser: what would be stored, and then the storing of it, by the steps of `dateline ingest`.

What is given is read from files that the browser has sent and from pages at addresses; a path that somebody types is never read.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from ingest.files import is_address
from ingest.pages import Connect
from ingest.pipeline import ingest
from ingest.preview import preview
from ingest.report import Outcome, Report
from rag.errors import DatelineError, UsageError
from rag.interrupt import stopped_by
from ui.web.answering import UNEXPECTED
from ui.web.limits import Limits
from ui.web.stream import tick_until

if TYPE_CHECKING:
    from rag.pipeline import Rag

logger = logging.getLogger(__name__)

FOLDER = "added"
PIECE = 1_000_000


@dataclass(eq=False, slots=True)
class Job:
    """One look or one storing, while it runs and when it is over: then there is a `report`, or an `error` in words."""

    kind: str
    done: int = 0
    whole: int | None = None
    stop: Event = field(default_factory=Event)
    report: Report | None = None
    error: str | None = None

    def told(self, _: Outcome) -> None:
        self.done += 1

    def progress(self, done: int, whole: int | None) -> None:
        self.done, self.whole = done, whole


class Adding:
    """Adds to the archive of `rag`, one job at a time: everybody else is told to wait. `connect` makes what fetches pages."""

    def __init__(self, rag: Rag, limits: Limits, connect: Connect | None = None) -> None:
        self._rag = rag
        self._limits = limits
        self._connect = connect
        self._lock = Lock()
        self._job: Job | None = None

    @property
    def folder(self) -> Path:
        """Where files that were stored are kept, so that they can be read again."""
        return self._rag.settings.index / FOLDER

    def close(self) -> None:
        """A job in progress ends after the batch in hand; what it has stored is kept."""
        if job := self._job:
            job.stop.set()

    def check(self, files: Sequence[str], addresses: str) -> tuple[str, ...]:
        """What is to be read. Raises UsageError for what cannot be: nothing is read then."""
        limits = self._limits
        lines = list(dict.fromkeys(line.strip() for line in addresses.splitlines() if line.strip()))
        if wrong := next((line for line in lines if not is_address(line)), None):
            raise UsageError(f"{wrong[:80]!r} is no address; write one a line, each with https:// in front")
        if len(lines) > limits.addresses:
            raise UsageError(f"there are {len(lines):,} addresses; give at most {limits.addresses:,} at once, or a feed’s")
        if len(files) > limits.upload_files:
            raise UsageError(f"there are {len(files):,} files; give at most {limits.upload_files:,} at once")
        if not files and not lines:
            raise UsageError("nothing is given yet: drop files, or paste addresses, one a line")
        return (*files, *lines)

    def look(self, given: Sequence[str], outlet: str) -> AsyncGenerator[Job]:
        """What storing would do. Raises UsageError while another job runs."""

        def work(job: Job) -> Report:
            settings = self._rag.settings
            return preview(
                list(given), settings.index, settings, told=job.told, outlet=outlet.strip() or None, connect=self._connect
            )

        return self._run(Job("look"), work)

    def store(self, given: Sequence[str], outlet: str) -> AsyncGenerator[Job]:
        """Stores what is given; files are kept beside the archive. Raises UsageError while another job runs."""

        def work(job: Job) -> Report:
            kept = [one if is_address(one) else str(self._keep(Path(one))) for one in given]
            report = self._ingest(kept, job, outlet)
            self._throw_away(kept, report)
            return report

        return self._run(Job("store"), work)

    def retry(self) -> AsyncGenerator[Job]:
        """Reads again what failed before, and nothing else. Raises UsageError while another job runs, or when nothing failed."""
        failed = list(dict.fromkeys(letter.path for letter in self._rag.archive.catalog.sources.dead_letters()))
        if not failed:
            raise UsageError("nothing failed before")
        return self._run(Job("retry"), lambda job: self._again(failed, job))

    def _again(self, failed: Sequence[str], job: Job) -> Report:
        there = [path for path in failed if is_address(path) or os.path.lexists(path)]
        gone = tuple(Outcome(path, None, "failed", "there is no such file any more") for path in failed if path not in there)
        report = self._ingest(there, job, "") if there else Report((), 0.0)
        return Report((*report.articles, *gone), report.seconds, report.notices, report.interrupted)

    def _ingest(self, paths: Sequence[str], job: Job, outlet: str) -> Report:
        """The process that serves owns the indexes: they follow the catalog by themselves."""
        settings = self._rag.settings
        return ingest(
            paths, settings.index, settings, embedder=self._rag.embedder, progress=job.progress, outlet=outlet.strip() or None,
            connect=self._connect,
        )  # fmt: skip

    async def _run(self, job: Job, work: Callable[[Job], Report]) -> AsyncGenerator[Job]:
        """The job as it goes on. It is not ended by whoever stops listening: what was begun is finished."""
        self._begin(job)
        thread = Thread(target=self._work, args=(job, work), name=f"{job.kind} of articles", daemon=True)
        thread.start()
        async for _ in tick_until(lambda: not thread.is_alive()):
            yield job

    def _begin(self, job: Job) -> None:
        with self._lock:
            if other := self._job:
                done = f"{other.done:,} of {other.whole:,}" if other.whole else f"{other.done:,} so far"
                raise UsageError(f"articles are being added already, {done}; try again when that is over")
            self._job = job

    def _work(self, job: Job, work: Callable[[Job], Report]) -> None:
        try:
            with stopped_by(job.stop.is_set):
                job.report = work(job)
        except DatelineError as error:
            job.error = str(error)
            logger.error("adding articles failed: %s", error)
        except Exception as error:
            job.error = UNEXPECTED.replace("your question", "the articles")
            logger.error("adding articles failed", exc_info=error)
        finally:
            self._job = None

    def _keep(self, file: Path) -> Path:
        """A copy in a folder named by the content: the same file is known again, another of the same name is another article."""
        folder = self.folder / _digest(file)
        kept = folder / file.name
        if not kept.exists():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, half := folder / f".{file.name}.part")
            half.replace(kept)
        return kept

    def _throw_away(self, kept: Sequence[str], report: Report) -> None:
        """The copies of which nothing was or may still be stored."""
        wanted = {outcome.path for outcome in report.articles if outcome.outcome != "skipped"}
        for one in kept:
            path = Path(one)
            if not is_address(one) and not report.interrupted and one not in wanted:
                path.unlink(missing_ok=True)
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()


def _digest(file: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
