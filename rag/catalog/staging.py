"""New chunks and vectors beside the current ones, until every article has them and they are switched at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, func, insert, select

from rag.catalog.changes import record_change
from rag.catalog.fingerprint import write_fingerprint
from rag.catalog.records import StagedArticle, fingerprint_json, require_vectors
from rag.catalog.schema import articles, chunks, properties, quarantine, staged_articles, staged_chunks
from rag.catalog.writing import chunk_rows
from rag.types import Fingerprint

_STAGED_FOR = properties.c.name == "staged fingerprint"


def begin(connection: Connection, fingerprint: Fingerprint) -> None:
    """Drop what is staged for another fingerprint; what is staged for this one is gone on with."""
    written = fingerprint_json(fingerprint)
    if connection.scalar(select(properties.c.value).where(_STAGED_FOR)) != written:
        drop(connection)
        connection.execute(insert(properties).values(name="staged fingerprint", value=written))


def drop(connection: Connection) -> None:
    connection.execute(delete(staged_articles))
    connection.execute(delete(properties).where(_STAGED_FOR))


def stage(connection: Connection, fingerprint: Fingerprint, restaged: Sequence[StagedArticle]) -> None:
    """Articles forgotten or changed meanwhile are passed over."""
    begin(connection, fingerprint)
    for item in restaged:
        require_vectors(item.article_id, item.vectors, len(item.chunks), fingerprint.dimension)
        connection.execute(delete(staged_articles).where(staged_articles.c.article_id == item.article_id))
        if connection.scalar(select(articles.c.version).where(articles.c.id == item.article_id)) != item.version:
            continue
        connection.execute(insert(staged_articles).values(article_id=item.article_id, version=item.version))
        if item.chunks:
            connection.execute(insert(staged_chunks), chunk_rows(item.article_id, item.chunks, item.vectors))


def find_unstaged(connection: Connection, limit: int) -> list[tuple[str, int]]:
    """Ids and versions of articles whose current version is not staged; those with a garbled source cannot be."""
    current = and_(staged_articles.c.article_id == articles.c.id, staged_articles.c.version == articles.c.version)
    query = select(articles.c.id, articles.c.version).outerjoin(staged_articles, current)
    query = query.where(articles.c.id.not_in(select(quarantine.c.article_id).where(quarantine.c.part == "source")))
    rows = connection.execute(query.where(staged_articles.c.article_id.is_(None)).order_by(articles.c.id).limit(limit))
    return [(row.id, row.version) for row in rows]


def count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(staged_articles)) or 0


def promote(connection: Connection, fingerprint: Fingerprint) -> bool:
    """Make what is staged current, with its fingerprint. False, and nothing happens, while an article is not staged."""
    begin(connection, fingerprint)
    if find_unstaged(connection, 1):
        return False
    connection.execute(delete(chunks))
    connection.execute(insert(chunks).from_select(["article_id", "start", "end", "vector"], select(staged_chunks)))
    connection.execute(delete(quarantine).where(quarantine.c.part == "chunks"))
    write_fingerprint(connection, fingerprint)
    drop(connection)
    return True


def replace_chunks(connection: Connection, fingerprint: Fingerprint, made: Sequence[StagedArticle]) -> None:
    """Chunks and vectors made again in place of damaged ones. Articles forgotten or changed meanwhile are passed over."""
    for item in made:
        require_vectors(item.article_id, item.vectors, len(item.chunks), fingerprint.dimension)
        if connection.scalar(select(articles.c.version).where(articles.c.id == item.article_id)) != item.version:
            continue
        connection.execute(delete(chunks).where(chunks.c.article_id == item.article_id))
        if item.chunks:
            connection.execute(insert(chunks), chunk_rows(item.article_id, item.chunks, item.vectors))
        connection.execute(delete(quarantine).where(quarantine.c.article_id == item.article_id))
        record_change(connection, item.article_id)
