"""The changes of one catalog, the original, copied into another, its copy, in their order and a batch in a transaction.

What an article is known by, its versions, chunks, times and copies come along, and so does the journal of ingests; what only an
ingest needs does not. The copy has a sequence of its own, which its indexes follow, and notes how far it followed the original.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from rag.batches import batches
from rag.catalog.changes import record_change
from rag.catalog.reading import last_change, read_changes
from rag.catalog.schema import (
    articles,
    chunks,
    copies,
    dead_letters,
    derivations,
    ingests,
    names,
    properties,
    quarantine,
    signatures,
    sources,
    times,
    versions,
)
from rag.errors import ArchiveDamaged, FingerprintMismatch

OF_ARTICLES = (versions, chunks, names, quarantine, signatures, times, derivations)
JOURNAL = (sources, dead_letters, ingests)
OF_THE_WHOLE = ("fingerprint", "zone")
IDENTITY, FOLLOWED = "id", "followed"
IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Followed:
    """The last change of the original that a copy has, and which original that is."""

    original: str
    sequence: int = 0


def read_followed(copy: Connection) -> Followed | None:
    """None for a copy that nothing was copied to yet, and for what is no copy."""
    written = copy.scalar(select(properties.c.value).where(properties.c.name == FOLLOWED))
    return Followed(**json.loads(written)) if written else None


def replicate(original: Connection, copy: Connection, limit: int) -> int:
    """Copy at most `limit` changes; how many there were.

    Raises FingerprintMismatch when the original has vectors of another model, and ArchiveDamaged when it is another archive or
    one that has gone back in time. Then the copy must be emptied first.
    """
    followed, state = read_followed(copy), _read_properties(original)
    identity = state.get(IDENTITY, "")
    followed = followed or Followed(identity)
    _require_same(followed, identity, state, _read_properties(copy), last_change(original))
    changes = read_changes(original, followed.sequence, limit)
    _write_properties(copy, {name: state[name] for name in OF_THE_WHOLE if name in state})
    if changes:
        _copy_articles(original, copy, [article_id for _, article_id in changes])
        followed = Followed(followed.original, changes[-1][0])
    _write_properties(copy, {FOLLOWED: json.dumps({"original": followed.original, "sequence": followed.sequence})})
    return len(changes)


def has_news(original: Connection, copy: Connection) -> bool:
    """Whether there is anything to copy, or a reason not to."""
    followed, state, own = read_followed(copy), _read_properties(original), _read_properties(copy)
    if followed is None or followed != Followed(state.get(IDENTITY, ""), last_change(original)):
        return True
    return any(state.get(name) != own.get(name) for name in OF_THE_WHOLE)


def read_journal(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """What is watched, what failed and how ingests went, which no change of an article tells of."""
    return {table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in JOURNAL}


def write_journal(copy: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    for table in JOURNAL:
        copy.execute(delete(table))
        _insert(copy, table, rows[table.name])


def empty(copy: Connection) -> None:
    """Forget all that was copied; the indexes of the copy hear of it as of any change."""
    for article_id in copy.scalars(select(articles.c.id)).all():
        record_change(copy, article_id)
    copy.execute(delete(articles))
    copy.execute(delete(properties).where(properties.c.name.in_((*OF_THE_WHOLE, FOLLOWED))))


def _require_same(followed: Followed, identity: str, state: dict[str, str], own: dict[str, str], last: int) -> None:
    if followed.original != identity or followed.sequence > last:
        raise ArchiveDamaged("it is not the archive that was copied before, or it is an older state of it")
    if "fingerprint" in own and own["fingerprint"] != state.get("fingerprint"):
        raise FingerprintMismatch("its articles were embedded again with another model or chunker")


def _copy_articles(original: Connection, copy: Connection, article_ids: list[str]) -> None:
    grouped = _find_regrouped(original, copy, article_ids)
    for some in batches(article_ids, IDS_AT_ONCE):
        copy.execute(delete(articles).where(articles.c.id.in_(some)))
        _insert(copy, articles, _rows(original, articles, "id", some))
        for table in OF_ARTICLES:
            rows = _rows(original, table, "article_id", some)
            if table is names:  # an address may have gone over from an article whose own change comes later
                copy.execute(delete(names).where(names.c.name.in_([row["name"] for row in rows])))
            _insert(copy, table, rows)
    for some in batches(sorted(grouped), IDS_AT_ONCE):
        there = set(copy.scalars(select(articles.c.id).where(articles.c.id.in_(some))))
        copy.execute(delete(copies).where(copies.c.article_id.in_(some)))
        _insert(copy, copies, [row for row in _rows(original, copies, "article_id", some) if row["article_id"] in there])
    for article_id in article_ids:
        record_change(copy, article_id)


def _find_regrouped(original: Connection, copy: Connection, article_ids: Sequence[str]) -> set[str]:
    """All articles whose group of copies may be another one through a change of these."""
    before = {*article_ids, *_companions(copy, article_ids)}
    return before | set(_companions(original, sorted(before)))


def _companions(connection: Connection, article_ids: Sequence[str]) -> Iterator[str]:
    for some in batches(article_ids, IDS_AT_ONCE):
        groups = select(copies.c.group_id).where(copies.c.article_id.in_(some))
        yield from connection.scalars(select(copies.c.article_id).where(copies.c.group_id.in_(groups))).all()


def _rows(connection: Connection, table: Table, column: str, wanted: Sequence[str]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(table.c[column].in_(wanted))).mappings()]


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _read_properties(connection: Connection) -> dict[str, str]:
    return {row.name: row.value for row in connection.execute(select(properties))}


def _write_properties(connection: Connection, values: dict[str, str]) -> None:
    connection.execute(delete(properties).where(properties.c.name.in_(list(values))))
    _insert(connection, properties, [{"name": name, "value": value} for name, value in values.items()])
