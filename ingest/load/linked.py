"""JSON-LD: of all articles that a page describes there, the one that the page is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

ARTICLES = frozenset(
    """
    NewsArticle Article ReportageNewsArticle AnalysisNewsArticle BackgroundNewsArticle OpinionNewsArticle ReviewNewsArticle
    AskPublicNewsArticle BlogPosting LiveBlogPosting SocialMediaPosting Report TechArticle ScholarlyArticle
    AdvertiserContentArticle
    """.split()  # noqa: SIM905
)
"""The types of schema.org whose title and dates are an article's."""
PAGES = frozenset({"WebPage", "ItemPage"})
"""What stands in where no article is described: its dates are those of the page."""
MAX_JSON = 2_000_000
MAX_DEPTH = 6
ESCAPED = 3
ALIKE = 0.5
"""Of the words in the shorter of two titles, those that the other has too for both to be of one article."""

_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$")
_WORD = re.compile(r"\w+")

Node: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LinkedData:
    """What the page says in JSON-LD of its own article; `names` are those of the persons and outlets it refers to by id."""

    article: Node
    names: Mapping[str, str]

    def text(self, *keys: str) -> str | None:
        return next((found for key in keys if (found := text_in(self.article.get(key)))), None)

    def named(self, key: str) -> list[str]:
        value = self.article.get(key)
        found = [self._name(item) for item in (value if isinstance(value, list) else [value])]
        return [name for name in found if name]

    def _name(self, value: object) -> str | None:
        if isinstance(value, Mapping):
            return text_in(value.get("name")) or self.names.get(str(value.get("@id")))
        return text_in(value)


def read_linked(tree: Element, address: str | None, titles: Sequence[str]) -> LinkedData:
    """`address` and `titles` are what the page is called elsewhere. Of several that could be it, the first one counts."""
    nodes = list(_nodes(tree))
    names = {str(node["@id"]): name for node, _ in nodes if "@id" in node and (name := text_in(node.get("name")))}
    for types in (ARTICLES, PAGES):
        scored = [
            (score_belonging(node, address, titles) - listed, -at, node)
            for at, (node, listed) in enumerate(nodes)
            if _is(node, types)
        ]
        if scored and max(scored, key=lambda one: one[:2])[0] >= 0:
            return LinkedData(max(scored, key=lambda one: one[:2])[2], names)
    return LinkedData({}, names)


def score_belonging(node: Node, address: str | None, titles: Sequence[str]) -> int:
    """How much speaks for the described article being the page's: its address and its headline, each for or against."""
    score = 0
    addresses = [found for key in ("url", "mainEntityOfPage", "@id") if (found := _address(node.get(key)))]
    if address and addresses:
        score += 2 if any(same_address(found, address) for found in addresses) else -2
    headings = [found for key in ("headline", "name") if (found := text_in(node.get(key)))]
    if titles and headings:
        score += 2 if any(alike(heading, title) for heading in headings for title in titles) else -1
    return score


def alike(first: str, second: str) -> bool:
    left, right = (set(_WORD.findall(text.casefold())) for text in (first, second))
    return bool(left and right) and len(left & right) >= ALIKE * min(len(left), len(right))


def closeness(first: str, second: str) -> float:
    """Of the words in either of two titles, the share that is in both, in steps of a quarter."""
    left, right = (set(_WORD.findall(text.casefold())) for text in (first, second))
    return round(4 * len(left & right) / len(left | right)) / 4 if left | right else 0.0


def same_address(first: str, second: str) -> bool:
    """Whether two addresses name one page: scheme, `www.`, query, fragment and a last slash aside."""
    one, other = (urlsplit(address.strip()) for address in (first, second))
    hosts = [parts.netloc.lower().removeprefix("www.").removeprefix("m.").removeprefix("amp.") for parts in (one, other)]
    return (hosts[0] == hosts[1] or not all(hosts)) and one.path.strip("/").lower() == other.path.strip("/").lower()


def text_in(value: object) -> str | None:
    """One line of text, its entities read: they are often written twice."""
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(unescape_entities(value).split()) or None if isinstance(value, str) else None


def unescape_entities(text: str) -> str:
    """With the characters that entities stand for; some pages escape theirs three times."""
    for _ in range(ESCAPED):
        if (plain := unescape(text)) == text:
            break
        text = plain
    return text


def _address(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) and urlsplit(value).path.strip("/") else None


def _nodes(tree: Element) -> Iterator[tuple[Node, int]]:
    """Everything described, and 1 for what stands in a list of others."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = _COMMENT.sub("", script.text or "")
        if len(text) <= MAX_JSON:
            try:
                yield from _describe(json.loads(text, strict=False), MAX_DEPTH, 0)
            except (ValueError, RecursionError):
                continue


def _describe(value: object, depth: int, listed: int) -> Iterator[tuple[Node, int]]:
    if isinstance(value, list) and depth:
        for item in value:
            yield from _describe(item, depth - 1, listed)
    elif isinstance(value, Mapping) and depth:
        yield value, listed
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "author", "publisher"):
            if isinstance(value.get(key), list | Mapping):
                yield from _describe(value[key], depth - 1, 1 if listed or key in ("itemListElement", "item") else 0)


def _is(node: Node, types: frozenset[str]) -> bool:
    kinds = node.get("@type")
    names = {str(kind).rpartition("/")[2] for kind in (kinds if isinstance(kinds, list) else [kinds])}
    return bool(types & names)
