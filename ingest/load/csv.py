"""Tables: one article a row, with a header that names the fields.

A quotation mark too many or too few makes a row swallow those below it. Such a row is read line by line, and said.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TextIO

from ingest.load.decode import SAMPLE, decode_bytes, wide_encoding
from ingest.load.fields import ALIASES, find_field, record_of
from ingest.load.markup import as_shown
from ingest.load.record import MAX_RECORD_CHARACTERS, Content, Note, Record, Refusal

DELIMITERS = ",;\t|"
MOST_LINES = 20_000
"""A row of more lines has a quotation mark that nothing closes."""
UNTYPED = 4
"""Lines that have so many cells each are rows, whatever their cells look like."""

_DECLARED = re.compile(r"\ufeff?\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_LIKE = {"published": re.compile(r".*\d{4}.*|\d{1,2}\D\d{1,2}\D\d{2}.*"), "url": re.compile(r"https?://\S+")}
"""What cells of some columns look like."""


def load_csv(content: Content) -> Iterator[Record | Refusal]:
    """The records of a table, read row by row; `line` counts lines, those within quotes too."""
    csv.field_size_limit(MAX_RECORD_CHARACTERS)
    opened, note = _open_text(content)
    with closing(opened) as file:
        head = file.read(SAMPLE)
        file.seek(0)
        lines = _Lines(file)
        if declared := _DECLARED.fullmatch(head.partition("\n")[0].strip("\r")):
            lines.take()
        delimiter = declared[1] if declared else _delimiter(head, content.name)
        try:
            names = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            yield Refusal("failed", f"its first line is no header ({error})", 1)
            return
        header = [find_field(name.lstrip("\ufeff")) for name in names]
        if "text" not in header:
            yield Refusal(
                "failed", f"its first line names no column with the text; call one {' or '.join(ALIASES['text'][:3])}", 1
            )
            return
        for found in _Rows(lines, header, delimiter).records():
            yield replace(found, notes=(*found.notes, note)) if note and isinstance(found, Record) else found


@dataclass(slots=True)
class _Lines:
    """The lines of a file one after the other; those that are put back come again."""

    file: TextIO
    number: int = 0
    zeros: bool = False
    _back: deque[str] = field(default_factory=deque)

    def __iter__(self) -> Iterator[str]:
        while (line := self.take()) is not None:
            yield line

    def take(self) -> str | None:
        line = self._back.popleft() if self._back else self.file.readline()
        if not line:
            return None
        self.number += 1
        if "\x00" in line:
            self.zeros = True
            return line.replace("\x00", "")
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


@dataclass(slots=True)
class _Rows:
    lines: _Lines
    header: list[str | None]
    delimiter: str

    def records(self) -> Iterator[Record | Refusal]:
        read = 0
        while True:
            first = self.lines.number + 1
            self.lines.zeros = False
            taken: list[str] = []
            row, error = self._row(taken)
            if not taken:
                break
            note = None
            if row is None or (len(taken) > 1 and self._are_rows(taken)):
                self.lines.put_back(taken[1:])
                row = self._alone(taken[0]) or self._loose(taken[0]) or self._literal(taken[0])
                note = Note(f"a quotation mark is wrong in line {first}; the line was read as a row by itself", "malformed")
            if row is not None and not any(cell.strip() for cell in row):
                continue
            read += 1
            yield self._record(row, first, note, error)
        if not read:
            yield Refusal("skipped", "the table has no rows")

    def _row(self, taken: list[str]) -> tuple[list[str] | None, str]:
        """The next row, and into `taken` the lines that it takes; no row, and why, where they are none."""

        def taking() -> Iterator[str]:
            for line in self.lines:
                taken.append(line)
                if len(taken) > MOST_LINES:
                    return
                yield line

        try:
            return next(csv.reader(taking(), delimiter=self.delimiter, strict=True), []), ""
        except csv.Error as error:
            return None, str(error)

    def _are_rows(self, lines: Sequence[str]) -> bool:
        """Whether each of the lines would be a row by itself, as rows of this table look."""
        like = [(place, _LIKE[name]) for place, name in enumerate(self.header) if name in _LIKE]
        if len(self.header) < (2 if like else UNTYPED):
            return False
        for line in lines:
            row = self._literal(line)
            if row is None or any(cell and not shape.fullmatch(cell) for cell, shape in ((row[at], shape) for at, shape in like)):
                return False
        return True

    def _alone(self, line: str) -> list[str] | None:
        try:
            row = next(csv.reader([line], delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return None
        return row if len(row) == len(self.header) else None

    def _loose(self, line: str) -> list[str] | None:
        """The cells of a line in which a quotation mark opens a cell only at its beginning and closes it only at its end."""
        parts = iter(line.rstrip("\r\n").split(self.delimiter))
        row = []
        for part in parts:
            cell = [part]
            if part.startswith('"'):
                while not (cell[-1].endswith('"') and (len(cell) > 1 or len(part) > 1)):
                    if (more := next(parts, None)) is None:
                        return None
                    cell.append(more)
            whole = self.delimiter.join(cell)
            row.append(whole[1:-1].replace('""', '"') if part.startswith('"') else whole)
        return row if len(row) == len(self.header) else None

    def _literal(self, line: str) -> list[str] | None:
        """The cells of a line in which quotation marks divide nothing; None where they are not as many as the columns."""
        row = line.rstrip("\r\n").split(self.delimiter)
        return [cell.strip().strip('"').strip() for cell in row] if len(row) == len(self.header) else None

    def _record(self, row: list[str] | None, line: int, note: Note | None, error: str) -> Record | Refusal:
        if row is None:
            return Refusal("failed", f"not a row that can be read ({error})", line)
        if len(row) > len(self.header):
            reason = f"{len(row)} cells under {len(self.header)} columns; a cell with a delimiter in it needs quotes"
            return Refusal("failed", reason, line)
        fields: dict[str, str] = {}
        for name, cell in zip(self.header, row, strict=False):
            if name and cell.strip():
                fields.setdefault(name, cell)
        found = as_shown(record_of(fields, line))
        zeros = Note("characters with the number 0 were left out", "characters-dropped") if self.lines.zeros else None
        notes = tuple(one for one in (note, zeros) if one)
        return replace(found, notes=(*found.notes, *notes)) if isinstance(found, Record) else found


def _open_text(content: Content) -> tuple[TextIO, Note | None]:
    """The table as text: as it stands where it is UTF-8, else read whole, since its encoding must be guessed."""
    with content.path.open("rb") as file:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            block = file.read(1 << 20)
            if wide_encoding(block):
                raise UnicodeDecodeError("utf-8", b"", 0, 1, "UTF-16")
            while block:
                decoder.decode(block)
                block = file.read(1 << 20)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            text, note = decode_bytes(content.path.read_bytes())
            return io.StringIO(text, newline=""), note
    return content.path.open(encoding="utf-8-sig", newline=""), None


def _delimiter(head: str, name: str) -> str:
    if name.lower().endswith(".tsv"):
        return "\t"
    first = head.splitlines()[0] if head else ""
    return max(DELIMITERS, key=first.count)
