"""What is derived from an article's text when it is stored: the times that it names, and what it is compared by to find copies.

Nothing of it is computed here. Whoever stores an article hands it over; for articles of an earlier release, and for those that a
change of the time zone has filed under another day, it can be handed over later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select

from rag.catalog import copies
from rag.catalog.changes import record_change
from rag.catalog.records import Derivation, Underived
from rag.catalog.schema import articles, derivations, quarantine, signatures
from rag.catalog.times import write_times


def record_derivation(connection: Connection, article_id: str, version: int, day: int | None) -> None:
    """Note that what is stored was derived from this version, and its times told from this day."""
    connection.execute(delete(derivations).where(derivations.c.article_id == article_id))
    connection.execute(insert(derivations).values(article_id=article_id, version=version, day=day))


def fill_derivations(connection: Connection) -> None:
    """For a catalog that does not say so: articles with a signature were stored with their times too."""
    rows = select(articles.c.id, articles.c.version, articles.c.day).join(signatures, signatures.c.article_id == articles.c.id)
    connection.execute(insert(derivations).from_select(["article_id", "version", "day"], rows))


def find_underived(connection: Connection, limit: int) -> list[Underived]:
    """At most `limit` articles whose times and signature are not those of their current text and day, by id."""
    rows = connection.execute(_select_underived(select(articles.c.id, articles.c.version, articles.c.day)).limit(limit))
    return [Underived(row.id, row.version, None if row.day is None else date.fromordinal(row.day)) for row in rows]


def count_underived(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(_select_underived(select(articles.c.id)).subquery())) or 0


def write_derived(connection: Connection, derived: Sequence[Derivation]) -> None:
    """Articles forgotten, changed or filed under another day meanwhile are passed over."""
    for item in derived:
        stored = item.article
        day = None if stored.day is None else stored.day.toordinal()
        row = connection.execute(select(articles.c.version, articles.c.day).where(articles.c.id == stored.article_id)).first()
        if row is None or (row.version, row.day) != (stored.version, day):
            continue
        write_times(connection, stored.article_id, item.mentions)
        copies.sign(connection, stored.article_id, item.signature)
        record_derivation(connection, stored.article_id, stored.version, day)
        record_change(connection, stored.article_id)


def _select_underived(query: Select[Any]) -> Select[Any]:
    same_day = or_(derivations.c.day == articles.c.day, and_(derivations.c.day.is_(None), articles.c.day.is_(None)))
    same = and_(derivations.c.article_id == articles.c.id, derivations.c.version == articles.c.version, same_day)
    unreadable = select(quarantine.c.article_id).where(quarantine.c.part == "source")
    query = query.outerjoin(derivations, same).where(derivations.c.article_id.is_(None), articles.c.id.not_in(unreadable))
    return query.order_by(articles.c.id)
