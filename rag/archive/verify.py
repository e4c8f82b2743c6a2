"""Whether the indexes of a generation hold what the catalog says they should."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from rag.archive.applied import AppliedState
from rag.catalog import Catalog
from rag.errors import ArchiveDamaged
from rag.probe import Expected, Part, probe
from rag.protocols import Index

Opened = TypeVar("Opened")

DENSE, LEXICAL = "chroma", "tantivy"
DIRECTORIES: dict[Part, str] = {"dense": DENSE, "lexical": LEXICAL}
SAMPLED = 32


def verify(
    directory: Path,
    catalog: Catalog,
    applied: AppliedState,
    *,
    sampled: int = SAMPLED,
    parts: Sequence[Part] = tuple(DIRECTORIES),
) -> dict[Part, str | None]:
    """What child processes find wrong with each of the closed indexes below `directory`."""
    sequences = {"dense": applied.dense, "lexical": applied.lexical}
    with ThreadPoolExecutor(max_workers=len(DIRECTORIES)) as threads:
        found = {
            part: threads.submit(_problem, part, directory / DIRECTORIES[part], catalog, sequences[part], sampled)
            for part in parts
        }
        return {part: future.result() for part, future in found.items()}


def find_unsealed(changed: Sequence[str]) -> dict[Part, str | None]:
    """The parts that files changed since they were sealed belong to, and what to say of them."""
    of_parts = {part: [file for file in changed if file.startswith(f"{name}/")] for part, name in DIRECTORIES.items()}
    return {part: f"{files[0]} is not as it was when it was closed" for part, files in of_parts.items() if files}


def _problem(part: Part, directory: Path, catalog: Catalog, applied: int, sampled: int) -> str | None:
    if not directory.is_dir():
        return f"{directory} is missing"
    sequence, count = catalog.extent()
    return probe(part, directory, Expected(count if sequence == applied else None, catalog.sample(sampled, applied)))


def check_count(index: Index, applied: int, catalog: Catalog) -> str | None:
    """What is wrong with the number of chunks in an open index; nothing while it lags behind the catalog."""
    sequence, count = catalog.extent()
    held = index.count()
    if applied < sequence or held == count:
        return None
    return f"it holds {held} chunks where the catalog has {count}"


def open_index(opening: Callable[[Path], Opened], directory: Path, problem: str | None) -> tuple[Opened | None, str | None]:
    """The index, unless it has a problem already or shows one now."""
    if problem or not directory.is_dir():
        return None, problem or f"{directory} is missing"
    try:
        return opening(directory), None
    except ArchiveDamaged as error:
        return None, str(error)
