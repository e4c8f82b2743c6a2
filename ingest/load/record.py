"""What a loader yields: articles as their files give them, and what could not be read, each with its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MAX_FILE_BYTES = 200_000_000
"""A larger file is refused, unless it is read line by line."""
MAX_RECORD_CHARACTERS = 20_000_000
"""A longer text is refused: no article is that long, and every later step costs in proportion."""


@dataclass(frozen=True, slots=True)
class Record:
    """One article as it stands in its file. Dates are as written; `line` is None when the file is one article.

    `line` counts lines from 1 in JSONL and articles from 1 in a JSON array. `notes` say what a reader of the report should know.
    """

    text: str
    title: str | None = None
    id: str | None = None
    url: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: object = None
    published_from: Literal["record", "front matter"] = "record"
    modified: object = None
    language: str | None = None
    section: str | None = None
    line: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or record that gives no article. `skipped` is expected (another format, nothing in it), `failed` is not."""

    outcome: Literal["skipped", "failed"]
    reason: str
    line: int | None = None
