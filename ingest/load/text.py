"""Plain text: one article a file."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.load.decode import decoded
from ingest.load.record import Content, Record, Refused


def load_text(content: Content) -> Iterator[Record | Refused]:
    text, note = decoded(content.path.read_bytes())
    yield Record(text, notes=(note,) if note else ())
