"""A generation: one directory with both indexes, made from the catalog, following it, and replaced as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from rag.archive.applied import Applied, read_applied, write_applied
from rag.archive.seal import break_seal, seal, sealed
from rag.catalog import Catalog
from rag.dense import ChromaIndex
from rag.errors import ArchiveDamaged
from rag.interrupt import finish_batch
from rag.lexical import TantivyIndex
from rag.probe import Expected, Part, probe
from rag.protocols import DenseIndex, Index, LexicalIndex
from rag.types import Entry

Opened = TypeVar("Opened")
Progress = Callable[[int, int | None], None]

DENSE, LEXICAL = "chroma", "tantivy"
FOLLOWED_AT_ONCE = 32
"""Articles a batch while questions are being answered."""
BUILT_AT_ONCE = 200
"""Articles a batch of a new generation."""
SAMPLED = 24


@dataclass(frozen=True, slots=True)
class Indexes:
    """How the two indexes in a directory are opened."""

    dense: Callable[[Path], DenseIndex] = ChromaIndex
    lexical: Callable[[Path], LexicalIndex] = TantivyIndex


class Generation:
    """Two open indexes. `dense` is None while it is damaged; `notices` say why and what to do."""

    def __init__(
        self, directory: Path, applied: Applied, dense: DenseIndex | None, lexical: LexicalIndex, notices: tuple[str, ...] = ()
    ) -> None:
        self.directory = directory
        self.applied = applied
        self.dense = dense
        self.lexical = lexical
        self.notices = notices

    @classmethod
    def create(cls, directory: Path, indexes: Indexes, *, dense: bool = True) -> Generation:
        """An empty generation in a new directory."""
        directory.mkdir(parents=True)
        applied = Applied(None)
        write_applied(directory, applied)
        opened = indexes.dense(directory / DENSE) if dense else None
        return cls(directory, applied, opened, indexes.lexical(directory / LEXICAL))

    @classmethod
    def open(cls, directory: Path, catalog: Catalog, indexes: Indexes) -> Generation:
        """Open what is sound of a generation. What is not is left out (dense) or made anew at once (lexical).

        Raises ArchiveDamaged when the generation was not made from this catalog as it is.
        """
        applied = read_applied(directory)
        if applied is None or applied.fingerprint not in (None, catalog.fingerprint) or applied.lexical > catalog.sequence:
            raise ArchiveDamaged(f"{directory} does not match the catalog; run `dateline rebuild`")
        problems = _problems(directory, catalog, applied)
        dense, dense_problem = _opened(indexes.dense, directory / DENSE, problems["dense"])
        lexical, lexical_problem = _opened(indexes.lexical, directory / LEXICAL, problems["lexical"])
        if lexical is None:
            lexical = _remade(directory / LEXICAL, catalog, indexes.lexical)
            applied = replace(applied, lexical=0)
        generation = cls(directory, applied, dense, lexical)
        if lexical_problem:
            generation.notices = (f"The index of words was damaged ({lexical_problem}) and has been made anew.",)
        if dense_problem:
            generation.lose_dense(dense_problem)
        return generation

    def fill(self, catalog: Catalog, progress: Progress | None) -> None:
        """Put all of the catalog into an empty generation."""
        target, total = catalog.extent()
        done = 0
        for entries in _everything(catalog, target):
            with finish_batch():
                for index in self._open_indexes():
                    index.replace((), entries)
            done += len(entries)
            if progress:
                progress(done, total)
        self._record(Applied(catalog.fingerprint, dense=target if self.dense else 0, lexical=target, added=done))

    def follow(self, catalog: Catalog) -> int:
        """Apply one batch of changes; how many they were."""
        after = min(self.applied.lexical, self.applied.dense if self.dense else self.applied.lexical)
        changes = catalog.changes(after, FOLLOWED_AT_ONCE)
        if not changes:
            return 0
        with finish_batch():
            break_seal(self.directory)
            article_ids = [article_id for _, article_id in changes]
            entries = catalog.entries(article_ids)
            last = changes[-1][0]
            self.lexical.replace(article_ids, entries)
            applied = replace(self.applied, lexical=max(last, self.applied.lexical), fingerprint=catalog.fingerprint)
            if self.dense:
                try:
                    self.dense.replace(article_ids, entries)
                    applied = replace(applied, dense=last, added=applied.added + len(entries))
                except ArchiveDamaged as error:
                    self.lose_dense(str(error))
            self._record(applied)
        return len(changes)

    def lose_dense(self, problem: str) -> None:
        self.dense = None
        self.notices += (f"The dense index is damaged: {problem}. Answers come from words alone; run `dateline rebuild`.",)

    def close(self) -> None:
        """Close the indexes and seal their files, so that the next opening need not doubt them."""
        self.release()
        if self.dense:
            seal(self.directory)

    def release(self) -> None:
        """Close the indexes of a generation whose files are gone or in doubt."""
        for index in self._open_indexes():
            index.close()

    def _open_indexes(self) -> list[Index]:
        return [self.lexical, self.dense] if self.dense else [self.lexical]

    def _record(self, applied: Applied) -> None:
        self.applied = applied
        write_applied(self.directory, applied)


def _problems(directory: Path, catalog: Catalog, applied: Applied) -> dict[Part, str | None]:
    """What is wrong with each index; nothing where the files are as their seal says. Breaks the seal."""
    if sealed(directory):
        break_seal(directory)
        return {"dense": None, "lexical": None}
    break_seal(directory)
    return verified(directory, catalog, applied)


def verified(directory: Path, catalog: Catalog, applied: Applied, sampled: int = SAMPLED) -> dict[Part, str | None]:
    """What children find wrong with each of two closed indexes."""
    with ThreadPoolExecutor(max_workers=2) as threads:
        dense = threads.submit(_problem, "dense", directory / DENSE, catalog, applied.dense, sampled)
        lexical = threads.submit(_problem, "lexical", directory / LEXICAL, catalog, applied.lexical, sampled)
        return {"dense": dense.result(), "lexical": lexical.result()}


def _problem(part: Part, directory: Path, catalog: Catalog, applied: int, sampled: int) -> str | None:
    if not directory.is_dir():
        return f"{directory} is missing"
    sequence, count = catalog.extent()
    return probe(part, directory, Expected(count if sequence == applied else None, catalog.sample(sampled, applied)))


def _opened(opening: Callable[[Path], Opened], directory: Path, problem: str | None) -> tuple[Opened | None, str | None]:
    """The index, unless it has a problem already or shows one now."""
    if problem:
        return None, problem
    try:
        return opening(directory), None
    except ArchiveDamaged as error:
        return None, str(error)


def _remade(directory: Path, catalog: Catalog, opening: Callable[[Path], LexicalIndex]) -> LexicalIndex:
    """The index of words from the catalog, in place of a damaged one."""
    aside = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    index = opening(aside)
    for entries in _everything(catalog, catalog.sequence):
        with finish_batch():
            index.replace((), entries)
    index.close()
    shutil.rmtree(directory, ignore_errors=True)
    aside.replace(directory)
    return opening(directory)


def _everything(catalog: Catalog, target: int) -> Iterator[list[Entry]]:
    """All entries up to change number `target`, in batches of articles. Articles changed meanwhile come in either state."""
    after = 0
    while changes := [change for change in catalog.changes(after, BUILT_AT_ONCE) if change[0] <= target]:
        yield catalog.entries([article_id for _, article_id in changes])
        after = changes[-1][0]
