"""The database behind the catalog: how it is opened, what a transaction is, and its errors as ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, exc, insert, select, update

from rag.catalog.derived import fill_derivations
from rag.catalog.names import fill_names
from rag.catalog.schema import METADATA, SCHEMA_VERSION, UPGRADED, properties
from rag.errors import StorageError

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an acknowledgement survives a power cut
    "foreign_keys=ON",
    "secure_delete=ON",  # what is forgotten is overwritten
)
POOL = 16
WITHOUT_NAMES = {"1", "2", "3"}
"""Schemas before the table of names."""

_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run the same command again",
    sqlite3.SQLITE_READONLY: "it cannot be written; check the permissions of the archive directory",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check the permissions of the archive directory",
    sqlite3.SQLITE_IOERR: "the disk fails to read or write, or is full; check it and run the same command again",
    sqlite3.SQLITE_BUSY: "another process has been writing to it for too long; try again, or raise DATELINE_BUSY_TIMEOUT",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore it from a backup, or move the archive away and ingest again",
    sqlite3.SQLITE_NOTADB: "it is not a catalog; restore it from a backup, or move the archive away and ingest again",
}


class Database:
    """Transactions on one SQLite file, from many threads."""

    def __init__(self, path: Path, busy_timeout: float) -> None:
        self.path = path
        self._engine = _engine(path, busy_timeout)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the catalog, whatever is committed meanwhile."""
        with translate_errors(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Committed, and on the disk, when the block ends without an error."""
        connecting = self._engine.execution_options(immediate=True)
        with translate_errors(self.path), connecting.begin() as connection:
            yield connection

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        with translate_errors(self.path), self._engine.execution_options(immediate=None).connect() as connection:
            yield connection

    def create_tables(self) -> None:
        with self.writing() as connection:
            METADATA.create_all(connection)
            if connection.scalar(select(properties.c.value).where(properties.c.name == "schema")) is None:
                connection.execute(insert(properties).values(name="schema", value=str(SCHEMA_VERSION)))

    def require_schema(self) -> None:
        """Adds the tables that a catalog of an earlier release lacks. Raises StorageError when a later one made it."""
        with self.reading() as connection:
            if not connection.dialect.has_table(connection, properties.name):
                raise StorageError(f"{self.path} is not a catalog of Dateline; name another archive directory")
            found = connection.scalar(select(properties.c.value).where(properties.c.name == "schema"))
        if found in {str(version) for version in UPGRADED}:
            with self.writing() as connection:
                METADATA.create_all(connection)
                if found in WITHOUT_NAMES:
                    fill_names(connection)
                fill_derivations(connection)
                connection.execute(update(properties).where(properties.c.name == "schema").values(value=str(SCHEMA_VERSION)))
        elif found != str(SCHEMA_VERSION):
            raise StorageError(
                f"{self.path} has schema {found}, this release of Dateline reads {SCHEMA_VERSION};"
                " upgrade Dateline, or name another archive directory"
            )

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """The database's errors as StorageError with the file and what to do."""
    try:
        yield
    except exc.TimeoutError as error:
        raise StorageError(f"{path}: too many threads at once; try again") from error
    except exc.DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        advice = _ADVICE.get(code, f"{error.orig}; `dateline doctor` checks it")
        raise StorageError(f"{path}: {advice}") from error


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
