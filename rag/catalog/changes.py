"""The sequence of changes. Every change of an article gets the next number; whoever follows asks for what came after the last."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert

from rag.catalog.schema import changes


def record_change(connection: Connection, article_id: str) -> None:
    connection.execute(delete(changes).where(changes.c.article_id == article_id))
    connection.execute(insert(changes).values(article_id=article_id))
