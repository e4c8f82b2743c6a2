"""Feeds: the articles that RSS, Atom and JSON feeds hold, or the summaries of those that they link to."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeGuard

from ingest.load.fields import record_of
from ingest.load.html import plain_text
from ingest.load.record import Content, Record, Refused

MAX_FEED_BYTES = 50_000_000
MAX_ENTRIES = 10_000
WHOLE = 600
"""An entry with fewer characters that links to a page is a summary of it."""
SUMMARY = "the feed's summary; its page was not fetched"

_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>|<!ENTITY[^>]*>", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!]")


def load_feed(content: Content) -> Iterator[Record | Refused]:
    import feedparser

    raw = content.path.read_bytes()
    if len(raw) > MAX_FEED_BYTES:
        yield Refused("failed", f"the feed has {len(raw):,} bytes, the limit is {MAX_FEED_BYTES:,}")
        return
    # Given bytes it opens neither a file nor a URL. What a document type declares, entities above all, is no part of a feed.
    headers = {"content-type": f"application/xml; charset={content.charset}"} if content.charset else {}
    try:
        feed = feedparser.parse(io.BytesIO(_DOCTYPE.sub(b"", raw)), response_headers=headers, sanitize_html=False)
    except Exception as error:  # its own parsers let any error through
        yield Refused("failed", f"not a feed that can be read ({type(error).__name__})")
        return
    if not feed.entries:
        yield _without_entries(feed)
        return
    note = f"the feed is malformed ({_fault(feed)}); this is what could be read" if feed.bozo else None
    for number, entry in enumerate(feed.entries[:MAX_ENTRIES], start=1):
        yield _noted(_record(entry, feed.feed, number), note)
    if len(feed.entries) > MAX_ENTRIES:
        yield Refused(
            "failed", f"the feed has {len(feed.entries):,} entries, the first {MAX_ENTRIES:,} are read", MAX_ENTRIES + 1
        )


def is_json_feed(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping) and str(value.get("version", "")).startswith("https://jsonfeed.org/version/")


def records_of_json_feed(feed: Mapping[str, Any]) -> Iterator[Record | Refused]:
    """The entries of a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        yield Refused("skipped", "the feed has no entries")
        return
    for number, item in enumerate(items[:MAX_ENTRIES], start=1):
        if not isinstance(item, Mapping):
            yield Refused("failed", "an entry that is not an object", number)
            continue
        fields = {
            "text": item.get("content_text") or _text_of(item.get("content_html")) or item.get("summary"),
            "title": item.get("title"),
            "url": item.get("url") or item.get("external_url"),
            "outlet": feed.get("title"),
            "authors": item.get("authors") or item.get("author") or feed.get("authors"),
            "published": item.get("date_published"),
            "modified": item.get("date_modified"),
            "language": item.get("language") or feed.get("language"),
        }
        yield _entry(fields, number)


def _record(entry: Mapping[str, Any], feed: Mapping[str, Any], number: int) -> Record | Refused:
    whole = "\n\n".join(_text_of(part.get("value")) for part in entry.get("content", ()))
    fields = {
        "text": whole.strip() or _text_of(entry.get("summary")) or _text_of(entry.get("title")),
        "title": _text_of(entry.get("title")),
        "url": entry.get("link"),
        "outlet": _text_of((entry.get("source") or {}).get("title")) or _text_of(feed.get("title")),
        "authors": [one.get("name") for one in entry.get("authors", ()) if one.get("name")] or _text_of(entry.get("author")),
        "published": entry.get("published") or entry.get("created"),
        "modified": entry.get("updated"),
        "language": feed.get("language"),
        "section": next((tag.get("term") for tag in entry.get("tags", ()) if tag.get("term")), None),
    }
    return _entry(fields, number)


def _entry(fields: Mapping[str, object], number: int) -> Record | Refused:
    """An entry without text but with a page is its title, until the page is fetched."""
    if not fields["text"]:
        fields = {**fields, "text": fields["title"]}
    if not fields["text"]:
        return Refused("skipped", "an entry without text", number)
    found = record_of(fields, number)
    if isinstance(found, Refused):
        return found
    if len(found.text) < WHOLE and found.url:
        return _noted(replace(found, published_from="feed", link_only=True), SUMMARY)
    return replace(found, published_from="feed")


def _text_of(value: object) -> str:
    """Text from what may be marked up."""
    if not isinstance(value, str):
        return ""
    return plain_text(value) if _MARKUP.search(value) or "&" in value else value.strip()


def _without_entries(feed: Mapping[str, Any]) -> Refused:
    if feed.get("version"):
        return Refused("skipped", "the feed has no entries")
    return Refused("failed", f"not a feed that can be read ({_fault(feed) or 'no feed in it'})")


def _fault(feed: Mapping[str, Any]) -> str:
    return " ".join(str(feed.get("bozo_exception") or "").split())[:120]


def _noted(found: Record | Refused, note: str | None) -> Record | Refused:
    return replace(found, notes=(*found.notes, note)) if note and isinstance(found, Record) else found
