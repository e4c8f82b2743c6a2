"""What a web page says of its article besides the text: JSON-LD, OpenGraph and other meta tags, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as Element

from ingest.load.around import Own
from ingest.load.linked import alike, closeness, read_linked, text_in, unescape_entities
from ingest.load.marked import find_marked_times
from ingest.load.record import DatedField

TITLES = ("og:title", "parsely-title", "twitter:title", "dc.title", "dcterms.title", "weibo:article:title", "sailthru.title")
OUTLETS = ("og:site_name", "application-name", "dc.publisher", "twitter:site:name")
AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author", "byl")
PUBLISHED = (
    "article:published_time", "og:article:published_time", "parsely-pub-date", "sailthru.date", "article:published",
    "publish-date",
    "publish_date", "publication_date", "pubdate", "datepublished", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date.created", "originalpublicationdate", "og:published_time", "dc.date", "dcterms.date", "date",
    "cxenseparse:recs:publishtime",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:updated_time", "article:modified", "dcterms.modified", "dc.date.modified", "lastmod",
    "last-modified", "datemodified",
)  # fmt: skip
SECTIONS = ("article:section", "parsely-section", "section", "category")
DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")
MAX_NAME = 80
LANGUAGES = ("og:locale", "language", "content-language", "dc.language")

_TAIL = re.compile(r"\s+(?:[-–—|·»•:]|::)\s+([^-–—|·»•]{2,60})$")


@dataclass(slots=True)
class PageData:
    """What is known of a page, as it is written there; the most trusted date first, of all that stand there.

    `body` and `description` are what the page gives for machines as the text and the summary of its article, `free` whether it
    says that all of it can be read.
    """

    title: str | None = None
    outlet: str | None = None
    authors: object = None
    url: str | None = None
    dates: list[DatedField] = field(default_factory=list)
    modified: object = None
    language: str | None = None
    section: object = None
    body: str | None = None
    description: str | None = None
    free: bool = True
    is_article: bool = False


def read_page(tree: Element, address: str | None) -> PageData:
    """`address` is where the page was fetched, if it was."""
    own = Own(tree)
    meta = _meta(tree, own)
    url = canonical(tree, meta, address)
    named = [title for title in (*_all(meta, TITLES), _inner(tree, "title"), _inner(tree, "h1")) if title]
    linked = read_linked(tree, url, named)
    outlet = next(iter(linked.named("publisher")), None) or _first(meta, OUTLETS)
    title = _title((linked.text("headline"), linked.text("name")), named)
    article = linked.article
    data = PageData(
        title=without_outlet(title, outlet) if title else None,
        outlet=outlet,
        authors=linked.named("author") or _authors(meta, tree, own),
        url=url,
        modified=article.get("dateModified") or _first(meta, MODIFIED),
        language=linked.text("inLanguage") or tree.get("lang") or tree.get("xml:lang") or _first(meta, LANGUAGES),
        section=article.get("articleSection") or _first(meta, SECTIONS),
        body=unescape_entities(article["articleBody"]) if isinstance(article.get("articleBody"), str) else None,
        description=linked.text("description") or _first(meta, DESCRIPTIONS),
        free=str(article.get("isAccessibleForFree", True)).casefold() not in ("false", "0"),
        is_article=bool(article) or meta.get("og:type", "").lower() == "article",
    )
    if article.get("datePublished"):
        data.dates.append(DatedField(article["datePublished"], "JSON-LD"))
    data.dates += [DatedField(meta[name], "meta") for name in PUBLISHED if name in meta]
    data.dates += [DatedField(written, "meta") for written in find_marked_times(tree, own)]
    return data


def _title(linked: Sequence[str | None], named: Sequence[str]) -> str | None:
    """The headline in JSON-LD, unless no other place calls the page so: it may be a description or another story's."""
    likely = [title for title in linked if title and (not named or any(alike(title, name) for name in named))]
    likely.sort(key=lambda title: -max((closeness(title, name) for name in named), default=0))
    return next(iter((*likely, *named)), None)


def without_outlet(title: str, outlet: str | None) -> str:
    """The title without its site's name at the end ("Port reopens | The Gazette")."""
    tail = _TAIL.search(title)
    if not tail or tail.start() < 10:
        return title
    named = _plain(outlet or "")
    last = _plain(tail[1])
    if named and last and (last in named or named in last):
        return title[: tail.start()]
    return title


def canonical(tree: Element, meta: Mapping[str, str], address: str | None) -> str | None:
    """The page's own name for itself, unless that is its site's front page; else where it was fetched."""
    links = [str(link.get("href") or "") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    for given in (*links, meta.get("og:url", "")):
        found = urljoin(address or "", given.strip()) if given.strip() else ""
        parts = urlsplit(found)
        if parts.scheme in ("http", "https") and parts.netloc and (parts.path.strip("/") or parts.query):
            return found
    return address


def _meta(tree: Element, own: Own) -> dict[str, str]:
    """The first content of each meta tag, by its name in small letters; of those beside the text, the article's own."""
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        if tag.get("itemprop") and not own.has(tag):
            continue
        names = " ".join(str(tag.get(key) or "") for key in ("property", "name", "itemprop", "http-equiv")).lower().split()
        content = text_in(str(tag.get("content") or ""))
        for name in names:
            if content:
                found.setdefault(name, content)
    return found


def _authors(meta: Mapping[str, str], tree: Element, own: Own) -> object:
    named = next((meta[name] for name in AUTHORS if name in meta and "://" not in meta[name]), None)
    if named:
        return named
    links = [tag for tag in tree.iter("a", "span", "p", "div", "address") if _names_author(tag) and own.has(tag)]
    names = (" ".join(" ".join(link.itertext()).split()) for link in links)
    return list(dict.fromkeys(name for name in names if name and len(name) <= MAX_NAME)) or None


def _names_author(tag: Element) -> bool:
    return "author" in f"{tag.get('rel') or ''} {tag.get('itemprop') or ''}".lower().split()


def _all(meta: Mapping[str, str], names: Sequence[str]) -> Iterator[str]:
    return (meta[name] for name in names if name in meta)


def _first(meta: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _inner(tree: Element, tag: str) -> str | None:
    found = next(tree.iter(tag), None)
    return " ".join(" ".join(found.itertext()).split()) or None if found is not None else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]|^the\b|\.com$", "", name.casefold())
