"""The database behind the catalog: what a transaction is, whether its tables are of this release, and its errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import Connection, exc, insert, select, update

from rag.catalog.engines import Backend, Bell
from rag.catalog.schema import METADATA, SCHEMA_VERSION, UPGRADED, properties
from rag.errors import StorageError

_SCHEMA = properties.c.name == "schema"


class Database:
    """Transactions on one catalog, from many threads."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.name = backend.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the catalog, whatever is committed meanwhile."""
        with self.translate_errors(), self.backend.reading().begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Committed, and on the disk, when the block ends without an error."""
        with self.translate_errors(), self.backend.writing().begin() as connection:
            yield connection
            self.backend.announce(connection)

    def vacuum(self) -> None:
        with self.translate_errors():
            self.backend.vacuum()

    def hang_bell(self) -> Bell:
        """What waits for the next change."""
        return self.backend.hang_bell()

    def has_tables(self) -> bool:
        with self.reading() as connection:
            return connection.dialect.has_table(connection, properties.name)

    def create_tables(self) -> None:
        with self.writing() as connection:
            METADATA.create_all(connection)
            if connection.scalar(select(properties.c.value).where(_SCHEMA)) is None:
                rows = {"schema": str(SCHEMA_VERSION), "id": uuid4().hex}
                connection.execute(insert(properties), [{"name": name, "value": value} for name, value in rows.items()])

    def require_schema(self) -> None:
        """Upgrades a catalog of an earlier release. Raises StorageError when a later one made it."""
        if not self.has_tables():
            raise StorageError(f"{self.name} is not a catalog of Dateline; {self.backend.mend}")
        found = self._schema()
        if found in {str(version) for version in UPGRADED}:
            found = self._upgrade()
        if found != str(SCHEMA_VERSION):
            raise StorageError(
                f"{self.name} has schema {found}, this release of Dateline reads {SCHEMA_VERSION};"
                f" upgrade Dateline, or {self.backend.mend}"
            )

    def close(self) -> None:
        self.backend.close()

    @contextmanager
    def translate_errors(self) -> Iterator[None]:
        """The database's errors as StorageError with its name and what to do."""
        try:
            yield
        except exc.TimeoutError as error:
            raise StorageError(f"{self.name}: too many threads at once; try again") from error
        except exc.DBAPIError as error:
            raise StorageError(f"{self.name}: {self.backend.advise(error)}") from error

    def _schema(self) -> str | None:
        with self.reading() as connection:
            return connection.scalar(select(properties.c.value).where(_SCHEMA))

    def _upgrade(self) -> str | None:
        """The schema afterwards. Another process may be at it at the same time: the second one finds nothing to do."""
        from rag.catalog.migrations import upgrade

        with self.writing() as connection:
            found = connection.scalar(select(properties.c.value).where(_SCHEMA))
            if found in {str(version) for version in UPGRADED}:
                upgrade(connection, int(found))
                found = str(SCHEMA_VERSION)
                connection.execute(update(properties).where(_SCHEMA).values(value=found))
        return found


class Stored:
    """What asks one database; the catalog is made of such parts, each in a module of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
