"""What is made again beside the current state: chunks and vectors of another model, times and signatures, damaged articles."""

from __future__ import annotations

from collections.abc import Sequence

from rag.catalog import derived, faults, staging
from rag.catalog.connection import Stored
from rag.catalog.faults import Fault
from rag.catalog.records import Derivation, StagedArticle, Underived
from rag.types import Fingerprint


class Remaking(Stored):
    """Staging, deriving and mending; what is staged counts only once it is promoted."""

    def stage(self, fingerprint: Fingerprint, restaged: Sequence[StagedArticle]) -> None:
        """Keep new chunks and vectors beside the current ones. Survives a restart; another fingerprint starts afresh."""
        with self._database.writing() as connection:
            staging.stage(connection, fingerprint, restaged)

    def find_unstaged(self, fingerprint: Fingerprint, limit: int) -> list[tuple[str, int]]:
        """Ids and versions of articles that are not staged for `fingerprint` in their current version."""
        with self._database.writing() as connection:
            staging.begin(connection, fingerprint)
            return staging.find_unstaged(connection, limit)

    def count_staged(self) -> int:
        """How many articles are staged."""
        with self._database.reading() as connection:
            return staging.count(connection)

    def find_underived(self, limit: int) -> list[Underived]:
        """At most `limit` articles whose times and signature are not those of their current text and day."""
        with self._database.reading() as connection:
            return derived.find_underived(connection, limit)

    def count_underived(self) -> int:
        """How many they are: stored by an earlier release, or filed under another day since."""
        with self._database.reading() as connection:
            return derived.count_underived(connection)

    def write_derived(self, made: Sequence[Derivation]) -> None:
        """Store the times and signatures of these articles; those that have changed meanwhile are passed over."""
        with self._database.writing() as connection:
            derived.write_derived(connection, made)

    def faults(self) -> tuple[Fault, ...]:
        """Articles that could not be read and are left out, by id."""
        with self._database.reading() as connection:
            return faults.read_faults(connection)

    def examine(self) -> tuple[Fault, ...]:
        """Everything wrong with any article, found by reading them all; nothing is put aside for it."""
        with self._database.reading() as connection:
            return tuple(faults.examine(connection))

    def put_aside(self, found: Sequence[Fault]) -> None:
        """Leave these articles out until they are mended."""
        with self._database.writing() as connection:
            faults.put_aside(connection, {fault.article_id: (fault.part, fault.problem) for fault in found})

    def replace_chunks(self, fingerprint: Fingerprint, made: Sequence[StagedArticle]) -> None:
        """Store chunks and vectors that were made again, of articles whose own are damaged."""
        with self._database.writing() as connection:
            staging.replace_chunks(connection, fingerprint, made)
