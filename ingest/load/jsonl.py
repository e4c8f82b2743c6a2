"""JSON Lines: one article a line, read line by line, so that a file of any size needs the memory of its longest line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ingest.load.decode import decode_bytes, wide_encoding
from ingest.load.json import add_note, is_lines, load_json, parse_json, record_of_line, values_of
from ingest.load.record import MAX_FILE_BYTES, MAX_RECORD_CHARACTERS, Content, Record, Refusal
from rag.errors import InputError

MAX_LINE_BYTES = 4 * MAX_RECORD_CHARACTERS
"""UTF-8 takes at most four bytes a character."""
HEAD = 4096
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def load_jsonl(content: Content) -> Iterator[Record | Refusal]:
    """The records of the file; a line that cannot be read is refused with its number, and the next one follows."""
    path = content.path
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head.startswith(WIDE) or wide_encoding(head):
            yield from _wide(path)
            return
        if _is_one_value(head, path):
            yield from load_json(content)
            return
        file.seek(len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)
        number = 0
        empty = True
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) > MAX_LINE_BYTES:
                _skip_line(file)
                yield Refusal("failed", f"the line is longer than {MAX_LINE_BYTES:,} bytes", number)
            elif line.strip():
                yield _read(line, number)
            empty = empty and not line.strip()
    if empty:
        yield Refusal("skipped", "the file is empty")


def _read(line: bytes, number: int) -> Record | Refusal:
    try:
        text, note = decode_bytes(line)
    except InputError as error:
        return Refusal("failed", str(error), number)
    return add_note(record_of_line(text, number), note)


def _is_one_value(head: bytes, path: Path) -> bool:
    """Whether the file is one list or object over many lines, so that its lines are nothing by themselves."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    opening = text.partition("\n")[0].strip()
    if path.stat().st_size > MAX_FILE_BYTES or not opening.startswith(("[", "{")) or is_lines(text):
        return False
    if opening.startswith("[") and not opening.startswith("[]"):
        return True
    try:
        parse_json(opening)
    except InputError:
        whole = path.read_bytes().decode("utf-8", "replace") if opening == "{" or text[1:].lstrip(" \t").startswith("\n") else ""
        return bool(whole) and _parses(whole)
    return False


def _parses(text: str) -> bool:
    try:
        parse_json(text)
    except InputError:
        return values_of(text.lstrip("\ufeff \t\r\n")) is not None
    return True


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass


def _wide(path: Path) -> Iterator[Record | Refusal]:
    """UTF-16 has no byte that ends a line, so the file is read whole."""
    if path.stat().st_size > MAX_FILE_BYTES:
        yield Refusal("failed", f"UTF-16 and larger than {MAX_FILE_BYTES:,} bytes; convert it to UTF-8")
        return
    text, note = decode_bytes(path.read_bytes())
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield add_note(record_of_line(line, number), note)
