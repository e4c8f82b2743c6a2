"""A seal over files: proof that they are byte for byte what they were when their writer last closed them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rag.archive.layout import read_json, write_json

SEAL = "seal.json"
PASSING = (".lock",)
"""Files that an index makes anew whenever it is opened."""


def seal(directory: Path) -> None:
    write_json(directory / SEAL, {"files": _digests(directory)})


def break_seal(directory: Path) -> None:
    (directory / SEAL).unlink(missing_ok=True)


def sealed(directory: Path) -> bool:
    return changed_files(directory) == []


def changed_files(directory: Path) -> list[str] | None:
    """Files changed, added or gone since the seal was set, relative to `directory`; None when there is no seal."""
    document = read_json(directory / SEAL)
    if document is None or not isinstance(document.get("files"), dict):
        return None
    before: dict[str, object] = document["files"]
    now = _digests(directory)
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def _digests(directory: Path) -> dict[str, str]:
    """The digest of every file below the sub-directories of `directory`."""
    files = (file for file in sorted(directory.glob("*/**/*")) if file.is_file() and file.suffix not in PASSING)
    return {file.relative_to(directory).as_posix(): _digest(file) for file in files}


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
