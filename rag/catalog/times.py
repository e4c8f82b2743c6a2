"""The times that stored articles name, so that they can be shown with a quote and searched by the days that they mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, and_, delete, func, insert, select

from rag.batches import batches
from rag.catalog.schema import chunks, times
from rag.types import Mention

IDS_AT_ONCE = 500
WIDER = 3
"""A time that spans more than so many times the days asked about says little of them."""


def write_times(connection: Connection, article_id: str, mentions: Iterable[Mention]) -> None:
    """In place of those of the article's last version."""
    connection.execute(delete(times).where(times.c.article_id == article_id))
    rows = [
        {
            "article_id": article_id,
            "start": mention.start,
            "end": mention.end,
            "first": mention.first.toordinal(),
            "before": mention.before.toordinal(),
            "rule": mention.rule,
        }
        for mention in mentions
    ]
    if rows:
        connection.execute(insert(times), rows)


def read_times(connection: Connection, article_ids: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
    """The times of each article that names any, in the order of its text."""
    found: dict[str, list[Mention]] = {}
    for some in batches(article_ids, IDS_AT_ONCE):
        query = select(times).where(times.c.article_id.in_(some)).order_by(times.c.article_id, times.c.start)
        for row in connection.execute(query):
            first, before = date.fromordinal(row.first), date.fromordinal(row.before)
            found.setdefault(row.article_id, []).append(Mention(row.start, row.end, first, before, row.rule))
    return {article_id: tuple(mentions) for article_id, mentions in found.items()}


def chunks_naming(connection: Connection, first: date, before: date, limit: int) -> list[str]:
    """The ids of at most `limit` chunks that name a time within or about `first <= day < before`, the narrowest times first."""
    width = times.c.before - times.c.first
    inside = and_(chunks.c.article_id == times.c.article_id, chunks.c.start <= times.c.start, times.c.end <= chunks.c.end)
    query = (
        select(chunks.c.article_id, chunks.c.start, chunks.c.end)
        .join(times, inside)
        .where(
            times.c.first < before.toordinal(),
            times.c.before > first.toordinal(),
            width <= WIDER * (before - first).days,
        )
        .group_by(chunks.c.article_id, chunks.c.start, chunks.c.end)
        .order_by(func.min(width), chunks.c.article_id, chunks.c.start)
        .limit(limit)
    )
    return [f"{row.article_id}#{row.start}-{row.end}" for row in connection.execute(query)]
