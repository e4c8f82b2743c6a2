"""Whether the catalog agrees with itself."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, or_, select

from rag.catalog.schema import articles, chunks, versions
from rag.catalog.writing import read_fingerprint

SHOWN = 3


def problems(connection: Connection) -> Iterator[str]:
    """What is wrong, one sentence each."""
    if (said := connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()) != "ok":
        yield f"SQLite finds it damaged: {said}"
        return
    if orphan := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        yield f"rows of {orphan[0]} belong to no article"
    current = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version)
    lost = select(articles.c.id).outerjoin(versions, current).where(versions.c.article_id.is_(None)).limit(SHOWN)
    if ids := list(connection.scalars(lost)):
        yield f"articles without their text: {', '.join(ids)}"
    fingerprint = read_fingerprint(connection)
    width = 4 * fingerprint.dimension if fingerprint else 0
    bad = select(chunks.c.article_id).where(or_(func.length(chunks.c.vector) != width, chunks.c.end <= chunks.c.start))
    if ids := list(connection.scalars(bad.distinct().limit(SHOWN))):
        yield f"articles with chunks or vectors of a wrong size: {', '.join(ids)}"
