"""What turns the tables of an earlier release into those of this one, by Alembic: one file a schema in `versions`.

A change of the schema is a new file there, whose `revision` is the next number, and that number in `rag.catalog.schema`. It runs
when a catalog of an earlier schema is opened, in one transaction, in every database. The number in the table `properties` says of
what schema a catalog is; Alembic's own note is made when the first upgrade needs it.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

FOLDER = Path(__file__).parent
FIRST = 6
"""The schema whose file stands for all before it as well: those lacked nothing but tables."""


def upgrade(connection: Connection, schema: int) -> None:
    """Bring a catalog of this schema to the last one, inside the transaction that is open."""
    config = configure(connection)
    if schema >= FIRST and not connection.dialect.has_table(connection, "alembic_version"):
        command.stamp(config, str(FIRST))
    command.upgrade(config, "head")


def configure(connection: Connection, *further: Path) -> Config:
    """Alembic's own settings; `further` are other folders of versions."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, (FOLDER / "versions", *further))).replace("%", "%%"))
    return config
