"""What made the stored chunks and vectors, as the catalog keeps it."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from rag.catalog.records import fingerprint_from_json, fingerprint_json
from rag.catalog.schema import properties
from rag.types import Fingerprint


def read_fingerprint(connection: Connection) -> Fingerprint | None:
    written = connection.scalar(select(properties.c.value).where(properties.c.name == "fingerprint"))
    return fingerprint_from_json(written) if written else None


def write_fingerprint(connection: Connection, fingerprint: Fingerprint) -> None:
    connection.execute(delete(properties).where(properties.c.name == "fingerprint"))
    connection.execute(insert(properties).values(name="fingerprint", value=fingerprint_json(fingerprint)))
