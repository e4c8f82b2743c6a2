"""Which article a record is: a new one, one the archive has, or one it has under another path.

A given id decides; else the name that a feed gives; else the address, however it is written; else the file the article came
from. A record without any of these in a file of many is known by its words, and as a change of the record that stood in its place
if its title is the same. An address alone is no proof: of two records of one run, or entries of a feed, that share it and tell
different stories, each is an article. An article that was forgotten stays so, unless it is to be restored.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from ingest.alike import Sketch, are_alike, sketch_of
from ingest.load.record import Note
from rag.catalog import Catalog, KnownArticle, text_digest
from rag.catalog.names import address_name, file_name, id_name, key_name, text_name
from rag.types import Article, Source

SLUG_CHARACTERS = 60
FORGOTTEN = Note("it was forgotten; --restore stores it again", "forgotten")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: a file as shown to people, its absolute path, and the line if it holds several."""

    shown: str
    file: str
    line: int | None

    @property
    def origin(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return self.shown if self.line is None else f"{self.shown}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Settlement:
    """The article with its id, and what is to become of it; `key` is the name that its feed gives it."""

    article: Article
    ending: Literal["stored", "unchanged", "replaced", "skipped"]
    reason: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    digest: str
    text_digest: str
    source: Source
    place: Place
    sketch: Sketch
    key: str | None


class Identities:
    """Settles the records of one run in order; what it settles as stored or replaced counts as known from then on."""

    def __init__(self, catalog: Catalog, *, restore: bool = False) -> None:
        self._catalog = catalog
        self._asks_forgotten = not restore and catalog.has_forgotten()
        self._seen: dict[str, _Seen] = {}
        self._met: set[str] = set()
        self._names: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    def settle(self, article: Article, place: Place, key: str | None = None) -> Settlement:
        """`article.source.id` is the given id, or empty; `key` is the name that its feed gives it."""
        found = replace(self._settle(article, place, key), key=key)
        source = found.article.source
        self._met.add(source.id)
        if found.ending != "skipped":
            digest = text_digest(article.text)
            self._seen[source.id] = _Seen(found.article.digest, digest, source, place, sketch_of(article.text), key)
            self._texts.setdefault(digest, source.id)
            for name in _names(article, key):
                self._names.setdefault(name, source.id)
        return found

    def saw(self, article_id: str) -> bool:
        """Whether this run found the article."""
        return article_id in self._met

    def find_stored(self, address: str) -> str | None:
        """The id of the article that has this URL, or came from it."""
        return self._names.get(address_name(address) or "") or _id(self._catalog.find_known(None, address, address))

    def _settle(self, article: Article, place: Place, key: str | None) -> Settlement:
        given = article.source.id
        known_id = self._find_id(article, place, key)
        if known_id is None and not article.source.url and not key and (twin := self._twin(article)):
            return twin
        article = _with_id(article, known_id or self._new_id(article, place, key))
        if earlier := self._seen.get(article.source.id):
            return self._again(article, earlier)
        stored = self._catalog.find_known(article.source.id, None, "")
        if stored is None:
            return (
                Settlement(article, "skipped", FORGOTTEN)
                if self._is_forgotten(article, given, place, key)
                else Settlement(article, "stored")
            )
        if stored.digest == article.digest:
            return Settlement(article, "unchanged")
        return self._settle_changed(article, stored, place)

    def _again(self, article: Article, earlier: _Seen) -> Settlement:
        """What becomes of a record whose article this run has met: the newer one is kept."""
        if earlier.text_digest == text_digest(article.text):
            return Settlement(
                article, "skipped", Note(f"the same article as {article.source.id} ({earlier.place})", "same-article")
            )
        if _is_newer(article.source, earlier.source):
            return Settlement(article, "replaced", Note(f"newer than the record in {earlier.place}", "newer-version"))
        if _is_newer(earlier.source, article.source):
            return Settlement(article, "skipped", Note(f"older than the record in {earlier.place}", "older-version"))
        reason = f"other words under the id or URL of an earlier article of this run ({earlier.place}), which is kept"
        return Settlement(article, "skipped", Note(reason, "other-words", lost=True))

    def _settle_changed(self, article: Article, known: KnownArticle, place: Place) -> Settlement:
        """What becomes of a record that differs from the stored article. Another way to write its address is no change."""
        stored = self._catalog.article(known.article_id)
        if stored is None:
            return Settlement(article, "replaced")
        if stored.source.url and address_name(stored.source.url) == address_name(article.source.url):
            same = replace(article, source=replace(article.source, url=stored.source.url))
            if same.digest == known.digest:
                return Settlement(same, "unchanged")
        if known.origin != place.origin and _is_newer(stored.source, article.source):
            return Settlement(article, "skipped", Note("older than the version that is stored", "older-version"))
        return Settlement(article, "replaced")

    def _find_id(self, article: Article, place: Place, key: str | None) -> str | None:
        """The id that is given or that the archive has for the feed's name, the address, the words, or the place."""
        source = article.source
        if source.id:
            return source.id
        if key and (known := self._find_named(key_name(key))):
            return known
        if (address := address_name(source.url)) and (known := self._find_named(address)):
            return self._at_address(known, article, address, place, key)
        if place.line is None:
            return _id(self._catalog.find_known(None, None, place.origin))
        by_words = self._new_id(article, place, key)
        if by_words in self._seen or self._catalog.find_known(by_words, None, ""):
            return by_words
        before = None if source.url or key else self._catalog.find_known(None, None, place.origin)
        if before and before.article_id not in self._seen and (stored := self._catalog.article(before.article_id)):
            return before.article_id if stored.source.title == source.title else None
        return None

    def _find_named(self, name: str) -> str | None:
        return self._names.get(name) or self._catalog.find_by_name([name])

    def _at_address(self, known: str, article: Article, address: str, place: Place, key: str | None) -> str | None:
        """The article at an address, if the record is that one; None where another story stands there, as this run has met it or
        as its feed calls it."""
        digest = text_digest(article.text)
        holder = self._texts.get(digest) or self._catalog.holder(digest)
        if (
            holder
            and holder != known
            and (stored := self._catalog.article(holder))
            and address_name(stored.source.url) == address
        ):
            return holder
        met = self._seen.get(known)
        if place.line is None or not (met or (key and self._is_called_otherwise(known))):
            return known
        other = None if met else self._catalog.article(known)
        title, sketch = (
            (met.source.title, met.sketch) if met else (other.source.title, sketch_of(other.text)) if other else ("", ())
        )
        named_apart = met is not None and key is not None and met.key not in (None, key)
        same = not named_apart and title.casefold() == article.source.title.casefold()
        return known if same or are_alike(sketch, sketch_of(article.text)) else None

    def _is_called_otherwise(self, known: str) -> bool:
        """Whether a feed gives the stored article a name."""
        return any(name.startswith(key_name("")) for name in self._catalog.names_of(known))

    def _is_forgotten(self, article: Article, given: str, place: Place, key: str | None) -> bool:
        if not self._asks_forgotten:
            return False
        known_by = [id_name(article.source.id), *_names(article, key)]
        if not given and len(known_by) == 1:
            known_by += [text_name(text_digest(article.text))] + ([file_name(place.origin)] if place.line is None else [])
        return self._catalog.is_forgotten(known_by)

    def _twin(self, article: Article) -> Settlement | None:
        """The same words with the same title, outlet and date under another path are the same article, copied or moved."""
        digest = text_digest(article.text)
        holder = self._texts.get(digest) or self._catalog.holder(digest)
        if holder is None:
            return None
        article = _with_id(article, holder)
        if seen := self._seen.get(holder):
            same, origin = seen.digest == article.digest, str(seen.place)
        else:
            known = self._catalog.find_known(holder, None, "")
            same, origin = bool(known and known.digest == article.digest), known.origin if known else ""
        if not same:
            return None
        if seen or Path(origin).exists():
            return Settlement(article, "skipped", Note(f"the same article as {holder} ({origin})", "same-article"))
        return Settlement(article, "unchanged", Note(f"moved from {origin}", "moved"))

    def _new_id(self, article: Article, place: Place, key: str | None = None) -> str:
        slug = re.sub(r"[\W_]+", "-", Path(place.file).stem.casefold()).strip("-")[:SLUG_CHARACTERS].rstrip("-") or "article"
        if place.line is not None:
            address = address_name(article.source.url)
            alone = article.source.url if address and not self._find_named(address) else None
            return f"{slug}-{_hash(alone or key or article.text, 8)}"
        id_ = f"{slug}-{_hash(article.text, 4)}"
        if id_ in self._seen or self._catalog.find_known(id_, None, ""):
            return f"{slug}-{_hash(place.origin + article.text, 8)}"  # the same words, other metadata, a file of the same name
        return id_


def _names(article: Article, key: str | None) -> list[str]:
    return [name for name in (key_name(key) if key else None, address_name(article.source.url)) if name]


def _is_newer(one: Source, other: Source) -> bool:
    """Whether both say when they were published or changed, and the one did later."""
    first, second = _moment(one), _moment(other)
    return first is not None and second is not None and first > second


def _moment(source: Source) -> datetime | None:
    said = [_whole(value) for value in (source.published, source.modified) if value]
    return max(said, default=None)


def _whole(value: date | datetime) -> datetime:
    whole = value if isinstance(value, datetime) else datetime.combine(value, time())
    return whole if whole.tzinfo else whole.replace(tzinfo=UTC)


def _with_id(article: Article, id_: str) -> Article:
    return replace(article, source=replace(article.source, id=id_))


def _id(known: KnownArticle | None) -> str | None:
    return known.article_id if known else None


def _hash(text: str, size: int) -> str:
    """Four bytes tell the files of one name apart, eight all records of a large file."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
