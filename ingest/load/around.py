"""What of a page belongs to its article, and what only stands around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import islice

from lxml.etree import _Element as Element

MAX_CARD = 600
"""Characters up to which an element with a linked heading is a card that leads to another story."""
MAX_LINK = 15
"""Characters of a longer link's text are a headline's."""
ABOVE, BETWEEN = 30, 150
"""Tags above the headline that may hold the day of its article, and those between it and the text."""
MAX_ASIDE = 250
"""Characters of the longest note beside an article's headline that tells who wrote it and when."""
MAX_NAME = 40
"""Characters of a longer link in such a note are no author's or section's name."""
_DATED = re.compile(r"(?:19|20)\d\d")

_AROUND = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|promo\w*|shar(?:e|ing)|social|newsletter|comments?|advert\w*|ads?|sidebar(?!-)|cookies?|consent"
    r"|regwall|subscri\w*|offer|most-?read|popular|latest|captions?|credits?|(?:image|photo|picture|media)-(?:description|text|meta\w*)|byline|author-?(?:bio|box|info)|tags|breadcrumbs?"
    r"|footer|menu|nav|navbar|widget|popup|modal|banner|copyright|disclaimer|signup|sponsor\w*|outbrain|taboola)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|promo\w*|most-?read|popular|latest|trending|more-?(?:news|stories|from|on)|teasers?|comments?"
    r"|sidebar|(?:site|page|main|global|section)[_-]+footer|(?<![a-z][_-])(?<![a-z]__)footer|archives?|calendar|events?|widget|nav|menu|next|prev(?:ious)?|read-?(?:more|next)|see-?also|cards?|outbrain|taboola)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_TEASER = re.compile(r"(?:teaser|card)s?", re.IGNORECASE)
_SIDEBAR = re.compile(r"sidebar", re.IGNORECASE)
_NOT_BODY = frozenset("nav footer aside form figure figcaption menu dialog button select".split())  # noqa: SIM905
_OUTSIDE = frozenset("nav aside footer menu dialog".split())  # noqa: SIM905


def is_around(element: Element, inside: Collection[Element] = ()) -> bool:
    """Whether the element, or one around it, is called what is no part of an article's text. What is `inside` is, whatever its
    name."""
    for tag in ancestors(element):
        if tag in inside or tag.tag in ("body", "html", "article", "main"):
            return False
        if tag.tag in _NOT_BODY or _AROUND.search(class_and_id(tag)):
            return True
    return False


def is_outside(element: Element) -> bool:
    """Whether it stands in a part of the page that is marked as none of its article."""
    return any(tag.tag in _OUTSIDE or tag.tag in ("form", "figure") for tag in ancestors(element))


class Own:
    """Tells the marks of a page's own article from those of others. Looks at the page once.

    `held` are the elements around the article's text and `first` the one that it begins in, where that is known: what stands
    between the headline and it is the article's, unless it leads to another story.
    """

    def __init__(self, tree: Element, held: Collection[Element] = frozenset(), first: Element | None = None) -> None:
        self._titles = _find_titles(tree)
        head = self._find_head(tree)
        self._around = {*ancestors(head), *ancestors(first)}
        articles = list(tree.iter("article"))
        holding = [article for article in articles if article in set(ancestors(head))]
        chosen = holding or sorted(articles, key=_length, reverse=True)[:1]
        self._article = chosen[-1] if chosen else None
        self._titles |= {_text(head)} if head is not None else set()
        self._held = held
        self._top = _between(tree, head, first)
        self._known: dict[Element, bool] = {}
        self._classes = Counter(str(tag.get("class")) for tag in tree.iter() if tag.get("class"))

    def _find_head(self, tree: Element) -> Element | None:
        """The heading that is called as the page is, the first of the highest rank; else the first of the first rank."""
        named = [head for rank in ("h1", "h2", "h3") for head in tree.iter(rank) if self._names_own(_text(head))]
        return named[0] if named else next(tree.iter("h1"), None)

    def has(self, tag: Element) -> bool:
        """Whether what the tag says is said of the page's own article."""
        path = ancestors(tag)
        for one in path:
            if one in self._held:
                return True
            if one not in self._known:
                self._known[one] = self._is_foreign(one)
            if self._known[one]:
                return False
            if one is self._article:
                return True
        return True

    def _is_foreign(self, tag: Element) -> bool:
        if tag in self._around or tag is self._article or tag.tag in ("body", "html", "main"):
            return False
        if tag.tag == "article":
            return self._article is not None and tag not in set(ancestors(self._article))
        if self._is_card(tag) or (tag.tag == "li" and _links_away(tag, MAX_LINK)):
            return True
        if tag.tag in _OUTSIDE and not self._is_own_note(tag):
            return True
        if tag in self._top and not _links_away(tag, MAX_LINK):
            return False
        if not _OTHERS.search(name := class_and_id(tag)) or self._article in set(tag.iter()) or self._stands_alone(tag):
            return False
        beside = not _OTHERS.search(_SIDEBAR.sub(" ", name)) and self._article in ancestors(tag)
        return not beside or _links_away(tag, MAX_LINK)

    def _stands_alone(self, tag: Element) -> bool:
        """Whether it is named like one of several stories and leads to none, but is the only one or stands beside the text."""
        if _OTHERS.search(_TEASER.sub(" ", class_and_id(tag))):
            return False
        alone = self._classes[str(tag.get("class") or "")] == 1 or tag.getparent() in self._held
        return alone and _length(tag) <= MAX_ASIDE and not _links_away(tag, MAX_LINK)

    def _is_own_note(self, tag: Element) -> bool:
        """Whether it is the foot of the article, or a short note in it or beside its headline: "Date, author, section"."""
        inside = self._article in ancestors(tag)
        if tag.tag == "footer":
            return inside
        short = tag.tag == "aside" and _length(tag) <= MAX_ASIDE and not _links_away(tag, MAX_NAME)
        return short and (inside or tag in self._top)

    def _is_card(self, tag: Element) -> bool:
        """Whether it is a heading that links to its story, which is not this one, with little beside it."""
        if tag.tag not in ("div", "section", "li", "a", "td") or _length(tag) > MAX_CARD:
            return False
        linked = (
            link for heading in tag.iter("h2", "h3", "h4", "h5") for link in (*heading.iter("a"), *_find_links_around(heading))
        )
        return any(not self._names_own(_text(link)) for link in linked)

    def _names_own(self, text: str) -> bool:
        """Whether a heading is the page's own: what the page is called, or the beginning of that, as sites add their names."""
        return bool(text) and any(text == title or (len(text) > MAX_LINK and title.startswith(text)) for title in self._titles)


def _between(tree: Element, head: Element | None, first: Element | None) -> set[Element]:
    """The elements that begin with the headline or a little above it and end before the text."""
    if first is None:
        return set()
    order = list(tree.iter())
    end = order.index(first)
    start = _start_of(order, head, end)
    around = set(ancestors(first))
    shared = next((tag for tag in ancestors(order[start])[1:] if tag in around), None)
    beside = {order[start].getparent(), *([shared] if shared is not None and shared.tag not in ("body", "html") else [])}
    above = [tag for tag in order[max(0, start - ABOVE) : start] if not beside.isdisjoint(ancestors(tag)[1:])]
    return {tag for tag in (*above, *order[start:end]) if tag not in around}


def _start_of(order: Sequence[Element], head: Element | None, end: int) -> int:
    """The place of the headline before the text: of the page's own, else of the last one of the highest rank."""
    heads = [(order[at].tag, at) for at in range(max(0, end - BETWEEN), end) if order[at].tag in ("h1", "h2", "h3")]
    own = [at for _, at in heads if order[at] is head]
    return next(iter(own), max((at for tag, at in heads if tag == "h1"), default=heads[-1][1] if heads else end))


def _find_titles(tree: Element) -> set[str]:
    """What the page is called for readers and for machines."""
    written = [tag.get("content") for tag in tree.iter("meta") if tag.get("property") == "og:title"]
    written += [_text(tag) for tag in islice(tree.iter("title"), 1)]
    return {title for text in written if text and (title := " ".join(text.split()))}


def _links_away(tag: Element, least: int) -> bool:
    """Whether it holds a link that is long enough for a headline and no date."""
    return any(len(text := _text(link)) > least and not _DATED.search(text) for link in tag.iter("a"))


def _text(tag: Element) -> str:
    return " ".join("".join(tag.itertext()).split())


def _find_links_around(heading: Element) -> list[Element]:
    parent = heading.getparent()
    return [parent] if parent is not None and parent.tag == "a" else []


def class_and_id(tag: Element) -> str:
    return f"{tag.get('class') or ''} {tag.get('id') or ''}"


def ancestors(element: Element | None, levels: int = 300) -> list[Element]:
    """The element and those around it, the innermost first."""
    found: list[Element] = []
    while element is not None and len(found) < levels:
        found.append(element)
        element = element.getparent()
    return found


def _length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())
