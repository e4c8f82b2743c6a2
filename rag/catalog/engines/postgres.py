"""A catalog in PostgreSQL, for several machines. It needs the extra `postgres`.

Every writing transaction begins with an advisory lock that ends with its commit. So there is one writer at a time, as with
SQLite: changes are committed in the order of their numbers, and no follower that has seen number n can later meet a smaller one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from threading import Event, Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, func, select, text
from sqlalchemy.engine import make_url

from rag.errors import UsageError

logger = logging.getLogger(__name__)

DRIVER = "postgresql+psycopg"
POOL = 16
LOCK = 0x64_61_74_65
"""Of the two numbers of the advisory lock the first; the second tells archives in one database apart."""
REACH_SECONDS = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
GONE_MILLISECONDS = 10_000
"""After so long without a sign of life a server counts as gone, however the network hides it."""
LOOK = 0.25
"""Seconds after which one who waits for a change looks whether it is to end."""
LONGEST_INDEXED = 2_000
"""Bytes of a value that is looked up by; an index takes no row of more than about 2,700."""

_SEQUENCE = "SELECT pg_get_serial_sequence('{table}', '{column}')"
_NUMBERED = (("changes", "sequence"), ("ingests", "id"), ("signatures", "number"))
_ADVICE = {
    "55P03": "another process has been writing to it for too long; try again, or raise DATELINE_BUSY_TIMEOUT",
    "53100": "the disk of the server is full; free some space there and run the same command again",
    "53300": "the server has too many connections; raise its max_connections, or try again",
    "25006": "the server lets nobody write; name the primary in DATELINE_CATALOG",
    "42501": "the user may not do that; give it all rights on the schema",
    "54000": "a value is too long to be looked up by; leave that article out",
    "XX001": "it is damaged; restore it from a backup of the server",
    "XX002": "an index of it is damaged; REINDEX the database",
}


class PostgreSQL:
    """The database at `address`, of which no message shows the password. A writer waits `busy_timeout` seconds for another."""

    mend = "name another database in DATELINE_CATALOG"

    def __init__(self, address: str, busy_timeout: float) -> None:
        self._url = read_address(address)
        self.name = self._url.set(drivername="postgresql").render_as_string(hide_password=True)
        self._engine = create_engine(
            self._url, connect_args={**REACH_SECONDS, "tcp_user_timeout": GONE_MILLISECONDS, "application_name": "dateline"},
            pool_size=POOL, max_overflow=POOL, pool_timeout=busy_timeout, pool_pre_ping=True,
        )  # fmt: skip
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._busy_timeout = f"{int(busy_timeout * 1000)}ms"
        event.listen(self._engine, "begin", self._begin)

    def reading(self) -> Engine:
        return self._reading

    def writing(self) -> Engine:
        return self._engine.execution_options(locked=True)

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            yield connection

    def connect_listening(self) -> Any:
        """A connection of the driver's that hears of changes, for the caller to close."""
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()  # among the others it would go on listening
        connection.autocommit = True
        connection.execute(f'LISTEN "{self._channel()}"')
        return connection

    def announce(self, connection: Connection) -> None:
        connection.execute(select(func.pg_notify(self._channel(), "")))

    def advise(self, error: exc.DBAPIError) -> str:
        state = getattr(error.orig, "sqlstate", None) or ""
        told = " ".join(str(error.orig).split())
        if state in _ADVICE:
            return _ADVICE[state]
        if error.connection_invalidated or not state or state[:2] in ("08", "28", "3D", "57"):
            return f"it cannot be reached ({told}); see that the server runs and that DATELINE_CATALOG is right"
        return f"{told}; `dateline doctor` checks it"

    def find_problems(self, connection: Connection) -> Iterator[str]:  # noqa: ARG002 - it is not asked
        """What reads through everything, such as pg_amcheck, is the server's own to run."""
        return iter(())

    def refuse(self, name: str, value: str, indexed: bool) -> str | None:
        if (at := value.find("\0")) >= 0:
            return f"its {name} has a character at {at} that PostgreSQL does not take (NUL)"
        if indexed and len(value.encode("utf-8", "replace")) > LONGEST_INDEXED:
            return f"its {name} has more than {LONGEST_INDEXED:,} bytes, which PostgreSQL cannot look up"
        return None

    def vacuum(self) -> None:
        with self.outside_transactions() as connection:
            for table in connection.dialect.get_table_names(connection):
                connection.exec_driver_sql(f'VACUUM ANALYZE "{table}"')

    def count_on(self, connection: Connection) -> None:
        for table, column in _NUMBERED:
            sequence = connection.scalar(text(_SEQUENCE.format(table=table, column=column)))
            highest = f"(SELECT coalesce(max({column}), 0) + 1 FROM {table})"
            connection.execute(text(f"SELECT setval('{sequence}', {highest}, false)"))

    def hang_bell(self) -> Listening:
        return Listening(self)

    def close(self) -> None:
        self._engine.dispose()

    def _begin(self, connection: Connection) -> None:
        if connection.get_execution_options().get("locked"):
            connection.execute(select(func.set_config("lock_timeout", self._busy_timeout, True)))
            connection.execute(select(func.pg_advisory_xact_lock(LOCK, func.hashtext(func.current_schema()))))

    def _channel(self) -> str:
        """Names are cut at 63 bytes."""
        return f"dateline_{self._engine.dialect.default_schema_name}"[:60]


class Listening:
    """Rings when a writer commits. While the server is gone its wait ends with the time."""

    def __init__(self, server: PostgreSQL) -> None:
        self._server = server
        self._connection: Any = None
        self._closed = Event()
        self._waiting = Lock()  # the driver's connection must not be closed under a thread that waits in it

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        with self._waiting:
            try:
                while not self._closed.is_set() and (left := until - time.monotonic()) > 0:
                    if list(self._listen().notifies(timeout=min(left, LOOK), stop_after=1)):
                        return
            except Exception as error:  # of the driver or of SQLAlchemy: whoever waits looks all the same
                logger.debug("no word of changes from %s: %s", self._server.name, error)
                self._drop()
        self._closed.wait(max(0.0, until - time.monotonic()))

    def close(self) -> None:
        self._closed.set()
        with self._waiting:
            self._drop()

    def _listen(self) -> Any:
        """The driver's own connection, which listens."""
        if self._connection is None:
            self._connection = self._server.connect_listening()
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        with suppress(Exception):
            if connection is not None:
                connection.close()


def read_address(address: str) -> URL:
    """Raises UsageError for what is no address of PostgreSQL, and where the driver is not installed."""
    try:
        url = make_url(address)
    except exc.ArgumentError:
        raise UsageError(_NO_ADDRESS) from None  # the message would show a password
    if url.drivername not in ("postgresql", "postgres", DRIVER):
        raise UsageError(_NO_ADDRESS)
    if find_spec("psycopg") is None:
        raise UsageError('PostgreSQL needs a driver: pip install "dateline[postgres]"')
    return url.set(drivername=DRIVER)


_NO_ADDRESS = "DATELINE_CATALOG is no address of a PostgreSQL database; write postgresql+psycopg://USER:PASSWORD@HOST:5432/NAME"
