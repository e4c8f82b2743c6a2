"""What the catalog has in all: numbers, outlets, days, listings, and what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from rag.catalog import listing, reading
from rag.catalog.connection import Stored
from rag.catalog.faults import sound
from rag.catalog.listing import Place
from rag.catalog.records import Counts
from rag.catalog.schema import articles
from rag.types import Chunk, DayTally, OutletTally, Source


class Overview(Stored):
    """Questions about the archive as a whole, or about a range of days and some outlets."""

    @property
    def sequence(self) -> int:
        """The number of the last change, 0 when there was none."""
        with self._database.reading() as connection:
            return reading.last_change(connection)

    def changes(self, after: int, limit: int) -> list[tuple[int, str]]:
        """Up to `limit` changes after number `after`, oldest first; of each article its last one."""
        with self._database.reading() as connection:
            return reading.read_changes(connection, after, limit)

    def count_changes(self, after: int) -> int:
        """How many articles have changed after number `after`."""
        with self._database.reading() as connection:
            return reading.count_changes(connection, after)

    def extent(self) -> tuple[int, int]:
        """The number of the last change and how many chunks there are, as one state."""
        with self._database.reading() as connection:
            return reading.last_change(connection), reading.count_chunks(connection)

    def counts(self) -> Counts:
        with self._database.reading() as connection:
            return reading.read_counts(connection)

    def outlets(self) -> tuple[str, ...]:
        """One spelling of each outlet, those with the most articles first."""
        with self._database.reading() as connection:
            return reading.read_outlets(connection)

    def days(self) -> tuple[date, date] | None:
        """The first and the last day of publication."""
        with self._database.reading() as connection:
            first, last = connection.execute(select(func.min(articles.c.day), func.max(articles.c.day))).one()
        return None if first is None else (date.fromordinal(first), date.fromordinal(last))

    def listing(
        self, since: date | None = None, before: date | None = None, outlets: Sequence[str] = (), limit: int | None = None
    ) -> list[Source]:
        """The sources of articles of these days and outlets, newest first; all where neither is given."""
        return sound(
            self._database, lambda connection: reading.read_listing(connection, _ordinal(since), _ordinal(before), outlets, limit)
        )

    def page(
        self, since: date | None, before: date | None, outlets: Sequence[str], limit: int, after: Place | None
    ) -> list[tuple[Place, Source]]:
        """At most `limit` sources of these days and outlets behind the place `after`, newest first, each with its place."""
        return sound(
            self._database,
            lambda connection: listing.read_page(connection, _ordinal(since), _ordinal(before), outlets, limit, after),
        )

    def outlet_tallies(self) -> tuple[OutletTally, ...]:
        """The outlets with their numbers of articles, the largest first."""
        with self._database.reading() as connection:
            return tuple(listing.read_outlet_tallies(connection))

    def day_tallies(
        self, since: date | None, before: date | None, outlets: Sequence[str], limit: int | None
    ) -> tuple[DayTally, ...]:
        """The days on which articles of these days and outlets were published, newest first, with their numbers."""
        with self._database.reading() as connection:
            return tuple(listing.read_day_tallies(connection, _ordinal(since), _ordinal(before), outlets, limit))

    def first_chunks(self, since: date | None, before: date | None, outlets: Sequence[str], limit: int) -> list[Chunk]:
        """The beginnings of at most `limit` articles of these days and outlets, newest first."""

        def read(connection: Connection) -> list[Chunk]:
            ids = reading.read_first_chunks(connection, _ordinal(since), _ordinal(before), outlets, limit)
            return list(reading.read_chunks(connection, ids).values())

        return sound(self._database, read)

    def count_undated(self, outlets: Sequence[str] = ()) -> int:
        """How many articles, of these outlets if any are named, have no date."""
        with self._database.reading() as connection:
            return reading.count_undated(connection, outlets)


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None
