"""The databases that a catalog can be in, one file each, and what they have to be able to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, Engine, exc


class Bell(Protocol):
    """Says that the catalog has changed. `wait` returns when it has, and after `seconds` at the latest; `close` ends it."""

    def wait(self, seconds: float) -> None: ...

    def close(self) -> None: ...


class Backend(Protocol):
    """All that differs between the databases. Every statement besides is SQLAlchemy's and the same for each.

    `name` is what messages call the catalog, `mend` what they advise who wants another one.
    """

    @property
    def name(self) -> str: ...

    @property
    def mend(self) -> str: ...

    def reading(self) -> Engine:
        """Its transactions see one state, whatever is committed meanwhile."""
        ...

    def writing(self) -> Engine:
        """Its transactions wait for each other from their beginning on, so that changes are committed in the order of their
        numbers, and are on the disk when they end."""
        ...

    def outside_transactions(self) -> AbstractContextManager[Connection]: ...

    def announce(self, connection: Connection) -> None:
        """To be called at the end of each writing transaction: whoever waits for a change is told at its commit."""
        ...

    def advise(self, error: exc.DBAPIError) -> str:
        """What is wrong, and what to do."""
        ...

    def find_problems(self, connection: Connection) -> Iterator[str]:
        """Damage that the database itself can see, one sentence each."""
        ...

    def refuse(self, name: str, value: str, indexed: bool) -> str | None:
        """Why the field `name` cannot have that value here; None where it can. `indexed`: it is looked up by."""
        ...

    def vacuum(self) -> None:
        """Give the space of deleted rows back."""
        ...

    def count_on(self, connection: Connection) -> None:
        """After rows were inserted with numbers of their own: new ones get higher numbers."""
        ...

    def hang_bell(self) -> Bell: ...

    def close(self) -> None: ...
