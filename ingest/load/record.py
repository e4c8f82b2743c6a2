"""What a loader yields: articles as their files give them, and what could not be read, each with its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rag.types import PublishedFrom

MAX_FILE_BYTES = 200_000_000
"""A larger file is refused, unless it is read line by line."""
MAX_RECORD_CHARACTERS = 20_000_000
"""A longer text is refused: no article is that long, and every later step costs in proportion."""
MAX_LINE_CHARACTERS = 1_000_000
"""A longer line is no paragraph, and cutting it into sentences takes minutes."""


class Note(str):
    """What a reader of the report should know, in words, with a `code` for programs; `lost` where something of the input is.

    A plain string serves as a note without a code of its own.
    """

    code: str
    lost: bool

    def __new__(cls, text: str, code: str, lost: bool = False) -> Note:
        note = super().__new__(cls, text)
        note.code = code
        note.lost = lost
        return note

    def __getnewargs__(self) -> tuple[str, str, bool]:  # type: ignore[override]  # what pickle makes it again from
        return str(self), self.code, self.lost


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes to read articles from, in the file `path`. The suffix of `name` says what they should be.

    `address` is the URL that they were fetched from, `charset` and `media_type` what its server said of them.
    """

    path: Path
    name: str
    address: str | None = None
    charset: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class DatedField:
    """A date as written, and where it was found; `trust` where it is less than that in the place."""

    value: object
    found_in: PublishedFrom
    trust: float | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One article as it stands in its file. Dates are as written; `line` is None when the file is one article.

    `key` is what its feed calls it, one name for one article wherever it stands. `dates` are other places where the date of
    publication stands, the more trusted first. `link_only` says that the text is but a
    feed's summary of the page at `url`. `line` counts lines from 1 in JSONL and articles from 1 in a JSON array. `notes` say what
    a reader of the report should know.
    """

    text: str
    title: str | None = None
    id: str | None = None
    url: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: object = None
    published_from: PublishedFrom = "record"
    modified: object = None
    language: str | None = None
    section: str | None = None
    line: int | None = None
    notes: tuple[str, ...] = ()
    dates: tuple[DatedField, ...] = ()
    link_only: bool = False
    key: str | None = None

    def with_dates(self, found_in: PublishedFrom, others: Sequence[DatedField]) -> Record:
        """The same record, its date of publication known from there, and standing in other places as well."""
        return replace(self, published_from=found_in, dates=tuple(others))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file or record that gives no article. `skipped` is expected (another format, nothing in it), `failed` is not. `code`
    names the reason for programs, where there is more to say than the outcome."""

    outcome: Literal["skipped", "failed"]
    reason: str
    line: int | None = None
    code: str = ""
