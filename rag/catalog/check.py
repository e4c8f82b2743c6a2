"""Whether the catalog as a whole agrees with itself; `rag.catalog.faults` looks at each article."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from rag.catalog.engines import Backend
from rag.catalog.schema import articles, versions

SHOWN = 3


def problems(connection: Connection, backend: Backend) -> Iterator[str]:
    """What is wrong, one sentence each."""
    if damage := list(backend.find_problems(connection)):
        yield from damage
        return
    current = (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version)
    lost = select(articles.c.id).outerjoin(versions, current).where(versions.c.article_id.is_(None)).limit(SHOWN)
    if ids := list(connection.scalars(lost)):
        yield f"articles without their text: {', '.join(ids)}"
