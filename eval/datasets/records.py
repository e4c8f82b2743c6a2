"""Records of a data file, whose errors name the file and the line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rag.errors import InputError


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object and where it stands. The getters raise InputError when a field is not what it should be."""

    path: Path
    line: int
    fields: Mapping[str, object]

    def error(self, reason: str) -> InputError:
        return InputError(f"{self.path}, line {self.line}: {reason}")

    def text(self, name: str) -> str:
        """A text that is not blank."""
        value = self.fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
        raise self.error(f'"{name}" must be a text that is not blank')

    def optional_text(self, name: str) -> str | None:
        """A text, or None where it is absent, null or blank."""
        return None if self.fields.get(name) in (None, "") else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; absent or null is empty, and blank ones are left out."""
        value = self.fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f'"{name}" must be a list of texts')
        return tuple(item for item in value if item.strip())

    def flag(self, name: str, default: bool) -> bool:
        value = self.fields.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.error(f'"{name}" must be true or false')
        return value

    def objects(self, name: str) -> tuple[Record, ...]:
        """A list of objects, as records at the same place; absent or null is empty."""
        value = self.fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(f'"{name}" must be a list of objects')
        return tuple(Record(self.path, self.line, item) for item in value)


def read_records(path: Path) -> Iterator[Record]:
    """The objects of a JSONL file, plain or gzipped, one at a time; blank lines are passed over. InputError on a bad line."""
    line = 0
    try:
        with open_text(path) as lines:
            for line, text in enumerate(lines, 1):
                if text.strip():
                    yield Record(path, line, _object(path, line, text))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}, after line {line}: cannot be read: {error}") from error


def read_document(path: Path) -> Record:
    """The one object of a JSON file. InputError when it is not one."""
    try:
        with open_text(path) as stream:
            return Record(path, 1, _object(path, 1, stream.read()))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def open_text(path: Path) -> IO[str]:
    """UTF-8 text, unpacked where the name ends in .gz."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8-sig")


def write_records(path: Path, records: Iterable[Mapping[str, object]]) -> int:
    """Write JSONL and return the number of lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8") as lines:
        for record in records:
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
            count += 1
    return count


def unique(values: Sequence[str]) -> tuple[str, ...]:
    """The different values, in order of first appearance."""
    return tuple(dict.fromkeys(values))


def _object(path: Path, line: int, text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = line + error.lineno - 1 if isinstance(error, json.JSONDecodeError) else line
        raise InputError(f"{path}, line {place}: not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError(f"{path}, line {line}: must be an object")
    return value
