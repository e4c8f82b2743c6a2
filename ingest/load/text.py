"""Plain text: one article a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.load.decode import decoded
from ingest.load.record import Record, Refused


def load_text(path: Path) -> Iterator[Record | Refused]:
    text, note = decoded(path.read_bytes())
    yield Record(text, notes=(note,) if note else ())
