"""One process owns the indexes of an archive. The lock is the kernel's: it ends with the process, however that ends."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rag.archive.layout import read_json
from rag.errors import ArchiveInUse, StorageError
from rag.unix import lock


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has the indexes open, and the URL it serves them at, if it does."""

    pid: int
    url: str | None


class OwnerLock:
    """Held from construction until `release`. Raises ArchiveInUse with the owner when another holds it."""

    def __init__(self, path: Path, url: str | None = None) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StorageError(
                f"{path} cannot be written: {error.strerror}; check the permissions of the archive directory"
            ) from error
        try:
            lock(self._descriptor)
        except BlockingIOError as error:
            os.close(self._descriptor)
            owner = _read_owner(path)
            pid = owner.pid if owner else None
            raise ArchiveInUse(
                f"{path.parent} is in use by {f'pid {pid}' if pid else 'another process'}; stop it first, or use that one",
                pid,
                owner.url if owner else None,
            ) from error
        self._write({"pid": os.getpid(), "url": url})

    def _write(self, document: dict[str, object]) -> None:
        with suppress(OSError):  # a full disk: the lock holds all the same
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, json.dumps(document).encode(), 0)

    def release(self) -> None:
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1

    close = release


def owner_of(path: Path) -> Owner | None:
    """The process that holds the lock; None when nobody does."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        lock(descriptor, shared=True)
    except BlockingIOError:
        return _read_owner(path) or Owner(0, None)
    finally:
        os.close(descriptor)
    return None


def _read_owner(path: Path) -> Owner | None:
    document = read_json(path)
    if document is None or not isinstance(document.get("pid"), int):
        return None
    url = document.get("url")
    return Owner(document["pid"], url if isinstance(url, str) else None)
