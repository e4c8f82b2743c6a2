"""Copies: articles that tell one text, found when they are stored and kept in groups.

An article joins the group of the stored article that it overlaps most; the group is called after its earliest member. Everything
happens in the transaction that stores or forgets an article, so that processes that ingest at once agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, TextClause, and_, delete, func, insert, select, text, update

from rag.batches import batches
from rag.catalog.faults import Faults
from rag.catalog.records import Signature
from rag.catalog.schema import articles, bands, copies, quarantine, signatures, versions
from rag.catalog.zone import read_zone
from rag.types import Copy

COPIED = 0.5
"""The overlap from which two articles are copies."""
COPIED_AT_HOME = 0.8
"""The same for two articles of one outlet: its newsletters and running stories repeat much of each other and are no copies."""
LEAST = 25
"""Shingles that copies have in common at least: short items are alike by accident, or say nothing at all."""
PER_BAND, CANDIDATES = 32, 24
"""Articles looked at in one band, and those compared, the ones that share the most bands first."""
SHINGLE_TYPE = np.dtype("<u4")
IDS_AT_ONCE = 500


def overlap(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> float:
    """|A ∩ B| / min(|A|, |B|) of two ascending arrays; 0 where they have fewer than LEAST shingles in common."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / min(len(one), len(other)) if shared >= LEAST else 0.0


def sign(connection: Connection, article_id: str, signature: Signature | None) -> None:
    """Note what the article's text is compared by, in place of what there was, and group it with what it is a copy of."""
    packed = signature.shingles.astype(SHINGLE_TYPE).tobytes() if signature else b""
    before = connection.execute(select(signatures.c.shingles).where(signatures.c.article_id == article_id)).first()
    if before is not None and signature and before.shingles == packed:
        connection.execute(update(signatures).where(signatures.c.article_id == article_id).values(digest=signature.digest))
        return
    unsign(connection, article_id)
    if signature and signature.bands:
        row = {"article_id": article_id, "digest": signature.digest, "shingles": packed}
        connection.execute(insert(signatures).values(**row))
        number = connection.scalar(select(signatures.c.number).where(signatures.c.article_id == article_id)) or 0
        _join(connection, number, article_id, signature.bands, signature.shingles)
        connection.execute(insert(bands), [{"hash": hash, "number": number} for hash in sorted(set(signature.bands))])


def unsign(connection: Connection, article_id: str) -> None:
    """Take the article out of its group. Those that were in it through this article are grouped anew."""
    group = connection.scalar(select(copies.c.group_id).where(copies.c.article_id == article_id))
    connection.execute(delete(signatures).where(signatures.c.article_id == article_id))
    if group is None:
        return
    connection.execute(delete(copies).where(copies.c.article_id == article_id))
    if connection.scalar(select(func.count()).select_from(copies).where(copies.c.nearest == article_id)):
        _regroup(connection, group)
    elif connection.scalar(select(func.count()).select_from(copies).where(copies.c.group_id == group)) == 1:
        connection.execute(delete(copies).where(copies.c.group_id == group))


def _regroup(connection: Connection, group: str) -> None:
    """Each member joins what was stored before it, as if the article that is gone had never been there."""
    query = select(signatures).join(copies, copies.c.article_id == signatures.c.article_id).where(copies.c.group_id == group)
    members = connection.execute(query.order_by(signatures.c.number)).all()
    connection.execute(delete(copies).where(copies.c.group_id == group))
    for member in members:
        keys = tuple(connection.scalars(select(bands.c.hash).where(bands.c.number == member.number)))
        _join(connection, member.number, member.article_id, keys, np.frombuffer(member.shingles, SHINGLE_TYPE))


def _join(connection: Connection, number: int, article_id: str, keys: Sequence[int], shingles: NDArray[np.uint32]) -> None:
    candidates = _candidates(connection, number, keys)
    own = connection.execute(select(articles.c.folded_outlet, articles.c.url).where(articles.c.id == article_id)).one()
    query = select(signatures, articles.c.folded_outlet, articles.c.url)
    query = query.join(articles, articles.c.id == signatures.c.article_id)
    rows = connection.execute(query.where(signatures.c.number.in_(candidates)).order_by(signatures.c.number))
    compared = (
        (
            overlap(shingles, np.frombuffer(row.shingles, SHINGLE_TYPE)),
            row.article_id,
            _at_home(own, row),
        )
        for row in rows
    )
    alike = [(shared, other) for shared, other, at_home in compared if shared >= (COPIED_AT_HOME if at_home else COPIED)]
    if not alike:
        return
    best, nearest = max(alike, key=lambda each: each[0])
    group = connection.scalar(select(copies.c.group_id).where(copies.c.article_id == nearest))
    if group is None:
        group = nearest
        connection.execute(insert(copies).values(article_id=nearest, group_id=group, nearest=None, overlap=1.0))
    connection.execute(insert(copies).values(article_id=article_id, group_id=group, nearest=nearest, overlap=best))


def _at_home(one: Any, other: Any) -> bool:
    """Whether two articles are of one outlet, by its name or its site."""
    sites = [(urlsplit(row.url).hostname or "").removeprefix("www.") if row.url else "" for row in (one, other)]
    return bool(one.folded_outlet and one.folded_outlet == other.folded_outlet) or bool(sites[0] and sites[0] == sites[1])


def _candidates(connection: Connection, number: int, keys: Sequence[int]) -> list[int]:
    """Articles stored before this one that share the most bands with it. One statement, of bounded work whatever is stored."""
    if not keys:
        return []
    values = {f"hash_{place}": key for place, key in enumerate(keys)}
    rows = connection.execute(_select_sharers(len(keys)), {**values, "number": number, "most": PER_BAND})
    sharing = Counter(rows.scalars())
    return [each for each, _ in sorted(sharing.items(), key=lambda item: (-item[1], item[0]))[:CANDIDATES]]


@cache
def _select_sharers(keys: int) -> TextClause:
    """The statement for so many keys. SQLAlchemy's own construction of it would take longer than it runs."""
    one = "SELECT number FROM (SELECT number FROM bands WHERE hash = :hash_{} AND number < :number ORDER BY number LIMIT :most)"
    return text(" UNION ALL ".join(f"{one.format(place)} AS band_{place}" for place in range(keys)))


def read_groups(connection: Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """The group of each article that has copies, by the article's id."""
    found: dict[str, str] = {}
    for some in batches(article_ids, IDS_AT_ONCE):
        rows = connection.execute(select(copies.c.article_id, copies.c.group_id).where(copies.c.article_id.in_(some)))
        found.update({row.article_id: row.group_id for row in rows})
    return found


def read_copies(connection: Connection, article_ids: Sequence[str], limit: int) -> dict[str, tuple[Copy, ...]]:
    """At most `limit` other members of each article's group, earliest stored first."""
    return {
        article_id: _copies(connection, article_id, group, limit)
        for article_id, group in read_groups(connection, article_ids).items()
    }


def _copies(connection: Connection, article_id: str, group: str, limit: int) -> tuple[Copy, ...]:
    digest = connection.scalar(select(signatures.c.digest).where(signatures.c.article_id == article_id))
    current = and_(versions.c.article_id == articles.c.id, versions.c.number == articles.c.version)
    query = (
        select(articles.c.id, versions.c.source, signatures.c.digest)
        .join(versions, current)
        .join(signatures, signatures.c.article_id == articles.c.id)
        .join(copies, copies.c.article_id == articles.c.id)
        .where(copies.c.group_id == group, articles.c.id != article_id)
        .where(articles.c.id.not_in(select(quarantine.c.article_id)))
    )
    faults = Faults(read_zone(connection))
    rows = connection.execute(query.order_by(signatures.c.number).limit(limit)).all()
    read = [(faults.source(row.id, row.source), row.digest) for row in rows]
    faults.tell()
    return tuple(Copy(source, "exact" if own == digest else "near") for source, own in read if source)


def read_sizes(connection: Connection) -> dict[str, int]:
    """How many articles each group has, by the group's id, the largest first."""
    size = func.count()
    rows = connection.execute(
        select(copies.c.group_id, size).group_by(copies.c.group_id).order_by(size.desc(), copies.c.group_id)
    )
    return {group: int(count) for group, count in rows}
