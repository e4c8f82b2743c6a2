"""The pages that one run fetches: asked for only where they may have changed, and remembered when the run is over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from ingest.fetch import Fetcher, FetchFailed, FetchRefused, Unchanged
from ingest.files import FoundFile
from ingest.load.record import Refusal
from rag.catalog import Page

Connect: TypeAlias = Callable[[], Fetcher]
"""Makes what fetches pages."""


class Pages:
    """`known` says in what state a page was when its article was stored. Close it to remove what was fetched.

    The fetcher that `connect` makes is made with the first page, so that a run over files connects to nothing.
    """

    def __init__(self, known: Callable[[str], Page | None], connect: Connect = Fetcher) -> None:
        self.waits: dict[str, float] = {}
        self._known = known
        self._connect = connect
        self._fetcher: Fetcher | None = None
        self._states: dict[str, Page] = {}

    def is_seen(self, url: str) -> bool:
        """Whether the page is stored, or was fetched in this run."""
        return url in self._states or self._known(url) is not None

    def fetch_page(self, url: str) -> FoundFile:
        """The page in a file, or why it is not there. Where the server asks to wait, `waits` says how many seconds."""
        if self._fetcher is None:
            self._fetcher = self._connect()
        known = self._known(url)
        try:
            got = self._fetcher.fetch(url, known.etag, known.last_modified) if known else self._fetcher.fetch(url)
        except (FetchRefused, FetchFailed) as error:
            if isinstance(error, FetchFailed) and error.retry_after is not None:
                self.waits[url] = error.retry_after
            return FoundFile(Path(), Refusal("failed", str(error)), url)
        if isinstance(got, Unchanged):
            return FoundFile(Path(), address=url, unchanged=True)
        self._states[url] = Page(url, got.etag, got.last_modified)
        return FoundFile(got.body, address=url, page=got)

    def ask_again(self, url: str) -> None:
        """The next run asks for the page whether it has changed or not."""
        self._states.pop(url, None)

    def states(self) -> list[Page]:
        """In what state the pages were that this run fetched."""
        return list(self._states.values())

    def close(self) -> None:
        if self._fetcher is not None:
            self._fetcher.close()

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
