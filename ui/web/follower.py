"""Keeps the indexes whole, and up with what other processes put into the catalog, for as long as the server runs."""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.archive import Archive

logger = logging.getLogger(__name__)

EVERY_SECONDS = 1.0


class Follower:
    """A thread between `start` and `stop`. `failure` is what went wrong last time, None when nothing did.

    It looks at once when the catalog's database tells of a change, and `every` so many seconds in any case.
    """

    def __init__(self, archive: Archive, every: float = EVERY_SECONDS) -> None:
        self.failure: str | None = None
        self._archive = archive
        self._every = every
        self._ended = Event()
        self._bell = archive.hang_bell()
        self._tried_to_mend = False
        self._thread = Thread(target=self._run, name="follow the catalog", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._bell.close()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._bell.wait(self._every)
            if self._ended.is_set():
                return
            try:
                self._archive.follow()
                self._mend()
                self.failure = None
            except Exception as error:  # the next try may do better; the answers go on without
                failure = f"{type(error).__name__}: {error}"
                if failure != self.failure:
                    logger.error("the indexes do not follow the catalog: %s", failure)
                self.failure = failure

    def _mend(self) -> None:
        """Once a run: what did not go the first time, for want of room, would not go a second later."""
        if self._archive.dense is None and not self._tried_to_mend:
            self._tried_to_mend = True
            self._archive.mend()
