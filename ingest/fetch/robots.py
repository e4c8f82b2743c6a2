"""What a site asks of programs that read it: which pages to leave alone, and how long to wait between two requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult

from protego import Protego

AGENT = "Dateline"
KEPT_SECONDS = 86_400.0
LONGEST_DELAY = 30.0


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: Protego
    read: float


class Robots:
    """The robots.txt of every site, each read once a day. `read` gets its text, "" where there is none."""

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
        if found is None or time.monotonic() - found.read > KEPT_SECONDS:
            text = self._read(parts._replace(path="/robots.txt", query=""))
            found = self._sites[site] = _Rules(Protego.parse(text), time.monotonic())
        return found.rules
