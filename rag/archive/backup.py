"""One file with all that cannot be made again, written while the archive is in use, and an archive made of such a file.

The file is a tar archive: `manifest.json`, the catalog, and whatever other databases stand beside it, such as what
visitors of the page asked. Indexes are not in it: they are made from the catalog.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from rag.archive.archive import Archive, open_catalog
from rag.archive.fill import Progress
from rag.archive.layout import Layout, sync_directory, translate_write_errors
from rag.archive.lock import OwnerLock
from rag.catalog import Catalog
from rag.errors import InputError, StorageError, UsageError

MANIFEST = "manifest.json"
FORMAT = 1
DATABASES = "*.sqlite3"
AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: so many articles and chunks, up to change number `sequence`, made at `made` in UTC."""

    file: Path
    bytes: int
    articles: int
    chunks: int
    sequence: int
    made: str


def backup(directory: Path, file: Path, address: str | None = None) -> Backup:
    """Write the archive in `directory` to `file`, as it is at one moment; whoever serves it or ingests goes on meanwhile.

    A catalog at `address` is written as one of a directory, which `restore` and `move` read.

    Raises UsageError when the file is there already, and StorageError when there is no archive or no room.
    """
    file = file.expanduser().absolute()
    if file.exists():
        raise UsageError(f"{file} is there already; name another file, or remove it first")
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent} is no directory; make it first")
    with translate_write_errors(file.parent), tempfile.TemporaryDirectory(prefix=".dateline-", dir=file.parent) as aside:
        with open_catalog(directory, address=address) as original:
            written = [_write_copy(original, Path(aside) / Layout(directory).catalog.name)] if address else []
        copies = [_copy(database, Path(aside) / database.name) for database in sorted(directory.glob(DATABASES))]
        copies = [*written, *copies]
        with Catalog.open(Path(aside) / Layout(directory).catalog.name, create=False) as catalog:
            _require_sound(catalog, directory)
            counts, sequence = catalog.counts(), catalog.sequence
        told: dict[str, Any] = {"articles": counts.articles, "chunks": counts.chunks, "sequence": sequence, "made": _now()}
        whole = Path(aside) / "whole.tar"
        _pack(whole, copies, told)
        whole.replace(file)
        sync_directory(file.parent)
    return Backup(file, file.stat().st_size, **told)


def restore(file: Path, directory: Path, progress: Progress | None = None) -> Backup:
    """Make an archive in `directory` of a backup, and its indexes.

    Raises UsageError when an archive is there already, InputError for what is no whole backup, and StorageError.
    """
    file, layout = file.expanduser(), Layout(directory)
    with translate_write_errors(directory):
        directory.mkdir(parents=True, exist_ok=True)
        lock = OwnerLock(layout.lock)
        try:
            _require_none(directory)
            told = _unpack_into(file, directory, layout)
        finally:
            lock.release()
    with Archive.open(directory) as archive:
        if archive.dense is None:
            archive.rebuild(progress)
    known = {name: told[name] for name in ("articles", "chunks", "sequence", "made")}
    return Backup(file, file.stat().st_size, **known)


def _write_copy(original: Catalog, copy: Path) -> Path:
    """A whole copy of a catalog that is elsewhere."""
    with Catalog.open(copy, create=True) as catalog:
        original.copy_to(catalog)
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    return copy


def _copy(database: Path, copy: Path) -> Path:
    """A whole copy by SQLite's own means: a writer neither waits for it nor spoils it."""
    try:
        read_only = f"{database.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(read_only, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    except sqlite3.Error as error:
        raise StorageError(f"{database} cannot be copied: {error}; `dateline doctor` checks the archive") from error
    return copy


def _pack(whole: Path, copies: list[Path], told: dict[str, Any]) -> None:
    files = [{"name": copy.name, "bytes": copy.stat().st_size, "sha256": _digest(copy)} for copy in copies]
    manifest = whole.with_name(MANIFEST)
    manifest.write_text(json.dumps({"format": FORMAT, **told, "files": files}, indent=1))
    with whole.open("wb") as out:
        with tarfile.open(fileobj=out, mode="w") as packed:
            for path in (manifest, *copies):
                packed.add(path, path.name)
        out.flush()
        os.fsync(out.fileno())


def _unpack_into(file: Path, directory: Path, layout: Layout) -> dict[str, Any]:
    """Puts the databases in place, once all are whole and the catalog can be read; what the manifest tells."""
    with tempfile.TemporaryDirectory(prefix=".restored-", dir=directory) as aside, _open(file) as packed:
        manifest = _manifest(packed, file)
        for entry in manifest["files"]:
            _unpack(packed, file, entry, Path(aside))
        catalog_copy = Path(aside) / layout.catalog.name
        if not catalog_copy.is_file():
            raise InputError(f"{file} has no {layout.catalog.name}; it is no backup of Dateline")
        with Catalog.open(catalog_copy, create=False) as catalog:
            _require_sound(catalog, file)
        layout.current.unlink(missing_ok=True)  # indexes of a catalog that is gone
        names = [entry["name"] for entry in manifest["files"]]
        for name in sorted(names, key=lambda name: name == layout.catalog.name):  # the catalog last: with it the archive is there
            (Path(aside) / name).replace(directory / name)
        sync_directory(directory)
        return manifest


@contextmanager
def _open(file: Path) -> Iterator[tarfile.TarFile]:
    if not file.is_file():
        raise InputError(f"there is no file {file}; name one that `dateline backup` wrote")
    try:
        with tarfile.open(file, "r:") as packed:
            yield packed
    except (tarfile.TarError, EOFError) as error:
        raise InputError(f"{file} is no whole backup: {error}; take another one") from error


def _manifest(packed: tarfile.TarFile, file: Path) -> dict[str, Any]:
    try:
        with _member(packed, file, MANIFEST) as content:
            manifest = json.loads(content.read(AT_ONCE))
        if manifest["format"] != FORMAT:
            raise InputError(f"{file} has format {manifest['format']!r}, this release reads {FORMAT}; upgrade Dateline")
        for entry in manifest["files"]:
            if Path(entry["name"]).name != entry["name"] or not Path(entry["name"]).match(DATABASES):
                raise InputError(f"{file} names the file {str(entry['name'])[:80]!r}; it is no backup of Dateline")
        if not {"articles", "chunks", "sequence", "made"} <= set(manifest):
            raise KeyError
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file} has no manifest that can be read; it is no backup of Dateline") from error
    return dict(manifest)


def _unpack(packed: tarfile.TarFile, file: Path, entry: dict[str, Any], aside: Path) -> None:
    digest, place = hashlib.sha256(), aside / entry["name"]
    with _member(packed, file, entry["name"]) as content, place.open("wb") as out:
        while piece := content.read(AT_ONCE):
            digest.update(piece)
            out.write(piece)
    if digest.hexdigest() != entry["sha256"]:
        raise InputError(f"{file} is damaged: {entry['name']} in it is not as it was written; take another backup")


def _member(packed: tarfile.TarFile, file: Path, name: str) -> IO[bytes]:
    try:
        found = packed.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise InputError(f"{file} has no {name}; it is no whole backup of Dateline")
    return found


def _require_none(directory: Path) -> None:
    if there := sorted(directory.glob(DATABASES)):
        raise UsageError(f"{there[0]} is there already; name another directory with --index, or move that archive away")


def _require_sound(catalog: Catalog, place: Path) -> None:
    if problems := catalog.problems():
        raise StorageError(f"{place}: {problems[0]}; `dateline doctor` tells more")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
