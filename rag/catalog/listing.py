"""What is in the catalog, a page at a time and in numbers. Each takes an open transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func, or_, select

from rag.catalog.faults import Faults
from rag.catalog.reading import CURRENT, READABLE, within
from rag.catalog.schema import articles, versions
from rag.catalog.zone import read_zone
from rag.types import DayTally, OutletTally, Source

Place = tuple[int | None, str]
"""The day and the id of an article: where it stands among all, newest first, those without a day last."""


def read_page(
    connection: Connection, since: int | None, before: int | None, outlets: Sequence[str], limit: int, after: Place | None
) -> list[tuple[Place, Source]]:
    """At most `limit` sources of these days and outlets that stand behind `after`, in order, each with its place."""
    day, id = articles.c.day, articles.c.id
    query = within(select(id, day, versions.c.source).join(versions, CURRENT).where(READABLE), since, before, outlets)
    if after and after[0] is None:
        query = query.where(day.is_(None), id > after[1])
    elif after:
        query = query.where(or_(day < after[0], day.is_(None), (day == after[0]) & (id > after[1])))
    faults = Faults(read_zone(connection))
    rows = connection.execute(query.order_by(day.desc().nulls_last(), id).limit(limit))
    found = [((row.day, row.id), faults.source(row.id, row.source)) for row in rows]
    faults.tell()
    return [(place, source) for place, source in found if source]


def read_outlet_tallies(connection: Connection) -> list[OutletTally]:
    """One spelling of each outlet, those with the most articles first."""
    count = func.count()
    query = select(func.min(articles.c.outlet), count, func.min(articles.c.day), func.max(articles.c.day))
    query = query.where(articles.c.folded_outlet.is_not(None)).group_by(articles.c.folded_outlet)
    rows = connection.execute(query.order_by(count.desc(), articles.c.folded_outlet))
    return [OutletTally(name, articles, _day(first), _day(last)) for name, articles, first, last in rows]


def read_day_tallies(
    connection: Connection, since: int | None, before: int | None, outlets: Sequence[str], limit: int | None
) -> list[DayTally]:
    """The days on which articles were published, newest first."""
    query = select(articles.c.day, func.count()).where(articles.c.day.is_not(None)).group_by(articles.c.day)
    rows = connection.execute(within(query, since, before, outlets).order_by(articles.c.day.desc()).limit(limit))
    return [DayTally(date.fromordinal(day), count) for day, count in rows]


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)
