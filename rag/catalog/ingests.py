"""The journal of ingests, for `status`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from rag.catalog.records import Ingest, IngestFailure
from rag.catalog.schema import ingests

KEPT = 100
FAILURES_KEPT = 1_000


def begin(connection: Connection, arguments: Sequence[str]) -> int:
    started = datetime.now(UTC).isoformat()
    row = {"started": started, "state": "running", "arguments": json.dumps(list(arguments)), "counts": "{}", "failures": "[]"}
    connection.execute(insert(ingests).values(**row))
    number = connection.scalar(select(func.max(ingests.c.id))) or 0
    connection.execute(delete(ingests).where(ingests.c.id <= number - KEPT))
    return number


def end(connection: Connection, id: int, state: str, counts: Mapping[str, int], failures: Sequence[IngestFailure]) -> None:
    written = json.dumps([asdict(failure) for failure in failures[:FAILURES_KEPT]])
    row = {"ended": datetime.now(UTC).isoformat(), "state": state, "counts": json.dumps(dict(counts)), "failures": written}
    connection.execute(update(ingests).where(ingests.c.id == id).values(**row))


def latest(connection: Connection, limit: int) -> tuple[Ingest, ...]:
    """The last runs, newest first."""
    rows = connection.execute(select(ingests).order_by(ingests.c.id.desc()).limit(limit))
    return tuple(
        Ingest(
            row.id,
            datetime.fromisoformat(row.started),
            datetime.fromisoformat(row.ended) if row.ended else None,
            row.state,
            tuple(json.loads(row.arguments)),
            json.loads(row.counts),
            tuple(IngestFailure(**failure) for failure in json.loads(row.failures)),
        )
        for row in rows
    )
