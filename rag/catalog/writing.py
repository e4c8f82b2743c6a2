"""Changes of articles. Each takes an open transaction; every change gets the next number of one sequence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

import numpy as np
from sqlalchemy import Connection, delete, insert, select, update

from rag.catalog import copies
from rag.catalog.changes import record_change
from rag.catalog.derived import record_derivation
from rag.catalog.names import (
    address_name,
    file_name,
    id_name,
    key_name,
    mark_forgotten,
    read_names,
    text_name,
    unmark_forgotten,
    write_names,
)
from rag.catalog.records import VECTOR_TYPE, StoredArticle, source_json, text_digest
from rag.catalog.schema import articles, chunks, pages, quarantine, versions
from rag.catalog.times import write_times
from rag.types import Chunk, Vectors


def put(connection: Connection, stored: StoredArticle, zone: tzinfo) -> None:
    """Store an article, or a new version of it, in place of its chunks."""
    article, source = stored.article, stored.article.source
    number = (connection.scalar(select(articles.c.version).where(articles.c.id == source.id)) or 0) + 1
    day = source.day(zone)
    row = {
        "origin": stored.origin,
        "url": source.url,
        "version": number,
        "digest": article.digest,
        "text_digest": text_digest(article.text),
        "day": day.toordinal() if day else None,
        "outlet": source.outlet,
        "folded_outlet": source.outlet.casefold() if source.outlet else None,
    }
    if number == 1:
        connection.execute(insert(articles).values(id=source.id, **row))
    else:
        connection.execute(update(articles).where(articles.c.id == source.id).values(**row))
    connection.execute(
        insert(versions).values(
            article_id=source.id,
            number=number,
            stored_at=datetime.now(UTC).isoformat(),
            digest=article.digest,
            source=source_json(source),
            text=article.text,
        )
    )
    connection.execute(delete(quarantine).where(quarantine.c.article_id == source.id))
    connection.execute(delete(chunks).where(chunks.c.article_id == source.id))
    if stored.chunks:
        connection.execute(insert(chunks), chunk_rows(source.id, stored.chunks, stored.vectors))
    known_by = [address_name(source.url), key_name(stored.key) if stored.key else None]
    write_names(connection, source.id, known_by)
    unmark_forgotten(connection, _all_names(source.id, filter(None, known_by), str(row["text_digest"]), stored.origin))
    copies.sign(connection, source.id, stored.signature)
    write_times(connection, source.id, stored.mentions)
    record_derivation(connection, source.id, number, day.toordinal() if day else None)
    record_change(connection, source.id)


def forget(connection: Connection, article_id: str, for_good: bool = False) -> bool:
    """Drop an article with all its versions and chunks; False when it is not there. `for_good`: it will be known again."""
    columns = (articles.c.url, articles.c.origin, articles.c.text_digest)
    row = connection.execute(select(*columns).where(articles.c.id == article_id)).first()
    if row is None:
        return False
    if for_good:
        known_by = read_names(connection, article_id)
        mark_forgotten(connection, _all_names(article_id, known_by, row.text_digest, row.origin))
    connection.execute(delete(pages).where(pages.c.url.in_([row.url or "", row.origin.encode("utf-8", "replace").decode()])))
    copies.unsign(connection, article_id)
    connection.execute(delete(articles).where(articles.c.id == article_id))
    record_change(connection, article_id)
    return True


def _all_names(article_id: str, known_by: Iterable[str], digest: str, origin: str) -> list[str]:
    return [id_name(article_id), *known_by, text_name(digest), file_name(origin)]


def chunk_rows(article_id: str, of_article: tuple[Chunk, ...], vectors: Vectors) -> list[dict[str, object]]:
    packed = np.ascontiguousarray(vectors, VECTOR_TYPE)
    return [
        {"article_id": article_id, "start": chunk.start, "end": chunk.end, "vector": row.tobytes()}
        for chunk, row in zip(of_article, packed, strict=True)
    ]
