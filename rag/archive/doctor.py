"""Looking for damage, and naming what is damaged and what mends it. Nothing is mended here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rag.archive.applied import APPLIED, is_made_by, read_applied
from rag.archive.archive import open_catalog
from rag.archive.layout import Layout
from rag.archive.lock import OwnerLock
from rag.archive.seal import Seal
from rag.archive.verify import DENSE, DIRECTORIES, verify
from rag.catalog import UNREADABLE, Catalog
from rag.errors import ArchiveInUse, ArchiveMissing, StorageError

REBUILD = "dateline rebuild"
REACH = "make the database answer, then `dateline doctor`"
COPY_ANEW = "remove that file; it is copied again when the archive is opened"
RESTORE = "restore the catalog from a backup"
SAMPLED = 200
SEGMENT_FILES = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin")
"""Those that Chroma makes at once; index_metadata.pickle comes with the first flush, and a small index has none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something damaged: which part of the archive, which file, directory or database, what is wrong, and what mends it.

    Not `damaged` is what could only not be looked at.
    """

    part: str
    file: Path | str
    problem: str
    mend: str
    damaged: bool = True


def doctor(directory: Path, address: str | None = None) -> list[Finding]:
    """Everything found wrong with the catalog in `directory` or at `address`, and the indexes in `directory`.

    Indexes are only opened by child processes. Raises ArchiveMissing when there is no archive.
    """
    layout = Layout(directory)
    try:
        catalog = open_catalog(directory, address=address)
    except ArchiveMissing:
        raise
    except StorageError as error:
        if address:
            return [Finding("catalog", directory, str(error), REACH, damaged=False)]
        return [Finding("catalog", layout.catalog, str(error), RESTORE)]
    with catalog:
        findings = [Finding("catalog", catalog.name, problem, RESTORE) for problem in catalog.problems()]
        if findings:
            return findings
        findings = list(_article_findings(catalog))
        try:
            directory.mkdir(parents=True, exist_ok=True)  # of a catalog elsewhere there may be no indexes here yet
            lock = OwnerLock(layout.lock)
        except ArchiveInUse as error:
            told, then = f"not looked at: {error}", "stop that process, then `dateline doctor`"
            busy = Finding("indexes", layout.lock, told, then, damaged=False)
            return [*findings, busy]
        with closing(lock):
            return [*findings, *(_copy_findings(layout) if address else _index_findings(layout, catalog))]


def _copy_findings(layout: Layout) -> Iterator[Finding]:
    """Of the copy of a catalog that is elsewhere, and the indexes made from it."""
    if not layout.mirror.exists():
        return
    try:
        with Catalog.open(layout.mirror, create=False) as copy:
            problems = copy.problems()
            yield from (Finding("copy", layout.mirror, problem, COPY_ANEW) for problem in problems)
            if not problems:
                yield from _index_findings(layout, copy)
    except StorageError as error:
        yield Finding("copy", layout.mirror, str(error), COPY_ANEW)


def _article_findings(catalog: Catalog) -> Iterator[Finding]:
    if catalog.fingerprint == UNREADABLE:
        yield Finding("catalog", catalog.name, "what made its vectors (the fingerprint) is garbled", REBUILD)
    found = {fault.article_id: fault for fault in (*catalog.faults(), *catalog.examine())}
    for fault in found.values():
        yield Finding(f"article {fault.article_id}", catalog.name, fault.problem, fault.mend)
    if lacking := catalog.count_underived():
        problem = f"{lacking} article{'s' * (lacking > 1)} of an earlier release without times and copies"
        yield Finding("catalog", catalog.name, problem, REBUILD)


def _index_findings(layout: Layout, catalog: Catalog) -> Iterator[Finding]:
    generation = layout.generation()
    if generation is None:
        if catalog.counts().chunks:
            yield Finding("indexes", layout.current, "it names no generation of indexes that is there", REBUILD)
        return
    applied = read_applied(generation)
    if applied is None or not is_made_by(applied, catalog.fingerprint):
        yield Finding("indexes", generation / APPLIED, "it is missing, unreadable or of another model", REBUILD)
        return
    seal = Seal(generation)
    changed = seal.find_changes()
    findings = [*_find_changes(generation, changed or []), *_chroma_findings(generation / DENSE)]
    yield from findings
    if findings:  # opening changes Chroma's files: what the seal says now would be lost
        return
    seal.lift()
    problems = verify(generation, catalog, applied, sampled=SAMPLED)
    for part, problem in problems.items():
        if problem:
            yield Finding(part, generation / DIRECTORIES[part], problem, REBUILD)
    if changed == [] and not any(problems.values()):
        seal.set()


def _find_changes(generation: Path, changed: list[str]) -> Iterator[Finding]:
    for name in changed:
        problem = "it is not as it was when it was closed" if (generation / name).exists() else "it is missing"
        part = "dense" if name.startswith(f"{DENSE}/") else "lexical"
        yield Finding(part, generation / name, problem, REBUILD)


def _chroma_findings(directory: Path) -> Iterator[Finding]:
    """What can be seen of Chroma's files without loading them."""
    database = directory / "chroma.sqlite3"
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            checked = [row[0] for row in connection.execute("PRAGMA quick_check")]
        if checked != ["ok"]:
            yield Finding("dense", database, f"it is damaged: {checked[0]}", REBUILD)
    except sqlite3.Error as error:
        yield Finding("dense", database, f"it cannot be read: {error}", REBUILD)
    for segment in sorted(path for path in directory.glob("*-*") if path.is_dir()):
        for name in SEGMENT_FILES:
            file = segment / name
            if not file.is_file():
                yield Finding("dense", file, "it is missing", REBUILD)
