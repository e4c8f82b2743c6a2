"""A copy of a catalog that is elsewhere, kept beside the indexes of whoever reads it.

Questions are answered from the copy alone: they need no network, and they go on while the original cannot be reached. The
indexes follow the copy as they follow any catalog.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import inf
from types import TracebackType

from rag.archive.layout import Layout
from rag.catalog import Bell, Catalog
from rag.errors import ArchiveDamaged, FingerprintMismatch, StorageError
from rag.log import log_fault

logger = logging.getLogger(__name__)

COPIED_AT_ONCE = 100
"""Articles a batch."""
PAUSE = 2.0
"""Seconds after a failure for which the original is left alone, so that no question waits for it again."""

JOURNAL_EVERY = 10.0
"""Seconds between two looks at what is watched, what failed and how ingests went."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where the original is, and how it is opened."""

    address: str
    zone: tzinfo = UTC
    busy_timeout: float = 30.0


class Mirror:
    """`catalog` is the copy, `original()` what is written to. Safe to use from many threads."""

    def __init__(self, catalog: Catalog, where: Where) -> None:
        self.catalog = catalog
        self.notices: tuple[str, ...] = ()
        self._where = where
        self._original: Catalog | None = None
        self._opening = threading.Lock()
        self._failure: StorageError | None = None
        self._left_alone_until = 0.0
        self._journal_due = 0.0
        self._heard = datetime.now(UTC)

    @classmethod
    def open(cls, layout: Layout, where: Where, *, create: bool) -> Mirror:
        """The copy in the directory, made where there is none. `create`: the original too.

        Raises StorageError when the directory has an archive of its own, or the original cannot be reached and nothing of it is
        there; ArchiveMissing when there is no original.
        """
        if layout.catalog.exists():
            raise StorageError(
                f"{layout.directory} holds another archive; name another directory with --index for the indexes of the"
                " catalog in DATELINE_CATALOG, or copy this archive there with `dateline move`"
            )
        mirror = cls(Catalog.open(layout.mirror, create=True, zone=where.zone, busy_timeout=where.busy_timeout), where)
        try:
            mirror._begin(create)
        except BaseException:
            mirror.close()
            raise
        return mirror

    def original(self, *, create: bool = False) -> Catalog:
        """Raises StorageError while it cannot be reached."""
        with self._opening:
            if self._original is None:
                where = self._where
                self._original = Catalog.connect(where.address, create=create, zone=where.zone, busy_timeout=where.busy_timeout)
            return self._original

    def follow(self, seconds: float = inf) -> int:
        """Copy what is new, and no further batch after so many seconds; how many changes. What goes wrong is in `notices`."""
        until, copied = time.monotonic() + seconds, 0
        try:
            self._require_rest()
            while some := self.catalog.follow(self.original(), COPIED_AT_ONCE):
                copied += some
                if time.monotonic() >= until:
                    break
            self._follow_journal()
        except StorageError as error:
            self._fail(error)
        else:
            self._failure, self.notices, self._heard = None, (), datetime.now(UTC)
        return copied

    @property
    def failure(self) -> str | None:
        """Why the original is not followed; None while it is."""
        return str(self._failure) if self._failure else None

    def hang_bell(self) -> Bell:
        return Ringing(self)

    def count_lacking(self) -> int:
        """Changes of the original that are not copied yet; 0 while it cannot be reached."""
        if self._failure is not None:
            return 0
        try:
            return self.original().count_changes(self.catalog.followed)
        except StorageError:
            return 0

    def renew(self) -> None:
        """Have all that the original has, copied anew where it must be; or what there is, while that cannot be reached."""
        with suppress(StorageError):  # what follows tells of it
            self.begin_anew()
        self.follow()

    def begin_anew(self) -> None:
        """Where the original was embedded again or is another one, forget what was copied of it, for all to be copied anew."""
        try:
            self.catalog.follow(self.original(), COPIED_AT_ONCE)
        except (FingerprintMismatch, ArchiveDamaged) as error:
            logger.warning("what was copied of %s is copied anew: %s", self.original().name, error)
            self.catalog.empty()

    def close(self) -> None:
        self.catalog.close()
        if self._original is not None:
            self._original.close()

    def __enter__(self) -> Mirror:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _begin(self, create: bool) -> None:
        try:
            self.original(create=create)
            self.begin_anew()
        except StorageError as error:
            if self.catalog.followed == 0:
                raise
            self._fail(error)

    def _follow_journal(self) -> None:
        if time.monotonic() >= self._journal_due:
            self.catalog.follow_journal(self.original())
            self._journal_due = time.monotonic() + JOURNAL_EVERY

    def _require_rest(self) -> None:
        if self._failure is not None and time.monotonic() < self._left_alone_until:
            raise self._failure

    def _fail(self, error: StorageError) -> None:
        if error is not self._failure:
            self._left_alone_until = time.monotonic() + PAUSE
            if self._failure is None:
                log_fault(logger, f"the catalog is not followed: {error}")
        self._failure = error
        if isinstance(error, FingerprintMismatch | ArchiveDamaged):
            told = "The archive was made anew; what is newer is found once this server is started again."
        else:
            told = f"The catalog cannot be reached; what came after {self._heard:%Y-%m-%d %H:%M} UTC is not known here."
        self.notices = (told,)


class Ringing:
    """The original's bell, hung as soon as that can be reached; until then nothing but the time ends a wait."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._bell: Bell | None = None
        self._closed = threading.Event()

    def wait(self, seconds: float) -> None:
        if self._bell is None:
            try:
                self._bell = self._mirror.original().hang_bell()
            except StorageError:
                self._closed.wait(seconds)
                return
        self._bell.wait(seconds)

    def close(self) -> None:
        self._closed.set()
        if self._bell is not None:
            self._bell.close()
