"""A page as a tree of what a reader sees, ready for extraction."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree, html
from lxml.etree import _Element as Element

from ingest.clean import normalise_spaces
from ingest.load.blocks import BREAKING

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STREAMED = re.compile(r"(?P<prefix>.*)S:(?P<number>[0-9a-f]+)$")
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANK = re.compile(r"\s+")
_NOSCRIPT = re.compile(r"<noscript\b[^>]*>(?:(?!</?(?:no)?script\b).)*+</noscript\s*>", re.IGNORECASE | re.DOTALL)
"""What browsers do not read: a tag that is opened in it and closed elsewhere would hold the page's text."""
_IN_SENTENCES = ("time", "output", "q", "center", "data", "button", "label")
"""Tags that extractors throw away with their words, though a browser sets them as any other word."""
_SPOKEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|hidden-visually|screen-?reader(?:s|-text|-only)?|vh|a11y-hidden|off-?screen)(?:$|\s)",
    re.IGNORECASE,
)
MAX_SPOKEN = 60
"""Characters of what is said of a link to those alone who have a page read to them: "(opens in a new window)"."""
MAX_CONTROL = 1_000
"""Characters of the longest text that a button may hold."""
WORDS_AROUND = 3
"""Characters beside such a tag that make it a part of a sentence."""


def parse_page(source: str) -> Element | None:
    """The page as a tree; None where there is nothing in it."""
    parser = html.HTMLParser(recover=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        tree = html.document_fromstring(_NO_XML.sub(" ", _NOSCRIPT.sub("", source)).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    _close_controls(tree)
    return tree


def _close_controls(tree: Element) -> None:
    """A button or label that nothing closes holds the rest of the page for the parser; it is none."""
    for tag in list(tree.iter("button", "label")):
        if _length(tag) > MAX_CONTROL and next(tag.iter("p", "article", "main", "section"), None) is not None:
            tag.tag = "div"


def reveal_streamed(tree: Element) -> None:
    """Moves into sight what a server streams hidden and the page's own script puts in its place, as React does: the content of
    `S:0` goes where the template `B:0` or `P:0` stands."""
    places = {str(tag.get("id")): tag for tag in tree.iter("template", "span", "div") if tag.get("id")}
    for tag in [tag for tag in places.values() if tag.get("hidden") is not None]:
        found = _STREAMED.fullmatch(str(tag.get("id")))
        if not found:
            continue
        tag.attrib.pop("hidden", None)
        names = (f"{found['prefix']}{letter}:{found['number']}" for letter in "BP")
        place = next((places[name] for name in names if name in places), None)
        if place is not None and place.getparent() is not None and place not in set(tag.iter()) and tag not in set(place.iter()):
            _take_out_tail(tag)
            place.addnext(tag)


def _take_out_tail(tag: Element) -> None:
    """Leaves the text after an element where it stands."""
    before, parent, tail = tag.getprevious(), tag.getparent(), tag.tail
    tag.tail = None
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail and parent is not None:
        parent.text = (parent.text or "") + tail


def drop_hidden(tree: Element) -> None:
    """What a reader does not see is no part of the article: it may have been put there for machines to read."""
    for tag in list(tree.iter("template", "noscript")):
        _drop(tag)
    for tag in tree.xpath("//a//span[@class] | //a//small[@class]"):
        if _SPOKEN.search(tag.get("class") or "") and _length(tag) <= MAX_SPOKEN:
            _drop(tag)
    heads = list(tree.iter("h1"))
    for tag in tree.xpath("//*[@hidden or @style]"):
        hidden = tag.get("hidden") is not None or _HIDDEN.search(tag.get("style") or "")
        if tag.tag not in ("html", "body") and hidden and not _holds(tag, heads):
            _drop(tag)


def _holds(tag: Element, heads: Sequence[Element]) -> bool:
    """Whether the whole page stands in it, its headline too: a script shows it once the page is there."""
    return bool(heads) and all(tag in set(head.iterancestors()) for head in heads)


def spell_ruby(tree: Element) -> None:
    """How signs are read stands in brackets behind them where the page has brackets for that."""
    for ruby in list(tree.iter("ruby")):
        if next(ruby.iter("rp"), None) is not None:
            for tag in list(ruby.iter("rp", "rt")):
                tag.tag = "span"


def plain_inline(tree: Element) -> None:
    """Gives extractors no reason to cut a sentence: neither at a tag inside it nor at a line's end in the source."""
    for tag in list(tree.iter(*_IN_SENTENCES)):
        around = tag
        while around.getparent() is not None and around.tag not in BREAKING:
            around = around.getparent()
        if around.tag not in ("body", "html") and _length(around) - _length(tag) >= WORDS_AROUND:
            tag.tag = "span"
    as_set = {inside for tag in tree.iter("pre", "textarea") for inside in tag.iter()}
    for tag in tree.iter():
        if tag not in as_set:
            tag.text = _one_line(tag.text)
            tag.tail = _one_line(tag.tail)


def _one_line(text: str | None) -> str | None:
    return _NO_XML.sub(" ", _BLANK.sub(" ", normalise_spaces(text))) if text else text


def _length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _drop(tag: Element) -> None:
    if tag.getparent() is not None:
        tag.drop_tree()
