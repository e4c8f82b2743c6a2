"""Where things are in an archive directory, and how its small files are written so that a power cut leaves old or new, whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths below `directory`; nothing is read or made here."""

    directory: Path

    @property
    def catalog(self) -> Path:
        return self.directory / "catalog.sqlite3"

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
