"""Web pages: the text of the article and nothing around it, with what the page says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from html.parser import HTMLParser

from lxml import etree, html
from lxml.etree import _Element as Element

from ingest.load.decode import decoded
from ingest.load.fields import record_of
from ingest.load.page import PageData, read_page
from ingest.load.record import Content, Dated, Record, Refused
from rag.errors import InputError

MAX_PAGE_BYTES = 20_000_000
SAFE_DEPTH, MAX_DEPTH = 250, 2_000
"""Parsers and extractors may lose the text of a page nested deeper than the one, and take for ever over one nested deeper than
the other. Then all of its words are taken, tags aside."""
SHORT = 250
"""A shorter text may be a caption that was taken for the article; a second way to find it is tried."""
NO_TEXT = "there is no article text in the page"

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_VOID = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr
    p li dt dd td th tr tbody thead tfoot option optgroup colgroup
    """.split()  # noqa: SIM905
)
"""Tags that hold nothing, or that nobody need close."""
_PARAGRAPHS = frozenset("p div br li dt dd h1 h2 h3 h4 h5 h6 tr caption article section blockquote header footer".split())  # noqa: SIM905
BETWEEN_CELLS = " | "
_CELLS = frozenset(("td", "th"))
_UNSEEN = frozenset("script style template noscript svg head".split())  # noqa: SIM905


def load_html(content: Content) -> Iterator[Record | Refused]:
    raw = content.path.read_bytes()
    if len(raw) > MAX_PAGE_BYTES:
        yield Refused("failed", f"the page has {len(raw):,} bytes, the limit is {MAX_PAGE_BYTES:,}")
        return
    yield record_of_page(text_of_page(raw, content.charset), content.address)


def record_of_page(source: str, address: str | None) -> Record | Refused:
    """The article of a page, given as text."""
    depth = depth_of(source)
    tree = None if depth > MAX_DEPTH else parsed(source)
    if tree is None:
        body, data = plain_text(source), PageData(url=address)
    else:
        data = read_page(tree, address)
        _drop_hidden(tree)
        body = article_text(tree) or (plain_text(source) if depth > SAFE_DEPTH else "")
        if not data.dates and (seen := _seen_date(tree)):
            data.dates.append(Dated(seen, "page"))
    body = _below_title(body, data.title)
    if not body.strip():
        return Refused("skipped", NO_TEXT)
    first = data.dates[0] if data.dates else None
    found = record_of(
        {
            "text": body,
            "title": data.title,
            "outlet": data.outlet,
            "authors": data.authors,
            "url": data.url,
            "modified": data.modified,
            "language": data.language,
            "section": data.section,
            "published": first.value if first else None,
        },
        None,
    )
    if isinstance(found, Refused) or first is None:
        return found
    return found.with_dates(first.found_in, data.dates[1:])


def _below_title(body: str, title: str | None) -> str:
    """The text without its headline, which the record has as its title."""
    first, _, rest = body.partition("\n\n")
    return rest if title and rest and first.casefold() == title.casefold() else body


def text_of_page(raw: bytes, charset: str | None) -> str:
    """A page's bytes as text: as its server says, as it says itself, or as they look."""
    meta = _CHARSET.search(raw, 0, 4_000)
    for name in (charset, meta[1].decode("ascii", "replace") if meta else None):
        if name:
            try:
                return raw.decode("cp1252" if name.lower() in ("iso-8859-1", "latin-1", "latin1", "ascii") else name)
            except (LookupError, UnicodeDecodeError):
                continue
    try:
        return decoded(raw)[0]
    except InputError:
        return raw.decode("utf-8", "replace")


def article_text(tree: Element) -> str:
    """The text of the article in a page, a paragraph a block."""
    lines = max((_extracted(deepcopy(tree), recall) for recall in (True, False)), key=_enough)
    return "\n\n".join(lines)


def _extracted(tree: Element, recall: bool) -> list[str]:
    import trafilatura

    found = trafilatura.bare_extraction(
        tree, favor_recall=recall, include_comments=False, include_tables=True, with_metadata=False, as_dict=False
    )
    lines = str(getattr(found, "text", None) or "").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _enough(lines: Sequence[str]) -> int:
    """Characters, as far as they tell a text from none; of two texts the first is taken."""
    return min(SHORT, sum(map(len, lines)))


def parsed(source: str) -> Element | None:
    """The page as a tree; None where there is nothing in it."""
    parser = html.HTMLParser(recover=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def depth_of(source: str) -> int:
    """How deep the tags of a page are nested, as they are written."""
    depth = deepest = 0
    for close, tag, closed in _TAG.findall(source):
        if tag.lower() in _VOID or closed:
            continue
        depth = max(0, depth - 1) if close else depth + 1
        deepest = max(deepest, depth)
        if deepest > MAX_DEPTH:
            break
    return deepest


def plain_text(source: str) -> str:
    """All that a page shows, without its tags."""
    reader = _Words()
    reader.feed(source)
    reader.close()
    return "\n\n".join(line for part in "".join(reader.words).split("\n") if (line := " ".join(part.split())))


class _Words(HTMLParser):
    """Collects text that is shown; needs no memory for what is nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = ""
        self._in_row = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # called by its name
        if tag in _UNSEEN and not self._unseen:
            self._unseen = tag
        elif tag in _PARAGRAPHS:
            if self.words[-1:] != [BETWEEN_CELLS]:
                self.words.append("\n")
            self._in_row = self._in_row and tag != "tr"
        elif tag in _CELLS:
            self._between_cells()

    def _between_cells(self) -> None:
        """Cells of one row stand on one line, apart from each other."""
        if self._in_row:
            while self.words and self.words[-1].isspace():
                self.words.pop()
            self.words.append(BETWEEN_CELLS)
        self._in_row = True

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif tag in _PARAGRAPHS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)


def _drop_hidden(tree: Element) -> None:
    """What a reader does not see is no part of the article: it may have been put there for machines to read."""
    for tag in list(tree.iter("template", "noscript")):
        _drop(tag)
    for tag in tree.xpath("//*[@hidden or @aria-hidden='true' or @style]"):
        if tag.get("hidden") is not None or _HIDDEN.search(tag.get("style") or ""):
            _drop(tag)


def _drop(tag: Element) -> None:
    if tag.getparent() is not None:
        tag.drop_tree()


def _seen_date(tree: Element) -> str | None:
    """A date among the words of the page."""
    from htmldate import find_date

    try:
        return find_date(tree, original_date=True, extensive_search=False)
    except Exception:  # a date is not worth an article; the library lets any error of its parsers through
        return None
