"""What became of every file and record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from rag.catalog import IngestFailure
from rag.types import PublishedFrom, Source

Ending = Literal["stored", "unchanged", "replaced", "skipped", "failed", "removed"]
ENDINGS: tuple[Ending, ...] = ("stored", "unchanged", "replaced", "skipped", "failed", "removed")

NOTED = "noted"

Progress = Callable[[int, int | None], None]
"""Called with the number of files and records done, and with their whole number where it is known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file or record; `reason` says why, or what to know of an article that is stored.

    `path` is the file as given or found; `line` the record in it, counted from 1, where a file holds several. `codes` name for
    programs what the reason says, `lost` that something of the input is in no article.
    """

    path: str
    article_id: str | None
    outcome: Ending
    reason: str | None = None
    title: str | None = None
    outlet: str | None = None
    published: date | datetime | None = None
    published_from: PublishedFrom = "none"
    line: int | None = None
    published_confidence: float | None = None
    codes: tuple[str, ...] = ()
    lost: bool = False


Told = Callable[[Outcome], None]
"""Called with what became of each file and record, as soon as that is certain."""


@dataclass(frozen=True, slots=True)
class Report:
    """One ingest. `interrupted`: a signal ended it early; what it reports as stored is stored all the same.

    `dry_run`: nothing was stored, the outcomes are what would become of it. `waits` are the seconds that servers ask to wait
    before a page is asked for again.
    """

    articles: tuple[Outcome, ...]
    seconds: float
    notices: tuple[str, ...] = ()
    interrupted: bool = False
    dry_run: bool = False
    waits: Mapping[str, float] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(outcome.outcome for outcome in self.articles)
        return {ending: found[ending] for ending in ENDINGS}

    @property
    def stored(self) -> int:
        return self.counts["stored"]

    @property
    def unchanged(self) -> int:
        return self.counts["unchanged"]

    @property
    def replaced(self) -> int:
        return self.counts["replaced"]

    @property
    def skipped(self) -> int:
        return self.counts["skipped"]

    @property
    def failed(self) -> int:
        return self.counts["failed"]

    @property
    def removed(self) -> int:
        return self.counts["removed"]

    @property
    def lost(self) -> int:
        """Files and records of which something, or all, is in no article."""
        return sum(outcome.lost or outcome.outcome == "failed" for outcome in self.articles)

    @property
    def noted(self) -> dict[str, int]:
        """How many files and records each code was noted of, the most frequent first."""
        return dict(Counter(code for outcome in self.articles for code in outcome.codes).most_common())

    @property
    def failures(self) -> tuple[IngestFailure, ...]:
        failed = (outcome for outcome in self.articles if outcome.outcome == "failed")
        return tuple(IngestFailure(outcome.path, outcome.line, outcome.reason or "") for outcome in failed)


def outcome_of(
    source: Source, ending: Ending, path: str, line: int | None = None, reasons: tuple[str | None, ...] = ()
) -> Outcome:
    """The outcome of an article, with all that is known of it."""
    reason = "; ".join(filter(None, reasons)) or None
    return Outcome(
        path, source.id, ending, reason, source.title, source.outlet, source.published, source.published_from, line,
        source.published_confidence, codes_of(reasons), any(getattr(one, "lost", False) for one in reasons),
    )  # fmt: skip


def codes_of(reasons: Iterable[str | None]) -> tuple[str, ...]:
    """The code of each note, once; a note without one of its own is "noted"."""
    return tuple(dict.fromkeys(getattr(one, "code", NOTED) for one in reasons if one))
