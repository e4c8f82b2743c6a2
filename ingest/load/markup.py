"""Texts of records that are marked up: converted as a web page is."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from lxml import html

from ingest.load.html import MAX_DEPTH, depth_of, plain_text, record_of_page
from ingest.load.record import Record, Refusal
from ingest.load.tree import drop_hidden, parse_page
from ingest.load.values import words_of

_TAGS = (
    "a|abbr|article|aside|b|blockquote|body|br|button|center|cite|code|dd|div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|"
    "head|header|hr|html|i|iframe|img|ins|label|li|main|mark|nav|noscript|ol|p|pre|q|s|script|section|small|span|strong|style|sub|"
    "sup|table|tbody|td|template|th|thead|time|tr|u|ul|video"
)
_MARKUP = re.compile(rf"</(?:{_TAGS})\s*>|<(?:br|hr|img|p|script|style)(?:\s[^<>]*)?/?>|<!--.*?-->|<!\[CDATA\[", re.I | re.S)
_BLOCKS = re.compile(r"<(?:p|div|br|li|h[1-6]|table|blockquote|section|article|body)\b", re.IGNORECASE)
_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,12}|#\d{2,7}|#x[0-9a-fA-F]{2,6});")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_LINE_END = re.compile(r"(?<!\n)[ \t]*\n[ \t]*(?!\s*\n)")


def as_shown(found: Record | Refusal) -> Record | Refusal:
    """The record with its words as a reader sees them, where they came as HTML."""
    if isinstance(found, Refusal):
        return found
    return replace(
        found,
        text=strip_markup(found.text),
        title=words_of(strip_markup(found.title or "")),
        outlet=words_of(strip_markup(found.outlet or "")),
        section=words_of(strip_markup(found.section or "")),
        authors=tuple(filter(None, (words_of(strip_markup(author)) for author in found.authors))),
    )


def strip_markup(text: str) -> str:
    """A text without tags and with the characters that entities stand for."""
    if is_marked_up(text):
        return text_of_markup(text)
    plain = unescape(text) if _ENTITY.search(text) else text
    return text_of_markup(plain) if plain is not text and is_marked_up(plain) else plain


def is_marked_up(text: str) -> bool:
    """Whether it holds tags of HTML; a lone "<" or a name in angles is none."""
    return "<" in text and _MARKUP.search(text) is not None


def text_of_markup(source: str) -> str:
    """What a reader sees of a body in HTML: of a whole page its article, of a part of one all of it."""
    source = _CDATA.sub(r"\1", source)
    if _PAGE.match(source) and isinstance(found := record_of_page(source, None), Record):
        return found.text
    text = _unescape(source)
    return _unescape(text) if is_marked_up(text) else text  # what was escaped twice


def _unescape(source: str) -> str:
    if not is_marked_up(source):
        return plain_text(source) if "&" in source else source
    source = source.replace("\r\n", "\n")
    if _BLOCKS.search(source):
        source = _LINE_END.sub(" ", source)
    if depth_of(source) <= MAX_DEPTH and (tree := parse_page(source)) is not None:
        drop_hidden(tree)
        source = html.tostring(tree, encoding="unicode")
    return plain_text(source)
