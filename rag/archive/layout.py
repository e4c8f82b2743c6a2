"""Where things are in an archive directory, and how its small files are written so that a power cut leaves old or new, whole."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import StorageError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths below `directory`; nothing is read or made here."""

    directory: Path

    @property
    def catalog(self) -> Path:
        return self.directory / "catalog.sqlite3"

    @property
    def mirror(self) -> Path:
        """The copy of a catalog that is elsewhere."""
        return self.directory / "followed.db"

    @property
    def lock(self) -> Path:
        return self.directory / "lock"

    @property
    def current(self) -> Path:
        """A file with the name of the generation in use."""
        return self.directory / "current"

    @property
    def generations(self) -> Path:
        return self.directory / "generations"

    def generation(self) -> Path | None:
        """The directory of the generation in use; None when there is none, or it is gone."""
        try:
            name = self.current.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        directory = self.generations / name
        return directory if name and directory.parent == self.generations and directory.is_dir() else None


@contextmanager
def translate_write_errors(directory: Path) -> Iterator[None]:
    """What the operating system refuses, as StorageError that says what to do."""
    try:
        yield
    except OSError as error:
        place = error.filename or directory
        advice = "free some space and run the same command again" if error.errno in NO_ROOM else "check its permissions"
        raise StorageError(f"{place}: {error.strerror or error}; {advice}") from error


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step, on the disk before this returns."""
    aside = path.with_name(f".{path.name}.new")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_directory(path.parent)


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    write_whole(path, json.dumps(document, sort_keys=True).encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a file; None when there is none that can be read."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def sync_directory(directory: Path) -> None:
    """Make additions, renames and deletions in a directory last."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def size_on_disk(path: Path) -> int:
    """Bytes that the files below `path`, or the file itself, take up on the disk, holes left out."""
    files = [path] if path.is_file() else path.rglob("*")
    total = 0
    for file in files:
        try:
            total += file.lstat().st_blocks * 512
        except OSError:  # gone meanwhile
            continue
    return total
