"""Articles that cannot be read as they were stored: put aside, so that the others answer, and named until they are mended.

Where the source is garbled, the article must be stored or forgotten anew; where only chunks or vectors are, its text still stands
and they are made again from it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any, Literal, TypeVar

import numpy as np
from sqlalchemy import Connection, and_, delete, insert, select

from rag.catalog.changes import record_change
from rag.catalog.connection import Database
from rag.catalog.fingerprint import read_fingerprint
from rag.catalog.records import VECTOR_TYPE, source_from_json
from rag.catalog.schema import articles, chunks, quarantine, versions
from rag.errors import InputError, StorageError
from rag.log import log_fault
from rag.types import Source

logger = logging.getLogger(__name__)

Part = Literal["source", "chunks"]
Read = TypeVar("Read")
AT_ONCE = 500
"""Rows fetched at once where all of them are read."""
READINGS = 8
"""Of one question. Each puts aside all that it meets, but another thread may do so at the same time."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an article; `origin` is the file or URL that it came from."""

    article_id: str
    part: Part
    problem: str
    origin: str

    @property
    def mend(self) -> str:
        if self.part == "chunks":
            return "dateline rebuild"
        return f"dateline ingest {self.origin}, or dateline forget {self.article_id}"


class Unreadable(Exception):
    """Articles that a reading met, by id, each with its damaged part and what is wrong with it."""

    def __init__(self, found: Mapping[str, tuple[Part, str]]) -> None:
        super().__init__(", ".join(found))
        self.found = found


@dataclass(slots=True)
class Faults:
    """Collects what a reading meets, so that all of it is put aside at once. Times are given in the archive's `zone`."""

    zone: tzinfo | None = None
    found: dict[str, tuple[Part, str]] = field(default_factory=dict)

    def source(self, article_id: str, written: str) -> Source | None:
        """The source that is written there; None, and a fault, where it is garbled."""
        try:
            source = source_from_json(article_id, written)
        except InputError as error:
            self.found[article_id] = "source", str(error)
            return None
        published = source.published
        if self.zone and isinstance(published, datetime) and published.tzinfo:
            return replace(source, published=published.astimezone(self.zone))
        return source

    def chunk(self, article_id: str, start: int, end: int, length: int) -> bool:
        """Whether the span of a chunk lies in a text of that length; a fault where it does not."""
        if 0 <= start < end <= length:
            return True
        self.found[article_id] = "chunks", f"a chunk of characters {start} to {end} is beyond its text of {length}"
        return False

    def vector(self, article_id: str, packed: bytes, dimension: int) -> bool:
        """Whether a vector has that many numbers, all finite; a fault where it has not. Of dimension 0 the size is not known."""
        if len(packed) % VECTOR_TYPE.itemsize or (dimension and len(packed) != dimension * VECTOR_TYPE.itemsize):
            self.found[article_id] = "chunks", f"a vector has {len(packed)} bytes, not {dimension * VECTOR_TYPE.itemsize}"
            return False
        if not np.isfinite(np.frombuffer(packed, VECTOR_TYPE)).all():
            self.found[article_id] = "chunks", "a vector has a number that is not finite"
            return False
        return True

    def tell(self) -> None:
        """Raises Unreadable when anything was met."""
        if self.found:
            raise Unreadable(self.found)


def sound(database: Database, read: Callable[[Connection], Read]) -> Read:
    """What `read` gives. Articles that it cannot read are put aside, and it reads again without them."""
    for _ in range(READINGS):
        try:
            with database.reading() as connection:
                return read(connection)
        except Unreadable as unreadable:
            for article_id, (part, problem) in unreadable.found.items():
                log_fault(logger, f"article {article_id} is put aside, its {part} cannot be read: {problem}")
            with database.writing() as connection:
                put_aside(connection, unreadable.found)
    raise StorageError(f"{database.name}: more and more of its articles cannot be read; `dateline doctor` names them")


def put_aside(connection: Connection, found: Mapping[str, tuple[Part, str]]) -> None:
    """Those that are not aside for that part yet; the indexes will drop their chunks."""
    known = {row.article_id: row.part for row in connection.execute(select(quarantine.c.article_id, quarantine.c.part))}
    new = {article_id: fault for article_id, fault in found.items() if known.get(article_id) != fault[0]}
    for article_id, (part, problem) in new.items():
        connection.execute(delete(quarantine).where(quarantine.c.article_id == article_id))
        connection.execute(insert(quarantine).values(article_id=article_id, part=part, problem=problem))
        record_change(connection, article_id)


def read_faults(connection: Connection) -> tuple[Fault, ...]:
    """What is aside, by id."""
    query = select(quarantine, articles.c.origin).join(articles, articles.c.id == quarantine.c.article_id)
    rows = connection.execute(query.order_by(quarantine.c.article_id))
    return tuple(Fault(row.article_id, row.part, row.problem, row.origin) for row in rows)


def examine(connection: Connection) -> Iterator[Fault]:
    """Everything wrong with any article, found by reading them all; of each article one thing."""
    faults = Faults()
    current = and_(versions.c.article_id == articles.c.id, versions.c.number == articles.c.version)
    lengths: dict[str, int] = {}
    texts = select(articles.c.id, versions.c.source, versions.c.text).join(versions, current)
    for row in connection.execute(texts.execution_options(yield_per=AT_ONCE)):
        lengths[row.id] = len(row.text)
        faults.source(row.id, row.source)
    fingerprint = read_fingerprint(connection)
    for row in connection.execute(select(chunks).execution_options(yield_per=AT_ONCE)):
        if row.article_id in lengths and row.article_id not in faults.found:
            _check_chunk(faults, row, lengths[row.article_id], fingerprint.dimension if fingerprint else 0)
    origins = {row.id: row.origin for row in connection.execute(select(articles.c.id, articles.c.origin))}
    for article_id, (part, problem) in sorted(faults.found.items()):
        yield Fault(article_id, part, problem, origins[article_id])


def _check_chunk(faults: Faults, row: Any, length: int, dimension: int) -> None:
    if faults.chunk(row.article_id, row.start, row.end, length):
        faults.vector(row.article_id, row.vector, dimension)
