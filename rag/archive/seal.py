"""A seal over files: proof that they are byte for byte what they were when they were last known to be sound."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rag.archive.layout import read_json, write_json

SEAL = "seal.json"
PASSING = (".lock",)
"""Files that an index makes anew whenever it is opened."""


class Seal:
    """The seal of the files below the sub-directories of `directory`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = directory / SEAL
        self._digests: dict[str, tuple[tuple[int, int], str]] = {}

    def find_changes(self) -> list[str] | None:
        """Files changed, added or gone since the seal was set; None when there is no seal."""
        document = read_json(self._file)
        if document is None or not isinstance(document.get("files"), dict):
            return None
        before: dict[str, object] = document["files"]
        now = self._read()
        return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))

    def set(self) -> None:
        write_json(self._file, {"files": self._read()})

    def lift(self) -> None:
        """To be done before anything below changes."""
        self._file.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        """The digest of every file; one whose size and time are as this object saw them is not read again."""
        files = [file for file in self._directory.glob("*/**/*") if file.is_file() and file.suffix not in PASSING]
        self._digests = {file.relative_to(self._directory).as_posix(): self._digest(file) for file in files}
        return {name: digest for name, (_, digest) in self._digests.items()}

    def _digest(self, file: Path) -> tuple[tuple[int, int], str]:
        found = file.stat()
        state = (found.st_size, found.st_mtime_ns)
        known = self._digests.get(file.relative_to(self._directory).as_posix())
        if known and known[0] == state:
            return known
        with file.open("rb") as stream:
            return state, hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
