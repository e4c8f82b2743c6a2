"""From files to articles that are to be stored, and the outcomes of all that are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.article import AssembledArticle
from ingest.files import FoundFile
from ingest.identity import Identities, Place, Settlement
from ingest.load.feed import SUMMARY
from ingest.load.record import Note
from ingest.pages import Pages
from ingest.parse import EMPTY, parse, parse_all
from ingest.report import Outcome, outcome_of

NOT_READ = "not-read"
"""The code of what gives no article for a reason that has none of its own."""


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """An article to store, new or in another version than the archive has, and what to note with it."""

    settled: Settlement
    place: Place
    notes: tuple[str, ...]

    def outcome(self) -> Outcome:
        source, ending = self.settled.article.source, self.settled.ending
        return outcome_of(source, ending, self.place.shown, self.place.line, (self.settled.reason, *self.notes))

    def failed(self, reason: str) -> Outcome:
        return outcome_of(self.settled.article.source, "failed", self.place.shown, self.place.line, (reason,))


class Reader:
    """Reads files in order. `files` are those read so far, as absolute paths, `unread` those that may hold other articles.

    `pages` gets the pages that a feed only summarises: those of feeds that were themselves fetched, or as `links` says.
    """

    def __init__(
        self, identities: Identities, outlet: str | None, now: datetime, pages: Pages | None = None, links: bool | None = None
    ) -> None:
        self.files: set[str] = set()
        self.unread: set[str] = set()
        self._identities = identities
        self._outlet = outlet
        self._now = now
        self._pages = pages
        self._links = links

    def read(self, files: Iterable[FoundFile]) -> Iterator[ChangedArticle | Outcome]:
        for file, found in parse_all(files, self._outlet, self._now):
            self.files.add(file.origin)
            if file.unchanged:
                if found is None:
                    yield self._skip_unchanged(file)
            elif isinstance(found, AssembledArticle):
                yield self._follow_link(found, file) if self._follows(found, file) else self._article(found, file)
            elif found is not None:
                self.unread.add(file.origin)
                yield Outcome(file.shown, None, found.outcome, found.reason, line=found.line, codes=(found.code or NOT_READ,))

    def saw(self, article_id: str) -> bool:
        """Whether some file held the article."""
        return self._identities.saw(article_id)

    def _skip_unchanged(self, file: FoundFile) -> Outcome:
        known = self._identities.find_stored(file.origin)
        return Outcome(file.shown, known, "unchanged", "its server says that it has not changed")

    def _article(self, made: AssembledArticle, file: FoundFile) -> ChangedArticle | Outcome:
        place = Place(file.shown, file.origin, made.line)
        settled = self._identities.settle(made.article, place, made.key)
        if settled.ending in ("stored", "replaced"):
            return ChangedArticle(settled, place, made.notes)
        return outcome_of(settled.article.source, settled.ending, place.shown, place.line, (settled.reason, *made.notes))

    def _follows(self, made: AssembledArticle, file: FoundFile) -> bool:
        wanted = file.page is not None if self._links is None else self._links
        return wanted and made.linked and self._pages is not None and made.article.source.url is not None

    def _follow_link(self, made: AssembledArticle, feed: FoundFile) -> ChangedArticle | Outcome:
        """The page that an entry of a feed summarises, or the summary where there is no page to be had."""
        assert self._pages
        assert made.article.source.url
        url = made.article.source.url
        if self._pages.is_seen(url):
            return Outcome(url, self._identities.find_stored(url), "unchanged", "known from an earlier look at the feed")
        page = self._pages.fetch_page(url)
        found = next(parse(page, self._outlet, self._now), None)
        if isinstance(found, AssembledArticle):
            return self._article(_complete(found, made), page)
        reason = found.reason if found else EMPTY
        self._pages.ask_again(feed.origin)
        note = Note(f"the feed's summary alone: {reason}", "summary-only")
        return self._article(replace(made, notes=(*(one for one in made.notes if one != SUMMARY), note)), feed)


def _complete(page: AssembledArticle, entry: AssembledArticle) -> AssembledArticle:
    """The article of a page, with what only the feed says of it."""
    of_page, of_feed = page.article.source, entry.article.source
    source = replace(
        of_page,
        outlet=of_page.outlet or of_feed.outlet,
        url=of_page.url or of_feed.url,
        authors=of_page.authors or of_feed.authors,
        language=of_page.language or of_feed.language,
        section=of_page.section or of_feed.section,
        modified=of_page.modified or of_feed.modified,
    )
    if of_feed.published and (of_page.published_confidence or 0) < (of_feed.published_confidence or 0):
        source = replace(
            source,
            published=of_feed.published,
            published_from=of_feed.published_from,
            published_confidence=of_feed.published_confidence,
        )
    return replace(page, article=replace(page.article, source=source), key=entry.key)
