"""All rows of one catalog into another, whichever databases they are in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, delete, func, insert, select

from rag.catalog.connection import Database
from rag.catalog.engines import Backend
from rag.catalog.replicate import FOLLOWED, IDENTITY
from rag.catalog.schema import METADATA, articles, properties, versions
from rag.errors import InputError, StorageError, UsageError

ROWS_AT_ONCE = 500
OWN = (IDENTITY, FOLLOWED)
LOOKED_UP = {"articles": ("id", "url", "outlet"), "versions": ("text",), "names": ("name",), "pages": ("url",)}
"""Fields in which a database may not take everything."""

Progress = Callable[[int, int | None], None]


def transfer(source: Database, target: Database, progress: Progress | None = None) -> dict[str, int]:
    """Copy every table, as it is at one moment, in one transaction; how many rows each has.

    Raises UsageError when the target has articles already, InputError for what its database does not take, and StorageError when
    it does not have as many rows afterwards. Then nothing is copied.
    """
    with source.reading() as read, target.writing() as write:
        if _count(write, articles):
            raise UsageError(f"{target.name} has an archive there already; {target.backend.mend}")
        write.execute(delete(properties))
        whole, done, counts = sum(_count(read, table) for table in METADATA.sorted_tables), 0, {}
        for table in METADATA.sorted_tables:
            counts[table.name] = 0
            for some in read.execute(select(table).execution_options(yield_per=ROWS_AT_ONCE)).mappings().partitions():
                rows = [dict(row) for row in some]
                _require_taken(table, rows, target.backend)
                write.execute(insert(table), rows)
                counts[table.name] += len(rows)
                done += len(rows)
                if progress:
                    progress(done, whole)
        target.backend.count_on(write)
        _require_whole(read, write, target)
        write.execute(delete(properties).where(properties.c.name.in_(OWN)))
        own = insert(properties).values(name=IDENTITY, value=uuid4().hex)
        write.execute(own)  # whoever followed the old one must not take it for that
    return counts


def _require_taken(table: Table, rows: list[dict[str, Any]], backend: Backend) -> None:
    for field in LOOKED_UP.get(table.name, ()):
        for row in rows:
            if refusal := backend.refuse(field, row[field] or "", indexed=table is not versions):
                article_id = row.get("article_id", row.get("id", row.get("url")))
                raise InputError(
                    f"article {article_id!r}: {refusal}; `dateline forget` it, or ingest it without that, and move again"
                )


def _require_whole(read: Connection, write: Connection, target: Database) -> None:
    for table in METADATA.sorted_tables:
        if (wanted := _count(read, table)) != (got := _count(write, table)):
            raise StorageError(
                f"{target.name}: {got:,} of {wanted:,} rows of {table.name} were copied; nothing was kept, try again"
            )


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
