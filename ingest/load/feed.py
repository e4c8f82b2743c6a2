"""Feeds: the articles that RSS, Atom and JSON feeds hold, or the summaries of those that they link to."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from ingest.load.decode import decode_bytes
from ingest.load.fields import record_of
from ingest.load.markup import strip_markup
from ingest.load.record import Content, Note, Record, Refusal

MAX_FEED_BYTES = 50_000_000
MAX_ENTRIES = 10_000
WHOLE = 600
"""An entry with fewer characters that links to a page is a summary of it."""
SUMMARY = Note("the feed's summary; its page was not fetched", "summary-only")

_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>|<!ENTITY[^>]*>", re.DOTALL | re.IGNORECASE)
_DECLARED = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_PROLOG = re.compile(r"\A\s*<\?xml.*?\?>", re.DOTALL)
_CLOSED = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.DOTALL | re.IGNORECASE)
_GLOBAL = re.compile(r"https?://|tag:|urn:|[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE)
"""How a name begins that no other feed gives to another entry."""


def load_feed(content: Content) -> Iterator[Record | Refusal]:
    import feedparser

    raw = content.path.read_bytes()
    if len(raw) > MAX_FEED_BYTES:
        yield Refusal("failed", f"the feed has {len(raw):,} bytes, the limit is {MAX_FEED_BYTES:,}")
        return
    declared = _DECLARED.match(raw)
    text, note = decode_bytes(raw, (content.charset, declared[1].decode() if declared else None))
    # Given bytes it opens neither a file nor a URL. What a document type declares, entities above all, is no part of a feed.
    plain = _DOCTYPE.sub("", _PROLOG.sub("", text, count=1)).encode("utf-8", "replace")
    try:
        headers = {"content-type": "application/xml; charset=utf-8"}
        feed = feedparser.parse(io.BytesIO(plain), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # its own parsers let any error through
        yield Refusal("failed", f"not a feed that can be read ({type(error).__name__})")
        return
    if not feed.entries:
        yield _without_entries(feed)
        return
    cut = not _CLOSED.search(text[-2_000:])
    fault = Note(f"the feed is malformed ({_fault(feed)}); this is what could be read", "malformed", cut) if feed.bozo else None
    records = [_record(entry, feed, number) for number, entry in enumerate(feed.entries[:MAX_ENTRIES], start=1)]
    for found in _tell_apart(records, str(feed.feed.get("link") or "")):
        yield _add_notes(_add_notes(found, fault), note)
    if len(feed.entries) > MAX_ENTRIES:
        yield Refusal(
            "failed", f"the feed has {len(feed.entries):,} entries, the first {MAX_ENTRIES:,} are read", MAX_ENTRIES + 1
        )


def is_json_feed(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping) and str(value.get("version", "")).startswith("https://jsonfeed.org/version/")


def records_of_json_feed(feed: Mapping[str, Any]) -> Iterator[Record | Refusal]:
    """The entries of a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        yield Refusal("skipped", "the feed has no entries")
        return
    records = [_record_of_item(item, feed, number) for number, item in enumerate(items[:MAX_ENTRIES], start=1)]
    yield from _tell_apart(records, str(feed.get("home_page_url") or ""))


def _record_of_item(item: object, feed: Mapping[str, Any], number: int) -> Record | Refusal:
    if not isinstance(item, Mapping):
        return Refusal("failed", "an entry that is not an object", number)
    fields = {
        "text": item.get("content_text") or _text_of(item.get("content_html")) or item.get("summary"),
        "title": item.get("title"),
        "url": item.get("url") or item.get("external_url"),
        "outlet": feed.get("title"),
        "authors": item.get("authors") or item.get("author") or feed.get("authors"),
        "published": item.get("date_published"),
        "modified": item.get("date_modified"),
        "language": item.get("language") or feed.get("language"),
        "guid": _key(item.get("id"), feed.get("home_page_url") or feed.get("feed_url") or feed.get("title")),
    }
    return _entry(fields, number)


def _record(entry: dict[str, Any], whole: Mapping[str, Any], number: int) -> Record | Refusal:
    feed = whole["feed"]
    content = "\n\n".join(_text_of(part.get("value")) for part in entry.get("content", ()))
    published, modified = _dates(entry, str(whole.get("version") or ""))
    fields = {
        "text": content.strip() or _text_of(entry.get("summary")) or _text_of(entry.get("title")),
        "title": _text_of(entry.get("title")),
        "url": entry.get("link"),
        "outlet": _text_of((entry.get("source") or {}).get("title")) or _text_of(feed.get("title")),
        "authors": [one.get("name") for one in entry.get("authors", ()) if one.get("name")] or _text_of(entry.get("author")),
        "published": published,
        "modified": modified,
        "language": feed.get("language"),
        "section": next((tag.get("term") for tag in entry.get("tags", ()) if tag.get("term")), None),
        "guid": _key(entry.get("id"), feed.get("link") or feed.get("title")),
    }
    return _entry(fields, number)


def _dates(entry: dict[str, Any], version: str) -> tuple[object, object]:
    """When an entry was published and changed. In RSS the Dublin Core date, which the parser calls an update, is the one day that
    an entry may have; in Atom an update is one."""
    published = dict.get(entry, "published") or entry.get("created") or entry.get("prism_publicationdate")
    updated = dict.get(entry, "updated")  # the parser's own `get` gives one date for the other
    if published or version.startswith("atom"):
        return published, updated
    return updated, None


def _key(given: object, feed: object) -> str | None:
    """A name for an entry that no other feed's entry has; None where it is not named."""
    if not isinstance(given, str | int) or not (name := str(given).strip()):
        return None
    return name if _GLOBAL.match(name) else f"{urlsplit(str(feed or '')).netloc or feed or ''} {name}"


def _tell_apart(records: Iterable[Record | Refusal], home: str) -> Iterator[Record | Refusal]:
    """Entries that share a link have no page of their own, and a name that several share is none."""
    records = list(records)
    urls = Counter(one.url for one in records if isinstance(one, Record))
    keys: dict[str, set[tuple[str | None, str | None]]] = {}
    for one in records:
        if isinstance(one, Record) and one.key:
            keys.setdefault(one.key, set()).add((one.url, one.title))
    for one in records:
        if not isinstance(one, Record):
            yield one
            continue
        if one.key and len(keys[one.key]) > 1:
            one = replace(one, key=None)
        if one.link_only and (urls[one.url] > 1 or (one.url or "").rstrip("/") == home.rstrip("/")):
            one = replace(one, link_only=False, notes=tuple(note for note in one.notes if note is not SUMMARY))
        yield one


def _entry(fields: Mapping[str, object], number: int) -> Record | Refusal:
    """An entry without text but with a page is its title, until the page is fetched."""
    if not fields["text"]:
        fields = {**fields, "text": fields["title"]}
    if not fields["text"]:
        return Refusal("skipped", "an entry without text", number)
    found = record_of(fields, number)
    if isinstance(found, Refusal):
        return found
    if len(found.text) < WHOLE and found.url:
        return _add_notes(replace(found, published_from="feed", link_only=True), SUMMARY)
    return replace(found, published_from="feed")


def _text_of(value: object) -> str:
    """Text from what may be marked up."""
    return strip_markup(value).strip() if isinstance(value, str) else ""


def _without_entries(feed: Mapping[str, Any]) -> Refusal:
    if feed.get("version"):
        return Refusal("skipped", "the feed has no entries")
    return Refusal("failed", f"not a feed that can be read ({_fault(feed) or 'no feed in it'})")


def _fault(feed: Mapping[str, Any]) -> str:
    return " ".join(str(feed.get("bozo_exception") or "").split())[:120]


def _add_notes(found: Record | Refusal, note: Note | None) -> Record | Refusal:
    return replace(found, notes=(*found.notes, note)) if note and isinstance(found, Record) else found
