"""Text as its reader sees it: one form for all formats, made once, before anything is counted or quoted in it."""

from __future__ import annotations

import re
from html import unescape

from ingest.paragraphs import unwrap_lines

_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028]|\u2029")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_UNSEEN = re.compile(r"[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]")
"""Places where a word may be divided, and marks of direction. What joins letters of other scripts (U+200C, U+200D) stays."""
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_EMPTY_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][\da-fA-F]{2,6}|[A-Za-z][A-Za-z\d]{1,30});")
_TWICE = 2


def clean_text(text: str) -> str:
    """`text` in lines of whole paragraphs, without what no reader sees, with plain spaces, and no second empty line in a row.

    A lone surrogate becomes U+FFFD.
    """
    plain = normalise_spaces(_LINE_ENDS.sub("\n", text).replace("\f", "\n\n"))
    plain = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _CONTROLS.sub("", plain))
    return _EMPTY_LINES.sub("\n\n", unwrap_lines(_EMPTY_LINES.sub("\n\n", plain).strip("\n"))).strip()


def normalise_spaces(text: str) -> str:
    """With one kind of space, and without marks that are not seen."""
    if text.isascii():
        return text
    return _SPACES.sub(" ", _UNSEEN.sub("", text))


def headline(title: str | None) -> str | None:
    """A title on one line, with the characters that entities stand for; None where nothing is left."""
    if not title:
        return None
    for _ in range(_TWICE):  # some are escaped twice
        title = unescape(title) if _ENTITY.search(title) else title
    return " ".join(_CONTROLS.sub("", normalise_spaces(title)).split()) or None
