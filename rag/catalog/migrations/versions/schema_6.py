"""Schema 6, and all that lead to it: what a catalog of schema 1 to 5 lacks is added, and filled where it can be.

The tables as they were with this schema; those of this release are in `rag.catalog.schema`.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, inspect

from rag.catalog.derived import fill_derivations
from rag.catalog.names import fill_names

revision = "6"
down_revision = None

Words = String().with_variant(String(collation="C"), "postgresql")
Number = BigInteger().with_variant(Integer(), "sqlite")
METADATA = MetaData()

Table("properties", METADATA, Column("name", Words, primary_key=True), Column("value", Text, nullable=False))

Table(
    "articles",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("origin", LargeBinary, nullable=False),
    Column("url", Words),
    Column("version", Integer, nullable=False),
    Column("digest", Words, nullable=False),
    Column("text_digest", Words, nullable=False, index=True),
    Column("day", Integer),
    Column("outlet", Words),
    Column("folded_outlet", Words),
    Index("articles_by_outlet", "folded_outlet", "day"),
    Index("ix_articles_origin", "origin", postgresql_using="hash"),  # addresses and paths of any length
    Index("ix_articles_url", "url", postgresql_using="hash"),
)

Table(
    "versions",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("stored_at", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
)

Table(
    "chunks",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

Table(
    "changes",
    METADATA,
    Column("sequence", Number, primary_key=True),
    Column("article_id", Words, nullable=False, unique=True),
    sqlite_autoincrement=True,
)

Table(
    "staged_articles",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
)

Table(
    "staged_chunks",
    METADATA,
    Column("article_id", ForeignKey("staged_articles.article_id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

Table(
    "ingests",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("started", Words, nullable=False),
    Column("ended", Words),
    Column("state", Words, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("failures", Text, nullable=False),
    sqlite_autoincrement=True,
)

Table(
    "sources",
    METADATA,
    Column("address", LargeBinary, primary_key=True),
    Column("tried", Words, nullable=False),
    Column("succeeded", Words),
    Column("next_try", Words),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
)

Table("pages", METADATA, Column("url", Words, primary_key=True), Column("etag", Words), Column("last_modified", Words))

Table(
    "dead_letters",
    METADATA,
    Column("path", LargeBinary, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("first_failed", Words, nullable=False),
    Column("last_failed", Words, nullable=False),
)

Table(
    "names",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
)

Table("forgotten", METADATA, Column("name", Words, primary_key=True), Column("at", Words, nullable=False))

Table(
    "quarantine",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Words, nullable=False),
    Column("problem", Text, nullable=False),
)
"""Articles of which a part, "source" or "chunks", cannot be read; the rest of the archive answers without them."""

Table(
    "signatures",
    METADATA,
    Column("number", Number, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("digest", Words, nullable=False),
    Column("shingles", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

Table(
    "bands",
    METADATA,
    Column("hash", BigInteger, primary_key=True),
    Column("number", ForeignKey("signatures.number", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

Table(
    "copies",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", Words, nullable=False, index=True),
    Column("nearest", Words, index=True),
    Column("overlap", Float, nullable=False),
)

Table(
    "times",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("before", Integer, nullable=False),
    Column("rule", Words, nullable=False),
    Index("times_by_days", "first", "before"),
)

Table(
    "derivations",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("day", Integer),
)


def upgrade() -> None:
    connection = op.get_bind()
    before = set(inspect(connection).get_table_names())
    METADATA.create_all(connection)
    if "articles" in before and "names" not in before:
        fill_names(connection)
    if "articles" in before and "derivations" not in before:
        fill_derivations(connection)
