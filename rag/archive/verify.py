"""Whether the indexes of a generation hold what the catalog says they should."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from rag.archive.applied import Applied
from rag.catalog import Catalog
from rag.errors import ArchiveDamaged
from rag.probe import Expected, Part, probe
from rag.protocols import Index

Opened = TypeVar("Opened")

DENSE, LEXICAL = "chroma", "tantivy"
SAMPLED = 32


def verified(
    directory: Path, catalog: Catalog, applied: Applied, *, sampled: int = SAMPLED, parts: tuple[Part, ...] = ("dense", "lexical")
) -> dict[Part, str | None]:
    """What child processes find wrong with each of the closed indexes below `directory`."""
    asked = {"dense": (DENSE, applied.dense), "lexical": (LEXICAL, applied.lexical)}
    with ThreadPoolExecutor(max_workers=len(parts)) as threads:
        found = {}
        for part in parts:
            name, sequence = asked[part]
            found[part] = threads.submit(_problem, part, directory / name, catalog, sequence, sampled)
        return {part: future.result() for part, future in found.items()}


def _problem(part: Part, directory: Path, catalog: Catalog, applied: int, sampled: int) -> str | None:
    if not directory.is_dir():
        return f"{directory} is missing"
    sequence, count = catalog.extent()
    return probe(part, directory, Expected(count if sequence == applied else None, catalog.sample(sampled, applied)))


def counted(index: Index, applied: int, catalog: Catalog) -> str | None:
    """What is wrong with the number of chunks in an open index; nothing while it lags behind the catalog."""
    sequence, count = catalog.extent()
    held = index.count()
    if applied < sequence or held == count:
        return None
    return f"it holds {held} chunks where the catalog has {count}"


def opened(opening: Callable[[Path], Opened], directory: Path, problem: str | None) -> tuple[Opened | None, str | None]:
    """The index, unless it has a problem already or shows one now."""
    if problem:
        return None, problem
    try:
        return opening(directory), None
    except ArchiveDamaged as error:
        return None, str(error)
