"""Questions to the catalog. Each takes an open transaction, so that several see one state.

Those that read articles raise Unreadable (see `rag.catalog.faults`) for damaged ones, and leave out what is aside already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, and_, func, select

from rag.batches import batches
from rag.catalog.faults import Faults
from rag.catalog.fingerprint import read_fingerprint
from rag.catalog.names import address_name, read_named
from rag.catalog.records import VECTOR_TYPE, Counts, KnownArticle, Version
from rag.catalog.schema import articles, changes, chunks, quarantine, versions
from rag.catalog.zone import read_zone
from rag.types import Article, Chunk, Entry, Source

IDS_AT_ONCE = 500
"""Well below the 32,766 values that one statement takes."""

CURRENT = and_(versions.c.article_id == articles.c.id, versions.c.number == articles.c.version)
READABLE = articles.c.id.not_in(select(quarantine.c.article_id).where(quarantine.c.part == "source"))
_WHOLE = chunks.c.article_id.not_in(select(quarantine.c.article_id))


def read_articles(connection: Connection, article_ids: Sequence[str]) -> dict[str, Article]:
    query = select(versions.c.article_id, versions.c.source, versions.c.text).join(articles, CURRENT).where(READABLE)
    faults, found = Faults(read_zone(connection)), {}
    for row in _of_articles(connection, query, article_ids):
        if source := faults.source(row.article_id, row.source):
            found[row.article_id] = Article(source, row.text)
    faults.tell()
    return found


def read_versions(connection: Connection, article_id: str) -> tuple[Version, ...]:
    rows = connection.execute(select(versions).where(versions.c.article_id == article_id).order_by(versions.c.number))
    return tuple(_version(row, source) for row in rows if (source := Faults().source(row.article_id, row.source)))


def _version(row: Row[tuple[object, ...]], source: Source) -> Version:
    return Version(row.number, datetime.fromisoformat(row.stored_at), source.title, source.published, row.text, row.digest)


def read_chunks(connection: Connection, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
    """The chunks with these ids, in their order; those of articles replaced or forgotten meanwhile are left out."""
    article_ids = list(dict.fromkeys(chunk_id.rpartition("#")[0] for chunk_id in chunk_ids))
    found = read_articles(connection, article_ids)
    query = select(chunks.c.article_id, chunks.c.start, chunks.c.end).where(_WHOLE)
    faults, known = Faults(), {}
    for row in _of_articles(connection, query, [id for id in article_ids if id in found]):
        article = found[row.article_id]
        if faults.chunk(row.article_id, row.start, row.end, len(article.text)):
            chunk = _slice(article, row.start, row.end)
            known[chunk.id] = chunk
    faults.tell()
    return {chunk_id: known[chunk_id] for chunk_id in chunk_ids if chunk_id in known}


def read_entries(connection: Connection, article_ids: Sequence[str]) -> list[Entry]:
    found = read_articles(connection, article_ids)
    fingerprint = read_fingerprint(connection)
    dimension = fingerprint.dimension if fingerprint else 0
    query = select(chunks, articles.c.day, articles.c.folded_outlet).join(articles, chunks.c.article_id == articles.c.id)
    faults, entries = Faults(), []
    for row in _of_articles(connection, query.where(_WHOLE), [id for id in article_ids if id in found]):
        article = found[row.article_id]
        whole = faults.chunk(row.article_id, row.start, row.end, len(article.text))
        if whole and faults.vector(row.article_id, row.vector, dimension):
            entries.append(_entry(row, article))
    faults.tell()
    return entries


def sample_entries(connection: Connection, limit: int, up_to: int) -> list[Entry]:
    """Chunks of articles that have not changed after number `up_to`: half of them random, half those written last."""
    settled = select(chunks.c.article_id, chunks.c.start).join(changes, changes.c.article_id == chunks.c.article_id)
    settled = settled.where(changes.c.sequence <= up_to)
    last = connection.execute(settled.order_by(changes.c.sequence.desc()).limit(limit // 2)).all()
    picked = connection.execute(settled.order_by(func.random()).limit(limit - len(last))).all()
    wanted = {(row.article_id, row.start) for row in (*last, *picked)}
    entries = read_entries(connection, list({article_id for article_id, _ in wanted}))
    starts = {f"{article_id}#{start}" for article_id, start in wanted}
    return [entry for entry in entries if entry.id.rpartition("-")[0] in starts]


def _entry(row: Row[tuple[object, ...]], article: Article) -> Entry:
    chunk = _slice(article, row.start, row.end)
    vector = np.frombuffer(row.vector, VECTOR_TYPE).astype(np.float32, copy=False)
    return Entry(chunk.id, row.article_id, row.day, row.folded_outlet, article.source.title, chunk.text, vector)


def _slice(article: Article, start: int, end: int) -> Chunk:
    return Chunk(article.source, start, end, article.text[start:end])


def _of_articles(
    connection: Connection, query: Select[tuple[object, ...]], article_ids: Sequence[str]
) -> Iterator[Row[tuple[object, ...]]]:
    column = query.selected_columns["article_id"]
    for some in batches(article_ids, IDS_AT_ONCE):
        yield from connection.execute(query.where(column.in_(some)))


def read_known(connection: Connection, article_id: str | None, url: str | None, origin: str) -> KnownArticle | None:
    """The stored article with this id, else at this URL however it is written, else from this origin.

    The digest of one that is aside is empty, so that it is stored again.
    """
    named = read_named(connection, [name]) if (name := address_name(url)) else None
    columns = (articles.c.id, articles.c.version, articles.c.digest, articles.c.origin)
    for column, value in (
        (articles.c.id, article_id),
        (articles.c.id, named),
        (articles.c.url, url),
        (articles.c.origin, origin),
    ):
        if value and (row := connection.execute(select(*columns).where(column == value).limit(1)).first()):
            aside = connection.scalar(select(quarantine.c.part).where(quarantine.c.article_id == row.id))
            return KnownArticle(row.id, row.version, "" if aside else row.digest, row.origin)
    return None


def read_changes(connection: Connection, after: int, limit: int) -> list[tuple[int, str]]:
    """Sequence numbers and article ids of what changed after number `after`, oldest first."""
    query = select(changes.c.sequence, changes.c.article_id).where(changes.c.sequence > after)
    return [(row.sequence, row.article_id) for row in connection.execute(query.order_by(changes.c.sequence).limit(limit))]


def count_changes(connection: Connection, after: int) -> int:
    return connection.scalar(select(func.count()).select_from(changes).where(changes.c.sequence > after)) or 0


def last_change(connection: Connection) -> int:
    return connection.scalar(select(func.max(changes.c.sequence))) or 0


def read_counts(connection: Connection) -> Counts:
    total, dated = connection.execute(select(func.count(), func.count(articles.c.day)).select_from(articles)).one()
    return Counts(
        total, count_chunks(connection), total - dated, connection.scalar(select(func.count()).select_from(versions)) or 0
    )


def count_chunks(connection: Connection) -> int:
    """Those of articles that are aside left out."""
    aside = chunks.c.article_id.in_(select(quarantine.c.article_id))
    there = connection.scalar(select(func.count()).select_from(chunks)) or 0
    return there - (connection.scalar(select(func.count()).select_from(chunks).where(aside)) or 0)


def read_outlets(connection: Connection) -> tuple[str, ...]:
    """One spelling of each outlet, those with the most articles first."""
    query = select(func.min(articles.c.outlet)).where(articles.c.folded_outlet.is_not(None)).group_by(articles.c.folded_outlet)
    return tuple(connection.scalars(query.order_by(func.count().desc(), articles.c.folded_outlet)))


def read_listing(
    connection: Connection, since: int | None, before: int | None, outlets: Sequence[str], limit: int | None = None
) -> list[Source]:
    """The sources of articles of these days and outlets, newest first; those without a day last, and not where days are given."""
    query = select(articles.c.id, versions.c.source).join(versions, CURRENT).where(READABLE)
    query = within(query, since, before, outlets).order_by(articles.c.day.desc().nulls_last(), articles.c.id).limit(limit)
    faults = Faults(read_zone(connection))
    found = [faults.source(row.id, row.source) for row in connection.execute(query)]
    faults.tell()
    return [source for source in found if source]


def read_first_chunks(
    connection: Connection, since: int | None, before: int | None, outlets: Sequence[str], limit: int
) -> list[str]:
    """The ids of the first chunks of at most `limit` articles of these days and outlets, newest first."""
    end = func.min(chunks.c.end)
    query = select(articles.c.id, func.min(chunks.c.start).label("start"), end.label("end"))
    query = within(query.join(chunks, chunks.c.article_id == articles.c.id), since, before, outlets).group_by(articles.c.id)
    rows = connection.execute(query.order_by(articles.c.day.desc().nulls_last(), articles.c.id).limit(limit))
    return [f"{row.id}#{row.start}-{row.end}" for row in rows]


def within(query: Select[Any], since: int | None, before: int | None, outlets: Sequence[str]) -> Select[Any]:
    if since is not None:
        query = query.where(articles.c.day >= since)
    if before is not None:
        query = query.where(articles.c.day < before)
    return query.where(articles.c.folded_outlet.in_([name.casefold() for name in outlets])) if outlets else query


def count_undated(connection: Connection, outlets: Sequence[str]) -> int:
    query = select(func.count()).select_from(articles).where(articles.c.day.is_(None))
    if outlets:
        query = query.where(articles.c.folded_outlet.in_([name.casefold() for name in outlets]))
    return connection.scalar(query) or 0
