"""Web pages: the text of the article and nothing around it, with what the page says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

from lxml.etree import _Element as Element

from ingest.load.around import Own
from ingest.load.decode import decode_bytes
from ingest.load.extract import Extraction, extract_article
from ingest.load.fields import record_of
from ingest.load.marked import find_marked_times, find_scripted_date, trackback_date
from ingest.load.page import PageData, read_page
from ingest.load.record import Content, DatedField, Note, Record, Refusal
from ingest.load.seen import WEAK, find_seen_dates, guess_date, named_date
from ingest.load.tree import parse_page, reveal_streamed, spell_ruby
from ingest.load.walls import HEADLINE, is_headline

MAX_PAGE_BYTES = 20_000_000
SAFE_DEPTH, MAX_DEPTH = 250, 2_000
"""Parsers and extractors may lose the text of a page nested deeper than the one, and take for ever over one nested deeper than
the other. Then all of its words are taken, tags aside."""
NO_ARTICLE = "no-article"
NO_TEXT = "there is no article text in the page"

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
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


def load_html(content: Content) -> Iterator[Record | Refusal]:
    raw = content.path.read_bytes()
    if len(raw) > MAX_PAGE_BYTES:
        yield Refusal("failed", f"the page has {len(raw):,} bytes, the limit is {MAX_PAGE_BYTES:,}")
        return
    text, note = text_of_page(raw, content.charset)
    found = record_of_page(text, content.address)
    yield replace(found, notes=(*found.notes, note)) if note and isinstance(found, Record) else found


def record_of_page(source: str, address: str | None) -> Record | Refusal:
    """The article of a page, given as text."""
    depth = depth_of(source)
    tree = None if depth > MAX_DEPTH else parse_page(source)
    if tree is None:
        return _record(plain_text(source), PageData(url=address), ())
    data = read_page(tree, address)
    scripted = find_scripted_date(tree)
    reveal_streamed(tree)
    spell_ruby(tree)
    found = extract_article(tree, data)
    if found.refused:
        return Refusal("skipped", found.refused, code=NO_ARTICLE)
    if tracked := trackback_date(source):
        data.dates.append(DatedField(tracked, "meta"))
    body = "\n\n".join(found.paragraphs) or (plain_text(source) if depth > SAFE_DEPTH else "")
    if body.strip() and is_headline(body, data.title, data.description):
        return Refusal("skipped", HEADLINE, code=NO_ARTICLE)
    data.dates += _dates_beside(tree, found, data, scripted)
    return _record(body, data, found.notes)


def _dates_beside(tree: Element, found: Extraction, data: PageData, scripted: str | None) -> list[DatedField]:
    """The dates that stand where the text turned out to be, and a guess where there are none."""
    own = Own(tree, found.held, found.blocks[found.first].element if found.blocks else None)
    known = {dated.value for dated in data.dates}
    marked = [DatedField(written, "meta") for written in find_marked_times(tree, own) if written not in known]
    dates = [*marked, *find_seen_dates(tree, found.blocks, own, found.first, data.language, scripted)]
    if dates or known:
        return dates
    guess = named_date((data.title, data.description), data.language) or guess_date(tree, own, found.blocks)
    return [DatedField(guess, "page", WEAK)] if guess else []


def _record(body: str, data: PageData, notes: tuple[Note, ...]) -> Record | Refusal:
    if not body.strip():
        return Refusal("skipped", NO_TEXT)
    sure = next((dated for dated in data.dates if dated.trust is None), None)
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
            "published": sure.value if sure else None,
        },
        None,
    )
    if isinstance(found, Refusal):
        return found
    found = replace(found, notes=(*found.notes, *notes))
    others = [dated for dated in data.dates if dated is not sure]
    return found.with_dates(sure.found_in, others) if sure else replace(found, dates=tuple(others))


def text_of_page(raw: bytes, charset: str | None) -> tuple[str, Note | None]:
    """A page's bytes as text, and a note on their encoding. Raises InputError when they are none, whatever they are called."""
    meta = _CHARSET.search(raw, 0, 4_000)
    return decode_bytes(raw, (charset, meta[1].decode("ascii", "replace") if meta else None))


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
