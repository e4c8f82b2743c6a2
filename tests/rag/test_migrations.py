"""Catalogs of earlier schemas, in both databases, and what a later schema will do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from rag.catalog import Catalog
from rag.catalog.migrations import configure, upgrade
from rag.catalog.schema import METADATA, SCHEMA_VERSION
from tests.rag.stored import FINGERPRINT, make_article, make_stored, many_stored

Open = Callable[[], Catalog]
TABLES_SINCE = {
    1: ["sources", "pages", "dead_letters", "names", "forgotten", "quarantine", "derivations"],
    4: ["derivations"],
}  # fmt: skip
"""Some of the tables that a catalog of that schema had not."""


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/c.sqlite3"
    return str(request.getfixturevalue("postgres").address())


def open_at(address: str, *, create: bool = False) -> Catalog:
    if address.startswith("sqlite:///"):
        return Catalog.open(Path(address.removeprefix("sqlite:///")), create=create)
    return Catalog.connect(address, create=create)


@contextmanager
def connected(address: str) -> Iterator[Connection]:
    engine = create_engine(address)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def differences(connection: Connection) -> list[object]:
    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name in ("alembic_version", "sqlite_sequence"))

    context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": True})
    return list(compare_metadata(context, METADATA))


def test_the_steps_lead_to_the_tables_of_this_release(address: str) -> None:
    with connected(address) as connection:
        upgrade(connection, 0)
        assert differences(connection) == []


def test_the_last_step_is_the_schema_of_this_release(address: str) -> None:
    with connected(address) as connection:
        assert ScriptDirectory.from_config(configure(connection)).get_heads() == [str(SCHEMA_VERSION)]


@pytest.mark.parametrize("schema", TABLES_SINCE)
def test_a_catalog_of_an_earlier_schema_is_filled_when_it_is_opened(address: str, schema: int) -> None:
    with open_at(address, create=True) as catalog:
        catalog.adopt(FINGERPRINT)
        catalog.put([*many_stored(range(3)), make_stored(make_article(9, url="https://a.example/nine"))])
    with connected(address) as connection:
        for table in TABLES_SINCE[schema]:
            connection.execute(text(f"drop table {table}"))
        connection.execute(text("update properties set value = :schema where name = 'schema'"), {"schema": str(schema)})
    with open_at(address) as catalog:
        assert catalog.counts().articles == 4
        assert catalog.find_by_name(["url:a.example/nine"]) == "a9"
        assert catalog.count_underived() == 4  # none has a signature, so none has its times either
    with connected(address) as connection:
        assert differences(connection) == []
        assert connection.scalar(text("select value from properties where name = 'schema'")) == str(SCHEMA_VERSION)
    open_at(address).close()


LATER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "7", "6"


def upgrade():
    op.add_column("articles", sa.Column("rights", sa.Text()))
"""


def test_a_later_schema_finds_a_catalog_of_this_one(address: str, tmp_path: Path) -> None:
    """One that was made whole, and so has no note of Alembic's."""
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "schema_7.py").write_text(LATER)
    open_at(address, create=True).close()
    with connected(address) as connection:
        config = configure(connection, tmp_path / "later")
        command.stamp(config, "6")
        command.upgrade(config, "head")
        assert "rights" in {column["name"] for column in inspect(connection).get_columns("articles")}
        assert connection.scalar(text("select version_num from alembic_version")) == "7"
