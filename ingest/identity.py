"""Which article a record is: a new one, one the archive has, or one it has under another path.

A given id decides; else the URL; else the file the article came from. A record without either in a file of many is known by its
words, and as a change of the record that stood in its place if the title is still the same.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rag.catalog import Catalog, Known, text_digest
from rag.types import Article

SLUG_CHARACTERS = 60


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
class Settled:
    """The article with its id, and what is to become of it."""

    article: Article
    ending: Literal["stored", "unchanged", "replaced", "skipped"]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    digest: str
    place: Place


class Identities:
    """Settles the records of one run in order; what it settles as stored or replaced counts as known from then on."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._seen: dict[str, _Seen] = {}
        self._urls: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    def settled(self, article: Article, place: Place) -> Settled:
        """`article.source.id` is the given id, or empty."""
        found = self._settle(article, place)
        id_ = found.article.source.id
        if found.ending != "skipped":
            self._seen[id_] = _Seen(found.article.digest, place)
            self._texts.setdefault(text_digest(article.text), id_)
            if article.source.url:
                self._urls[article.source.url] = id_
        return found

    def saw(self, article_id: str) -> bool:
        """Whether this run found the article."""
        return article_id in self._seen

    def stored(self, address: str) -> str | None:
        """The id of the article that has this URL, or came from it."""
        return self._urls.get(address) or _id(self._catalog.known(None, address, address))

    def _settle(self, article: Article, place: Place) -> Settled:
        known_id = self._known_id(article, place)
        if known_id is None and not article.source.url and (twin := self._twin(article)):
            return twin
        article = _with_id(article, known_id or self._new_id(article, place))
        if earlier := self._seen.get(article.source.id):
            if earlier.digest == article.digest:
                return Settled(article, "skipped", f"the same article as {article.source.id} ({earlier.place})")
            return Settled(
                article,
                "skipped",
                f"other words under the id or URL of an earlier article of this run ({earlier.place}), which is kept",
            )
        stored = self._catalog.known(article.source.id, None, "")
        if stored is None:
            return Settled(article, "stored")
        return Settled(article, "unchanged" if stored.digest == article.digest else "replaced")

    def _known_id(self, article: Article, place: Place) -> str | None:
        """The id that is given or that the archive has for the URL, the words, or the place."""
        source = article.source
        if source.id:
            return source.id
        if source.url and (known := self._urls.get(source.url) or _id(self._catalog.known(None, source.url, ""))):
            return known
        if place.line is None:
            return _id(self._catalog.known(None, None, place.origin))
        by_words = self._new_id(article, place)
        if by_words in self._seen or self._catalog.known(by_words, None, ""):
            return by_words
        before = None if source.url else self._catalog.known(None, None, place.origin)
        if before and before.article_id not in self._seen and (stored := self._catalog.article(before.article_id)):
            return before.article_id if stored.source.title == source.title else None
        return None

    def _twin(self, article: Article) -> Settled | None:
        """The same words with the same title, outlet and date under another path are the same article, copied or moved."""
        digest = text_digest(article.text)
        holder = self._texts.get(digest) or self._catalog.holder(digest)
        if holder is None:
            return None
        article = _with_id(article, holder)
        if seen := self._seen.get(holder):
            same, origin = seen.digest == article.digest, str(seen.place)
        else:
            known = self._catalog.known(holder, None, "")
            same, origin = bool(known and known.digest == article.digest), known.origin if known else ""
        if not same:
            return None
        if seen or Path(origin).exists():
            return Settled(article, "skipped", f"the same article as {holder} ({origin})")
        return Settled(article, "unchanged", f"moved from {origin}")

    def _new_id(self, article: Article, place: Place) -> str:
        slug = re.sub(r"[\W_]+", "-", Path(place.file).stem.casefold()).strip("-")[:SLUG_CHARACTERS].rstrip("-") or "article"
        if place.line is not None:
            return f"{slug}-{_hash(article.source.url or article.text, 8)}"
        id_ = f"{slug}-{_hash(article.text, 4)}"
        if id_ in self._seen or self._catalog.known(id_, None, ""):
            return f"{slug}-{_hash(place.origin + article.text, 8)}"  # the same words, other metadata, a file of the same name
        return id_


def _with_id(article: Article, id_: str) -> Article:
    return replace(article, source=replace(article.source, id=id_))


def _id(known: Known | None) -> str | None:
    return known.article_id if known else None


def _hash(text: str, size: int) -> str:
    """Four bytes tell the files of one name apart, eight all records of a large file."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
