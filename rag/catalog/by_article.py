"""What the catalog has of one article or of several: words, versions, chunks, times, copies, and by what it is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from rag.catalog import copies, names, reading, times
from rag.catalog.connection import Stored
from rag.catalog.faults import sound
from rag.catalog.records import KnownArticle, Version
from rag.catalog.schema import articles
from rag.types import Article, Chunk, Copy, Entry, Mention

NAMED_COPIES = 100


class ByArticle(Stored):
    """Questions about articles by id, name or digest."""

    def is_forgotten(self, known_by: Sequence[str]) -> bool:
        """Whether an article with one of these names (see `rag.catalog.names`) was forgotten for good."""
        with self._database.reading() as connection:
            return names.is_forgotten(connection, known_by)

    def has_forgotten(self) -> bool:
        """Whether any article was forgotten for good."""
        with self._database.reading() as connection:
            return names.has_forgotten(connection)

    def names_of(self, article_id: str) -> tuple[str, ...]:
        """What the article is known by besides its id."""
        with self._database.reading() as connection:
            return names.read_names(connection, article_id)

    def find_by_name(self, known_by: Sequence[str]) -> str | None:
        """The id of the article that has the first of these names (see `rag.catalog.names`) which one has."""
        with self._database.reading() as connection:
            return names.read_named(connection, known_by)

    def origins(self) -> dict[str, str]:
        """The origin of every article by its id."""
        with self._database.reading() as connection:
            return {row.id: row.origin for row in connection.execute(select(articles.c.id, articles.c.origin))}

    def find_known(self, article_id: str | None, url: str | None, origin: str) -> KnownArticle | None:
        """The stored article with this id, else with this URL, else from this origin."""
        with self._database.reading() as connection:
            return reading.read_known(connection, article_id, url, origin)

    def holder(self, text_digest: str) -> str | None:
        """The id of a stored article with the same words (see `text_digest`)."""
        with self._database.reading() as connection:
            return connection.scalars(select(articles.c.id).where(articles.c.text_digest == text_digest).limit(1)).first()

    def article(self, article_id: str) -> Article | None:
        return self.articles([article_id]).get(article_id)

    def articles(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """The current version of each that is stored, by id."""
        return sound(self._database, lambda connection: reading.read_articles(connection, article_ids))

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """Every state the article has had, oldest first, the current one included."""
        with self._database.reading() as connection:
            return reading.read_versions(connection, article_id)

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """Chunks by id, in the order asked; ids of articles forgotten or replaced meanwhile are absent."""
        return sound(self._database, lambda connection: reading.read_chunks(connection, chunk_ids))

    def groups(self, article_ids: Sequence[str]) -> dict[str, str]:
        """The group of copies that each article is in, by the article's id; those without copies are absent."""
        with self._database.reading() as connection:
            return copies.read_groups(connection, article_ids)

    def group_sizes(self) -> dict[str, int]:
        """How many articles each group of copies has, by the id of its earliest one, the largest first."""
        with self._database.reading() as connection:
            return copies.read_sizes(connection)

    def copies(self, article_ids: Sequence[str], limit: int = NAMED_COPIES) -> dict[str, tuple[Copy, ...]]:
        """At most `limit` copies of each article, earliest stored first; articles without copies are absent."""
        return sound(self._database, lambda connection: copies.read_copies(connection, article_ids, limit))

    def times(self, article_ids: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
        """The times that each article names, in the order of its text; articles that name none are absent."""
        with self._database.reading() as connection:
            return times.read_times(connection, article_ids)

    def naming(self, first: date, before: date, limit: int) -> list[str]:
        """The ids of at most `limit` chunks that name a time within or about `first <= day < before`, the narrowest first."""
        with self._database.reading() as connection:
            return times.chunks_naming(connection, first, before, limit)

    def entries(self, article_ids: Sequence[str]) -> list[Entry]:
        """The chunks of these articles with their vectors, as the indexes take them."""
        return sound(self._database, lambda connection: reading.read_entries(connection, article_ids))

    def sample(self, limit: int, up_to: int) -> list[Entry]:
        """Some entries of articles that have not changed after number `up_to`, half of them random, half those written last."""
        return sound(self._database, lambda connection: reading.sample_entries(connection, limit, up_to))
