"""A generation: one directory with both indexes, made from the catalog, following it, and replaced as a whole."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from contextlib import closing as closed
from dataclasses import dataclass, replace
from pathlib import Path

from rag.archive.applied import AppliedState, is_made_by, read_applied, write_applied
from rag.archive.fill import Progress, everything, rebuild_lexical
from rag.archive.seal import Seal
from rag.archive.verify import DENSE, LEXICAL, check_count, find_unsealed, open_index, verify
from rag.catalog import Catalog
from rag.dense import ChromaIndex
from rag.errors import ArchiveDamaged
from rag.interrupt import finish_batch
from rag.lexical import TantivyIndex
from rag.log import log_fault
from rag.protocols import DenseIndex, Index, LexicalIndex
from rag.types import Entry

logger = logging.getLogger(__name__)

FOLLOWED_AT_ONCE = 32
"""Articles a batch while questions are being answered."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """How the two indexes in a directory are opened."""

    dense: Callable[[Path], DenseIndex] = ChromaIndex
    lexical: Callable[[Path], LexicalIndex] = TantivyIndex


class Generation:
    """Two open indexes. `dense` is None while it cannot be used; `dense_problem` says why."""

    def __init__(
        self, directory: Path, applied: AppliedState, dense: DenseIndex | None, lexical: LexicalIndex, seal: Seal
    ) -> None:
        self.directory = directory
        self.applied = applied
        self.dense = dense
        self.lexical = lexical
        self.dense_problem: str | None = None
        self.repairs: tuple[str, ...] = ()
        self._seal = seal

    @classmethod
    def create(
        cls, directory: Path, catalog: Catalog, indexes: Indexes, progress: Progress | None, *, dense: bool
    ) -> AppliedState:
        """Make both indexes, or that of words alone, in a new directory, filled from the catalog and closed."""
        directory.mkdir(parents=True)
        target, total = catalog.extent()
        done = 0
        with ExitStack() as closing:
            parts: list[Index] = [closing.enter_context(closed(indexes.lexical(directory / LEXICAL)))]
            if dense:
                parts.append(closing.enter_context(closed(indexes.dense(directory / DENSE))))
            for entries in everything(catalog, target):
                with finish_batch():
                    for index in parts:
                        index.replace((), entries)
                done += len(entries)
                if progress:
                    progress(done, total)
        applied = AppliedState(catalog.fingerprint, dense=target if dense else 0, lexical=target, added=done)
        write_applied(directory, applied)
        return applied

    @classmethod
    def open(cls, directory: Path, catalog: Catalog, indexes: Indexes) -> Generation:
        """Open what is sound of a generation. What is not is left out (dense) or made anew at once (lexical).

        Raises ArchiveDamaged when the generation was not made from this catalog as it is.
        """
        applied = read_applied(directory)
        if applied is None or not is_made_by(applied, catalog.fingerprint) or applied.lexical > catalog.sequence:
            raise ArchiveDamaged(f"{directory} does not match the catalog; run `dateline rebuild`")
        seal = Seal(directory)
        changed = seal.find_changes()
        seal.lift()
        problems = verify(directory, catalog, applied) if changed is None else find_unsealed(changed)
        dense, dense_problem = open_index(indexes.dense, directory / DENSE, problems.get("dense"))
        lexical, lexical_problem = open_index(indexes.lexical, directory / LEXICAL, problems.get("lexical"))
        if lexical is None:
            target = catalog.sequence
            lexical = rebuild_lexical(directory / LEXICAL, catalog, indexes.lexical)
            applied = replace(applied, lexical=target)
            write_applied(directory, applied)
        generation = cls(directory, applied, dense, lexical, seal)
        if lexical_problem:
            generation.repairs = (f"The index of words was damaged ({lexical_problem}) and has been made anew.",)
            log_fault(logger, generation.repairs[0])
        if dense_problem:
            generation.lose_dense(dense_problem)
        return generation

    @property
    def behind(self) -> int:
        """The number of the last change that all open indexes have applied."""
        return min([self.applied.lexical, *([self.applied.dense] if self.dense else [])])

    def follow(self, catalog: Catalog) -> int:
        """Apply one batch of changes; how many they were. Raises ArchiveDamaged when the index of words cannot be written."""
        changes = catalog.changes(self.behind, FOLLOWED_AT_ONCE)
        fingerprint = catalog.fingerprint
        if not changes or self.applied.fingerprint not in (None, fingerprint):  # a re-embedded catalog: not for these indexes
            return 0
        with finish_batch():
            self._seal.lift()
            entries = catalog.entries([article_id for _, article_id in changes])
            applied = replace(self.applied, fingerprint=fingerprint)
            _apply(self.lexical, changes, entries, applied.lexical)
            applied = replace(applied, lexical=max(changes[-1][0], applied.lexical))
            if self.dense and changes[-1][0] > applied.dense:
                try:
                    added = _apply(self.dense, changes, entries, applied.dense)
                    applied = replace(applied, dense=changes[-1][0], added=applied.added + added)
                except ArchiveDamaged as error:
                    self.lose_dense(str(error))
            write_applied(self.directory, applied)
            self.applied = applied
        return len(changes)

    def check_counts(self, catalog: Catalog) -> None:
        """Compare with the catalog how much the indexes hold, once they have followed it. Makes no doubt out of a new change."""
        if self.dense and (problem := check_count(self.dense, self.applied.dense, catalog)):
            self.lose_dense(problem)
        if problem := check_count(self.lexical, self.applied.lexical, catalog):
            raise ArchiveDamaged(f"the lexical index in {self.directory}: {problem}; run `dateline rebuild`")

    def lose_dense(self, problem: str) -> None:
        self.dense = None
        self.dense_problem = problem
        log_fault(logger, f"the dense index in {self.directory} cannot be used: {problem}")
        self._seal.lift()

    @property
    def notices(self) -> tuple[str, ...]:
        """What was mended, and what could not be."""
        if self.dense_problem is None:
            return self.repairs
        return (
            *self.repairs,
            f"The dense index cannot be used: {self.dense_problem}. Answers come from words alone until `dateline rebuild` has"
            " made it anew.",
        )

    def close(self) -> None:
        """Close the indexes and seal their files, so that the next opening need not doubt them.

        Not before: Chroma writes to its files when it is searched, too.
        """
        self.release()
        if self.dense:
            try:
                self._seal.set()
            except OSError as error:  # without a seal the next opening takes longer, no more
                logger.warning("the indexes in %s are closed without a seal: %s", self.directory, error)

    def release(self) -> None:
        """Close the indexes of a generation whose files are gone or in doubt."""
        self.lexical.close()
        if self.dense:
            self.dense.close()


def _apply(index: Index, changes: Sequence[tuple[int, str]], entries: Sequence[Entry], after: int) -> int:
    """Those of the changes that come after number `after`; how many entries they added."""
    article_ids = [article_id for sequence, article_id in changes if sequence > after]
    wanted = set(article_ids)
    added = [entry for entry in entries if entry.article_id in wanted]
    index.replace(article_ids, added)
    return len(added)
