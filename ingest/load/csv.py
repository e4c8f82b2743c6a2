"""Tables: one article a row, with a header that names the fields."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import TextIO

from ingest.load.decode import SAMPLE, decoded
from ingest.load.fields import ALIASES, named, record_of
from ingest.load.record import MAX_RECORD_CHARACTERS, Content, Record, Refused

DELIMITERS = ",;\t|"


def load_csv(content: Content) -> Iterator[Record | Refused]:
    """The records of a table, read row by row; `line` counts lines, those within quotes too."""
    csv.field_size_limit(MAX_RECORD_CHARACTERS)
    with _opened(content) as file:
        head = file.read(SAMPLE)
        file.seek(0)
        rows = csv.reader(file, delimiter=_delimiter(head, content.name), strict=True)
        try:
            header = [named(name.lstrip("\ufeff")) for name in next(rows, [])]
        except csv.Error as error:
            yield Refused("failed", f"its first line is no header ({error})", 1)
            return
        if "text" not in header:
            yield Refused(
                "failed", f"its first line names no column with the text; call one {' or '.join(ALIASES['text'][:3])}", 1
            )
            return
        yield from _records(rows, header)


def _records(rows: Iterator[list[str]], header: list[str | None]) -> Iterator[Record | Refused]:
    read = 0
    while True:
        line = rows.line_num + 1  # type: ignore[attr-defined]  # csv.reader has it
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            yield Refused("failed", f"not a row that can be read ({error})", line)
            continue
        if not any(cell.strip() for cell in row):
            continue
        read += 1
        if len(row) > len(header):
            yield Refused(
                "failed", f"{len(row)} cells under {len(header)} columns; a cell with a delimiter in it needs quotes", line
            )
            continue
        fields: dict[str, str] = {}
        for name, cell in zip(header, row, strict=False):
            if name and cell.strip():
                fields.setdefault(name, cell)
        yield record_of(fields, line)
    if not read:
        yield Refused("skipped", "the table has no rows")


def _opened(content: Content) -> TextIO:
    """The table as text: as it stands where it is UTF-8, else read whole, since its encoding must be guessed."""
    with content.path.open("rb") as file:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return io.StringIO(decoded(content.path.read_bytes())[0], newline="")
    return content.path.open(encoding="utf-8-sig", newline="")


def _delimiter(head: str, name: str) -> str:
    if name.lower().endswith(".tsv"):
        return "\t"
    first = head.splitlines()[0] if head else ""
    return max(DELIMITERS, key=first.count)
