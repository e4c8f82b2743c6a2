"""From files to articles that are to be stored, and the outcomes of all that are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ingest.article import assembled
from ingest.files import Found
from ingest.identity import Identities, Place, Settled
from ingest.load import Record, load
from ingest.report import Outcome, outcome_of

EMPTY = "there is no text in it"


@dataclass(frozen=True, slots=True)
class Changed:
    """An article to store, new or in another version than the archive has, and what to note with it."""

    settled: Settled
    place: Place
    notes: tuple[str, ...]

    def outcome(self) -> Outcome:
        source, ending = self.settled.article.source, self.settled.ending
        return outcome_of(source, ending, self.place.shown, self.place.line, (self.settled.reason, *self.notes))

    def failed(self, reason: str) -> Outcome:
        return outcome_of(self.settled.article.source, "failed", self.place.shown, self.place.line, (reason,))


class Reader:
    """Reads files in order. `files` are those read so far, as absolute paths, `unread` those that may hold other articles."""

    def __init__(self, identities: Identities, outlet: str | None, now: datetime) -> None:
        self.files: set[str] = set()
        self.unread: set[str] = set()
        self._identities = identities
        self._outlet = outlet
        self._now = now

    def read(self, files: Iterable[Found]) -> Iterator[Changed | Outcome]:
        for file in files:
            self.files.add(file.origin)
            for found in [file.refused] if file.refused else load(file.path):
                place = Place(file.shown, file.origin, found.line)
                if isinstance(found, Record):
                    yield self._article(found, place)
                    continue
                self.unread.add(place.file)
                yield Outcome(place.shown, None, found.outcome, found.reason, line=found.line)

    def saw(self, article_id: str) -> bool:
        """Whether some file held the article."""
        return self._identities.saw(article_id)

    def _article(self, record: Record, place: Place) -> Changed | Outcome:
        made = assembled(record, self._outlet, self._now)
        if made is None:
            return Outcome(place.shown, None, "skipped", EMPTY, line=place.line)
        settled = self._identities.settled(made.article, place)
        if settled.ending in ("stored", "replaced"):
            return Changed(settled, place, made.notes)
        return outcome_of(settled.article.source, settled.ending, place.shown, place.line, (settled.reason, *made.notes))
