"""Where articles come from, over many runs: what is watched, what failed, and in what state pages were fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from rag.batches import batches
from rag.catalog.connection import Database
from rag.catalog.records import IngestFailure
from rag.catalog.schema import dead_letters, pages, sources

PATHS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """A folder, page or feed that is looked at again and again. `failures` counts those since the last success."""

    address: str
    tried: datetime
    succeeded: datetime | None
    next_try: datetime | None
    failures: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """What a server said of the state of a page: it is asked whether that still holds, instead of for the page."""

    url: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A file, page or record that failed when it was last read; `line` counts from 1 and is None for a whole file."""

    path: str
    line: int | None
    reason: str
    tries: int
    first_failed: datetime
    last_failed: datetime


class Sources:
    """Their part of the catalog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_watched(self) -> tuple[WatchedSource, ...]:
        """By address."""
        with self._database.reading() as connection:
            return tuple(_read_watched(row) for row in connection.execute(select(sources).order_by(sources.c.address)))

    def write_watched(self, watched: WatchedSource) -> None:
        """Keeps how the last look at a source went, in place of the one before."""
        row = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(watched).items()}
        with self._database.writing() as connection:
            connection.execute(delete(sources).where(sources.c.address == watched.address))
            connection.execute(insert(sources).values(**row))

    def page(self, url: str) -> Page | None:
        """In what state the page was when its article was stored."""
        with self._database.reading() as connection:
            row = connection.execute(select(pages).where(pages.c.url == url)).first()
        return Page(row.url, row.etag, row.last_modified) if row else None

    def write_pages(self, found: Sequence[Page]) -> None:
        with self._database.writing() as connection:
            for page in found:
                connection.execute(delete(pages).where(pages.c.url == page.url))
                connection.execute(insert(pages).values(**asdict(page)))

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """By path and line."""
        with self._database.reading() as connection:
            rows = connection.execute(select(dead_letters).order_by(dead_letters.c.path, dead_letters.c.line))
            return tuple(_letter(row) for row in rows)

    def write_dead_letters(self, read: Sequence[str], failures: Sequence[IngestFailure]) -> None:
        """Of the files and pages that have been `read`, those that failed now take the place of those that failed before."""
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            before = {(letter.path, letter.line): letter for letter in _letters(connection, read)}
            for some in batches(read, PATHS_AT_ONCE):
                connection.execute(delete(dead_letters).where(dead_letters.c.path.in_(some)))
            for failure in {(failure.path, failure.line): failure for failure in failures}.values():
                earlier = before.get((failure.path, failure.line))
                first = earlier.first_failed if earlier else now
                connection.execute(
                    insert(dead_letters).values(
                        path=failure.path,
                        line=failure.line or 0,
                        reason=failure.reason,
                        tries=earlier.tries + 1 if earlier else 1,
                        first_failed=first.isoformat(),
                        last_failed=now.isoformat(),
                    )
                )


def _letters(connection: Connection, paths: Sequence[str]) -> Iterator[DeadLetter]:
    for some in batches(paths, PATHS_AT_ONCE):
        for row in connection.execute(select(dead_letters).where(dead_letters.c.path.in_(some))):
            yield _letter(row)


def _letter(row: Row[Any]) -> DeadLetter:
    first, last = datetime.fromisoformat(row.first_failed), datetime.fromisoformat(row.last_failed)
    return DeadLetter(row.path, row.line or None, row.reason, row.tries, first, last)


def _read_watched(row: Row[Any]) -> WatchedSource:
    tried = datetime.fromisoformat(row.tried)
    return WatchedSource(row.address, tried, _time(row.succeeded), _time(row.next_try), row.failures, row.error)


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
