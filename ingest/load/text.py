"""Plain text: one article a file, whose fields may stand above it as they do in Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.load.decode import decode_bytes
from ingest.load.fields import find_field, record_of
from ingest.load.matter import split_matter
from ingest.load.record import Content, Record, Refusal

NAMED = frozenset(("title", "published", "url", "authors", "outlet"))
"""Fields of which one at the least stands in what is above a text."""


def load_text(content: Content) -> Iterator[Record | Refusal]:
    text, note = decode_bytes(content.path.read_bytes())
    notes = (note,) if note else ()
    fields, below = split_matter(text)
    if below.strip() and any(find_field(name) in NAMED for name in fields):
        found = record_of({**{name: value for name, value in fields.items() if find_field(name) != "text"}, "text": below}, None)
        if isinstance(found, Record):
            yield replace(found, published_from="front matter", notes=notes)
            return
    yield Record(text, notes=notes)
