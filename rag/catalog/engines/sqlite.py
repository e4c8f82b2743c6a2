"""A catalog in one SQLite file, for one machine: several processes of it may have the file open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, exc

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an acknowledgement survives a power cut
    "foreign_keys=ON",
    "secure_delete=ON",  # what is forgotten is overwritten
)
POOL = 16

_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run the same command again",
    sqlite3.SQLITE_READONLY: "it cannot be written; check the permissions of the archive directory",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check the permissions of the archive directory",
    sqlite3.SQLITE_IOERR: "the disk fails to read or write, or is full; check it and run the same command again",
    sqlite3.SQLITE_BUSY: "another process has been writing to it for too long; try again, or raise DATELINE_BUSY_TIMEOUT",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore it from a backup, or move the archive away and ingest again",
    sqlite3.SQLITE_NOTADB: "it is not a catalog; restore it from a backup, or move the archive away and ingest again",
}


class SQLite:
    """The file at `path`. A writer waits `busy_timeout` seconds for another."""

    mend = "name another archive directory"

    def __init__(self, path: Path, busy_timeout: float) -> None:
        self.name = str(path)
        self._engine = _engine(path, busy_timeout)

    def reading(self) -> Engine:
        return self._engine

    def writing(self) -> Engine:
        return self._engine.execution_options(immediate=True)

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        with self._engine.execution_options(immediate=None).connect() as connection:
            yield connection

    def announce(self, connection: Connection) -> None:
        """Nobody can be told: followers look again and again."""

    def advise(self, error: exc.DBAPIError) -> str:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        return _ADVICE.get(code, f"{error.orig}; `dateline doctor` checks it")

    def find_problems(self, connection: Connection) -> Iterator[str]:
        if (said := connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()) != "ok":
            yield f"SQLite finds it damaged: {said}"
        elif orphan := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            yield f"rows of {orphan[0]} belong to no article"

    def refuse(self, name: str, value: str, indexed: bool) -> str | None:  # noqa: ARG002 - it takes everything
        return None

    def vacuum(self) -> None:
        """Needs as much free space as the catalog takes."""
        with self.outside_transactions() as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def count_on(self, connection: Connection) -> None:
        """SQLite does so by itself."""

    def hang_bell(self) -> Silent:
        return Silent()

    def close(self) -> None:
        self._engine.dispose()


class Silent:
    """A bell that never rings: its wait ends with the time, or with `close`."""

    def __init__(self) -> None:
        self._closed = Event()

    def wait(self, seconds: float) -> None:
        self._closed.wait(seconds)

    def close(self) -> None:
        self._closed.set()


def _engine(path: Path, busy_timeout: float) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
        connection.text_factory = _decode
        return connection

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=POOL, max_overflow=POOL, pool_timeout=busy_timeout
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _decode(raw: bytes) -> str:
    """Damaged bytes cost the article that they stand in, not every question that meets it."""
    return raw.decode("utf-8", "replace")


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: one that read first could not wait for another writer, only fail."""
    immediate = connection.get_execution_options().get("immediate", False)
    if immediate is not None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
