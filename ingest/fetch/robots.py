"""What a site asks of programs that read it: which pages to leave alone, and how long to wait between two requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult

from protego import Protego

from ingest.fetch.errors import FetchFailed, FetchRefused

AGENT = "Dateline"
KEPT_SECONDS = 86_400.0
FAILED_SECONDS = 300.0
"""A robots.txt that cannot be had is asked for again after that, or when its server says."""
LONGEST_DELAY = 30.0


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: Protego | FetchFailed
    until: float


class Robots:
    """The robots.txt of every site, each read once a day. `read` gets its text, "" where there is none.

    Where `read` raises FetchFailed, so does every question about the site for a while, without reading again.
    """

    def __init__(self, read: Callable[[SplitResult], str]) -> None:
        self._read = read
        self._sites: dict[str, _Rules] = {}

    def allows(self, parts: SplitResult) -> bool:
        return bool(self._rules(parts).can_fetch(parts.geturl(), AGENT))

    def delay(self, parts: SplitResult) -> float:
        """Seconds that the site wants between two requests."""
        return min(float(self._rules(parts).crawl_delay(AGENT) or 0.0), LONGEST_DELAY)

    def _rules(self, parts: SplitResult) -> Protego:
        site = f"{parts.scheme}://{parts.netloc}"
        found = self._sites.get(site)
        if found is None or time.monotonic() >= found.until:
            try:
                found = self._sites[site] = self._fetch_rules(parts)
            except FetchRefused as error:
                raise FetchRefused(f"{parts.geturl()}: not asked for ({error})") from error
        if isinstance(found.rules, FetchFailed):
            raise FetchFailed(f"{parts.geturl()}: not asked for ({found.rules})", found.rules.retry_after)
        return found.rules

    def _fetch_rules(self, parts: SplitResult) -> _Rules:
        try:
            rules = Protego.parse(self._read(parts._replace(path="/robots.txt", query="")))
        except FetchFailed as error:
            wait = FAILED_SECONDS if error.retry_after is None else min(error.retry_after, KEPT_SECONDS)
            return _Rules(FetchFailed(str(error), error.retry_after), time.monotonic() + wait)
        return _Rules(rules, time.monotonic() + KEPT_SECONDS)
