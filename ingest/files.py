"""From the paths a user gives to the files that are read, and why others are not."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.load.record import Refused
from rag.errors import InputError


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, or the reason why what lies there is not read."""

    path: Path
    refused: Refused | None = None

    @property
    def shown(self) -> str:
        """The path as given or found, with bytes that are no UTF-8 written as escapes."""
        return shown(self.path)

    @property
    def origin(self) -> str:
        """The absolute path, by which the archive knows the file again."""
        return shown(self.path.resolve())


def shown(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def find_files(paths: Sequence[str]) -> Iterator[Found]:
    """The files at and below the paths, by name. Raises InputError that names a path at which there is nothing."""
    if not paths:
        raise InputError("no path given; name the files or folders to ingest")
    for given in paths:
        if not os.path.lexists(given):
            raise InputError(f"{given}: there is no such file or folder")
    return _once(paths)


def _once(paths: Sequence[str]) -> Iterator[Found]:
    seen: set[Path] = set()
    for given in paths:
        for found in _below(Path(given)):
            if (whole := found.path.absolute()) not in seen:
                seen.add(whole)
                yield found


def _below(given: Path) -> Iterator[Found]:
    """A link that the user names is followed; one inside a folder is not. Hidden entries of a folder are passed over."""
    waiting = [given]
    while waiting:
        path = waiting.pop()
        try:
            mode = path.stat().st_mode if path == given else path.lstat().st_mode
            if stat.S_ISDIR(mode):
                waiting += sorted((entry for entry in path.iterdir() if not entry.name.startswith(".")), reverse=True)
                continue
        except OSError as error:
            yield Found(path, Refused("failed", f"it cannot be read: {error.strerror or error}"))
            continue
        if stat.S_ISREG(mode):
            yield Found(path)
        elif stat.S_ISLNK(mode):
            yield Found(path, Refused("skipped", _link(path, given)))
        else:
            yield Found(path, Refused("skipped", "a pipe, socket or device, not a file"))


def _link(path: Path, folder: Path) -> str:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "a link that leads nowhere"
    if target.is_relative_to(folder.resolve()):
        return f"a link to {shown(target)}, which is read where it is"
    return f"a link that leads out of the folder, to {shown(target)}; name that path to ingest it"
