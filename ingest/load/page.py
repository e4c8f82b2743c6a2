"""What a web page says of its article besides the text: JSON-LD, OpenGraph and other meta tags, links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as Element

from ingest.load.record import Dated

ARTICLES = frozenset(
    """
    NewsArticle Article ReportageNewsArticle AnalysisNewsArticle BackgroundNewsArticle OpinionNewsArticle ReviewNewsArticle
    AskPublicNewsArticle BlogPosting LiveBlogPosting SocialMediaPosting Report TechArticle ScholarlyArticle
    AdvertiserContentArticle
    """.split()  # noqa: SIM905
)
"""The types of schema.org whose title and dates are an article's."""
MAX_JSON = 2_000_000
MAX_DEPTH = 6

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
LANGUAGES = ("og:locale", "language", "content-language", "dc.language")

_TAIL = re.compile(r"\s+(?:[-–—|·»•:]|::)\s+([^-–—|·»•]{2,60})$")
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\s*$")


@dataclass(slots=True)
class PageData:
    """What is known of a page, as it is written there; the most trusted date first, of all that stand there."""

    title: str | None = None
    outlet: str | None = None
    authors: object = None
    url: str | None = None
    dates: list[Dated] = field(default_factory=list)
    modified: object = None
    language: str | None = None
    section: object = None


def read_page(tree: Element, address: str | None) -> PageData:
    """`address` is where the page was fetched, if it was."""
    meta = _meta(tree)
    linked = next(_articles(tree), {})
    outlet = _name(linked.get("publisher")) or _first(meta, OUTLETS)
    title = _text(linked.get("headline")) or _first(meta, TITLES) or _inner(tree, "title") or _inner(tree, "h1")
    data = PageData(
        title=without_outlet(title, outlet) if title else None,
        outlet=outlet,
        authors=_names(linked.get("author")) or _authors(meta, tree),
        url=canonical(tree, meta, address),
        modified=linked.get("dateModified") or _first(meta, MODIFIED),
        language=_text(linked.get("inLanguage")) or tree.get("lang") or tree.get("xml:lang") or _first(meta, LANGUAGES),
        section=linked.get("articleSection") or _first(meta, SECTIONS),
    )
    if linked.get("datePublished"):
        data.dates.append(Dated(linked["datePublished"], "JSON-LD"))
    data.dates += [Dated(meta[name], "meta") for name in PUBLISHED if name in meta]
    data.dates += [Dated(written, "meta") for written in _marked_times(tree)]
    return data


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


def _meta(tree: Element) -> dict[str, str]:
    """The first content of each meta tag, by its name in small letters."""
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        names = " ".join(str(tag.get(key) or "") for key in ("property", "name", "itemprop", "http-equiv")).lower().split()
        content = " ".join(str(tag.get("content") or "").split())
        for name in names:
            if content:
                found.setdefault(name, content)
    return found


def _articles(tree: Element) -> Iterator[Mapping[str, Any]]:
    """The articles that JSON-LD describes, those first that are called so."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = _COMMENT.sub("", script.text or "")
        if len(text) <= MAX_JSON:
            try:
                yield from _described(json.loads(text, strict=False), MAX_DEPTH)
            except (ValueError, RecursionError):
                continue


def _described(value: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list) and depth:
        for item in value:
            yield from _described(item, depth - 1)
    elif isinstance(value, Mapping) and depth:
        kinds = value.get("@type")
        if ARTICLES.intersection(map(str, kinds if isinstance(kinds, list) else [kinds])):
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            if isinstance(value.get(key), list | Mapping):
                yield from _described(value[key], depth - 1)


def _marked_times(tree: Element) -> Iterator[str]:
    """The times that the page marks as those of publication."""
    for tag in tree.iter("time", "abbr", "span", "meta"):
        marks = (
            f"{tag.get('itemprop') or ''} {tag.get('pubdate') is not None and 'pubdate'} {tag.get('class') or ''}".lower().split()
        )
        if {"datepublished", "pubdate", "published", "entry-date"}.intersection(marks):
            yield str(tag.get("datetime") or tag.get("content") or tag.get("title") or "")


def _authors(meta: Mapping[str, str], tree: Element) -> object:
    named = next((meta[name] for name in AUTHORS if name in meta and "://" not in meta[name]), None)
    if named:
        return named
    links = (" ".join(link.itertext()) for link in tree.iter("a") if "author" in (link.get("rel") or "").split())
    return next((" ".join(name.split()) for name in links if name.strip()), None)


def _names(value: object) -> list[str]:
    found = [_name(item) for item in (value if isinstance(value, list) else [value])]
    return [name for name in found if name]


def _name(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return _text(value.get("name")) if isinstance(value, Mapping) else _text(value)


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _first(meta: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _inner(tree: Element, tag: str) -> str | None:
    found = next(tree.iter(tag), None)
    return " ".join(" ".join(found.itertext()).split()) or None if found is not None else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]|^the\b|\.com$", "", name.casefold())
