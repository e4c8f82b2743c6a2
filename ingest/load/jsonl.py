"""JSON Lines: one article a line, read line by line, so that a file of any size needs the memory of its longest line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ingest.load.decode import decoded
from ingest.load.fields import record_of
from ingest.load.json import parsed
from ingest.load.record import MAX_FILE_BYTES, MAX_RECORD_CHARACTERS, Content, Record, Refused
from rag.errors import InputError

MAX_LINE_BYTES = 4 * MAX_RECORD_CHARACTERS
"""UTF-8 takes at most four bytes a character."""


def load_jsonl(content: Content) -> Iterator[Record | Refused]:
    """The records of the file; a line that cannot be read is refused with its number, and the next one follows."""
    path = content.path
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield from _wide(path)
            return
        file.seek(len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)
        number = 0
        empty = True
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) > MAX_LINE_BYTES:
                _skip_line(file)
                yield Refused("failed", f"the line is longer than {MAX_LINE_BYTES:,} bytes", number)
            elif line.strip():
                yield _read(line, number)
            empty = empty and not line.strip()
    if empty:
        yield Refused("skipped", "the file is empty")


def _read(line: bytes, number: int) -> Record | Refused:
    try:
        text, _ = decoded(line)
        return record_of(parsed(text), number)
    except InputError as error:
        return Refused("failed", str(error), number)


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass


def _wide(path: Path) -> Iterator[Record | Refused]:
    """UTF-16 has no byte that ends a line, so the file is read whole."""
    if path.stat().st_size > MAX_FILE_BYTES:
        yield Refused("failed", f"UTF-16 and larger than {MAX_FILE_BYTES:,} bytes; convert it to UTF-8")
        return
    text, _ = decoded(path.read_bytes())
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _read(line.encode("utf-8", "replace"), number)
