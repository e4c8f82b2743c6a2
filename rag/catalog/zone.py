"""The time zone of an archive: whose days its articles are of, wherever they are shown, filtered or told from."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, delete, insert, select, update

from rag.catalog.changes import record_change
from rag.catalog.faults import Faults
from rag.catalog.schema import articles, properties, versions

_ZONE = properties.c.name == "zone"


def name_of(zone: tzinfo) -> str:
    """Its name in the IANA database; UTC for what has none."""
    return zone.key if isinstance(zone, ZoneInfo) else "UTC"


def read_zone(connection: Connection) -> ZoneInfo | None:
    """None until the first article is stored, and for a name that is garbled."""
    written = connection.scalar(select(properties.c.value).where(_ZONE))
    try:
        return ZoneInfo(written) if written else None
    except (KeyError, ValueError, OSError):
        return None


def write_zone(connection: Connection, zone: tzinfo) -> None:
    connection.execute(delete(properties).where(_ZONE))
    connection.execute(insert(properties).values(name="zone", value=name_of(zone)))


def change_zone(connection: Connection, zone: tzinfo) -> int:
    """Give the archive the zone, and file its articles under their days there; the times in their texts are to be told anew.

    How many articles are of another day now; the indexes follow. Damaged articles are passed over.
    """
    write_zone(connection, zone)
    current = and_(versions.c.article_id == articles.c.id, versions.c.number == articles.c.version)
    rows = connection.execute(select(articles.c.id, articles.c.day, versions.c.source).join(versions, current))
    moved = 0
    for row in rows.all():
        source = Faults().source(row.id, row.source)
        day = source.day(zone) if source else None
        if source is None or day is None or day.toordinal() == row.day:
            continue
        connection.execute(update(articles).where(articles.c.id == row.id).values(day=day.toordinal()))
        record_change(connection, row.id)
        moved += 1
    return moved
