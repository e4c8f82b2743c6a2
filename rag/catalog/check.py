"""Whether the catalog as a whole agrees with itself; `rag.catalog.faults` looks at each article."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from rag.catalog.schema import articles, versions

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
