"""What an article is known by besides its id: the name that its feed gives it, and its address.

An address is written in one way, since sites give one page many: without its scheme, "www.", a last slash, a fragment and what
only says where a reader came from. The front page of a site is no article's address. What names are of articles that were
forgotten is kept as hashes alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from sqlalchemy import Connection, delete, insert, select

from rag.batches import batches
from rag.catalog.schema import articles, forgotten, names

AT_ONCE = 500
PORTS = {"http": 80, "https": 443}

_TRACKING = re.compile(
    r"utm_\w+|(?:fb|g|d|y|tt|tw|ms|wb|gb|sc)cl(?:id|src)|fbclid|gclsrc|igsh(?:id)?|mc_[ce]id|mkt_tok|_ga|_gl|_hs\w+|hs\w*tracking|"
    r"at_(?:medium|campaign|custom\d*|link\w*|format|ptr\w*|bbc\w*)|ns_(?:source|mchannel|campaign|linkname|fee)|pk_\w+|mtm_\w+|"
    r"matomo_\w+|piwik_\w+|wt[._]?mc\w*|wt_zmc|cmp(?:id)?|smid|smtyp|ocid|ito|xtor|ftag|ref_src|ref_url|s_cid|icid|ncid|intcid|"
    r"cm_mmc\w*|spm|vero_\w+|oly_\w+|__twitter_impression|trk\w*|partnerref|feature_share|share_?id|srnd|sref|guce\w*|amp",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)\Z", re.IGNORECASE)


def without_tracking(url: str) -> str:
    """The address without what only says where a reader came from, and without a fragment; otherwise as it is written."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    kept = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(unquote(pair.partition("=")[0]))]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), fragment))


def address_name(url: str | None) -> str | None:
    """The one way to write an address; None for a front page, and for what is no address."""
    try:
        parts = urlsplit(without_tracking(url or "").strip())
        host = _host(parts)
    except ValueError:
        return None
    path = quote(unquote(_INDEX.sub("", parts.path)), safe="/:@!$&'()*+,;=~-._").rstrip("/")
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    if not host or not (path or query or parts.fragment):
        return None
    return "url:" + host + path + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def key_name(key: str) -> str:
    """The name that a feed gives."""
    return f"guid:{key}"


def id_name(article_id: str) -> str:
    return f"id:{article_id}"


def text_name(digest: str) -> str:
    """What a text is known by where nothing else names its article."""
    return f"text:{digest}"


def file_name(origin: str) -> str:
    return f"file:{origin}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    return f"{host}:{parts.port}" if parts.port and parts.port != PORTS.get(parts.scheme.lower()) else host


def write_names(connection: Connection, article_id: str, given: Iterable[str | None]) -> None:
    """A name that another article has stays with that one."""
    wanted = list(dict.fromkeys(name for name in given if name))
    taken = set(connection.scalars(select(names.c.name).where(names.c.name.in_(wanted))))
    rows = [{"name": name, "article_id": article_id} for name in wanted if name not in taken]
    if rows:
        connection.execute(insert(names), rows)


def read_named(connection: Connection, wanted: Sequence[str]) -> str | None:
    """The id of the article with the first of these names that one has."""
    found = {row.name: row.article_id for row in connection.execute(select(names).where(names.c.name.in_(wanted)))}
    return next((found[name] for name in wanted if name in found), None)


def read_names(connection: Connection, article_id: str) -> tuple[str, ...]:
    return tuple(connection.scalars(select(names.c.name).where(names.c.article_id == article_id)))


def fill_names(connection: Connection) -> None:
    """The addresses of all articles, for a catalog that has none written down."""
    for row in connection.execute(select(articles.c.id, articles.c.url).where(articles.c.url.is_not(None))).all():
        write_names(connection, row.id, [address_name(row.url)])


def mark_forgotten(connection: Connection, given: Iterable[str]) -> None:
    hashed = list(map(_hash, given))
    _unmark(connection, hashed)
    now = datetime.now(UTC).isoformat()
    connection.execute(insert(forgotten), [{"name": name, "at": now} for name in dict.fromkeys(hashed)])


def unmark_forgotten(connection: Connection, given: Iterable[str]) -> None:
    if has_forgotten(connection):
        _unmark(connection, list(map(_hash, given)))


def is_forgotten(connection: Connection, given: Iterable[str]) -> bool:
    """Whether an article with one of these names was forgotten for good."""
    hashed = list(map(_hash, given))
    return connection.scalars(select(forgotten.c.name).where(forgotten.c.name.in_(hashed)).limit(1)).first() is not None


def has_forgotten(connection: Connection) -> bool:
    return connection.scalars(select(forgotten.c.name).limit(1)).first() is not None


def _unmark(connection: Connection, hashed: Sequence[str]) -> None:
    for some in batches(hashed, AT_ONCE):
        connection.execute(delete(forgotten).where(forgotten.c.name.in_(some)))


def _hash(name: str) -> str:
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
