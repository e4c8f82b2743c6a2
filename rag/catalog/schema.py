"""The tables of the catalog. An article's text stands once a version; a chunk is only a span and a vector."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 6
UPGRADED = frozenset({1, 2, 3, 4, 5})
"""Versions that are upgraded when a catalog of theirs is opened: see `rag.catalog.migrations`."""


class Bytewise(TypeDecorator[str]):
    """Any `str`, also one with the lone surrogates that stand for undecodable bytes in a file name."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else bytes(value).decode("utf-8", "surrogatepass")


class Told(TypeDecorator[str]):
    """What people are told. It may quote anything, and PostgreSQL takes no NUL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else value.replace("\0", "\N{REPLACEMENT CHARACTER}")


Words = String().with_variant(String(collation="C"), "postgresql")
"""Ordered by code points in every database."""
Number = BigInteger().with_variant(Integer(), "sqlite")
"""A number that rises for ever; SQLite counts on in a column of plain INTEGER alone."""
METADATA = MetaData()

properties = Table("properties", METADATA, Column("name", Words, primary_key=True), Column("value", Text, nullable=False))

articles = Table(
    "articles",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("origin", Bytewise, nullable=False),
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

versions = Table(
    "versions",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("stored_at", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
)

chunks = Table(
    "chunks",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

changes = Table(
    "changes",
    METADATA,
    Column("sequence", Number, primary_key=True),
    Column("article_id", Words, nullable=False, unique=True),
    sqlite_autoincrement=True,
)
"""The last change of every article there ever was: deletions too must reach the indexes."""

staged_articles = Table(
    "staged_articles",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
)

staged_chunks = Table(
    "staged_chunks",
    METADATA,
    Column("article_id", ForeignKey("staged_articles.article_id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

ingests = Table(
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

sources = Table(
    "sources",
    METADATA,
    Column("address", Bytewise, primary_key=True),
    Column("tried", Words, nullable=False),
    Column("succeeded", Words),
    Column("next_try", Words),
    Column("failures", Integer, nullable=False),
    Column("error", Told),
)
"""What `ingest --watch` looks at again and again, and how that went; `failures` counts those since the last success."""

pages = Table("pages", METADATA, Column("url", Words, primary_key=True), Column("etag", Words), Column("last_modified", Words))
"""What servers said of the state of a page when its article was stored."""

dead_letters = Table(
    "dead_letters",
    METADATA,
    Column("path", Bytewise, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("reason", Told, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("first_failed", Words, nullable=False),
    Column("last_failed", Words, nullable=False),
)
"""Files and records that failed when they were last read, line 0 for a whole file."""

names = Table(
    "names",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
)
"""What articles are known by besides their ids: the names that feeds give them, and their addresses."""

forgotten = Table("forgotten", METADATA, Column("name", Words, primary_key=True), Column("at", Words, nullable=False))
"""Hashes of the ids, names and words of articles that were forgotten and are to stay so."""

quarantine = Table(
    "quarantine",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Words, nullable=False),
    Column("problem", Told, nullable=False),
)
"""Articles of which a part, "source" or "chunks", cannot be read; the rest of the archive answers without them."""

signatures = Table(
    "signatures",
    METADATA,
    Column("number", Number, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("digest", Words, nullable=False),
    Column("shingles", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
"""What the current text of an article is compared by; `number` rises with every text stored."""

bands = Table(
    "bands",
    METADATA,
    Column("hash", BigInteger, primary_key=True),
    Column("number", ForeignKey("signatures.number", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
"""Texts that share a hash may be copies."""

copies = Table(
    "copies",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", Words, nullable=False, index=True),
    Column("nearest", Words, index=True),
    Column("overlap", Float, nullable=False),
)
"""Articles that have copies. `nearest` is the one through which an article is in its group, and null for the group's first."""

times = Table(
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
"""Times that the current text of an article names, as ordinals of days."""

derivations = Table(
    "derivations",
    METADATA,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("day", Integer),
)
"""Of which version of an article the times and the signature are, and from which day the times were told."""
