"""What a file is, by its first bytes: names of files are often wrong, and pages that were fetched have none."""

from __future__ import annotations

import re

TRUSTED = frozenset({".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".md", ".markdown"})
"""Suffixes of files that may hold markup and be no page all the same."""
ZIPPED = frozenset({".docx", ".epub"})

_OPENING = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s|<\?xml.*?\?>|<\?[a-z-]+.*?\?>|<!--.*?-->)*", re.DOTALL)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_FEED = re.compile(rb"<(?:!doctype\s+rss|(?:\w+:)?(?:rss|feed|rdf|channel)[\s>])", re.IGNORECASE)


def sniff_suffix(head: bytes, suffix: str) -> str:
    """The suffix that a file with this beginning should have."""
    if head.startswith(b"%PDF-"):
        return ".pdf"
    if head.startswith(b"PK\x03\x04"):
        return suffix if suffix in ZIPPED else ""
    if suffix in TRUSTED:
        return suffix
    start = _OPENING.match(head)
    rest = head[start.end() :] if start else head
    if _PAGE.match(rest):
        return ".html"
    if _FEED.match(rest):
        return ".xml"
    return suffix
