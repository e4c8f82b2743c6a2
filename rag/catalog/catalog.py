"""The catalog: articles with their versions, chunks and vectors. A commit here is the acknowledgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from types import TracebackType

from rag.catalog import check, ingests, replicate, staging, writing
from rag.catalog import zone as zones
from rag.catalog.by_article import ByArticle
from rag.catalog.connection import Database
from rag.catalog.engines import Bell
from rag.catalog.engines.sqlite import SQLite
from rag.catalog.fingerprint import read_fingerprint, write_fingerprint
from rag.catalog.overview import Overview
from rag.catalog.records import (
    UNREADABLE,
    Ingest,
    IngestFailure,
    StoredArticle,
    require_storable,
    require_vectors,
)
from rag.catalog.remaking import Remaking
from rag.catalog.sources import Sources
from rag.catalog.transfer import Progress, transfer
from rag.errors import ArchiveMissing, FingerprintMismatch, InputError, StorageError
from rag.types import Fingerprint

BUSY_TIMEOUT = 30.0
GARBLED = "the record of the model that made its vectors cannot be read; run `dateline rebuild` to embed every article again"


class Catalog(ByArticle, Overview, Remaking):
    """One instance serves many threads; several processes may have the same catalog open.

    Every method raises StorageError, with what to do, when the database cannot be read or written.
    """

    def __init__(self, database: Database, zone: tzinfo, place: str) -> None:
        super().__init__(database)
        self._zone = zone
        self._place = place
        self._adopted = self.fingerprint
        self.sources = Sources(database)

    @classmethod
    def open(cls, path: Path, *, create: bool, zone: tzinfo = UTC, busy_timeout: float = BUSY_TIMEOUT) -> Catalog:
        """The catalog in the file `path`. `zone` is whose calendar days articles are filed under where it has none of its own.

        Raises ArchiveMissing when there is none and `create` is not set.
        """
        new = not path.is_file()
        if new:
            if not create:
                raise ArchiveMissing(
                    f"there is no archive at {path.parent}; `dateline ingest PATH --index {path.parent}` makes one"
                )
            _make_directory(path.parent)
        database = Database(SQLite(path, busy_timeout))
        if new:
            database.create_tables()
        database.require_schema()
        return cls(database, zone, str(path.parent))

    @classmethod
    def connect(cls, address: str, *, create: bool, zone: tzinfo = UTC, busy_timeout: float = BUSY_TIMEOUT) -> Catalog:
        """The catalog in the PostgreSQL database at `address`.

        Raises UsageError for what is no such address, StorageError when the server cannot be reached, and ArchiveMissing when the
        database has no catalog and `create` is not set.
        """
        from rag.catalog.engines.postgres import PostgreSQL

        database = Database(PostgreSQL(address, busy_timeout))
        try:
            if not database.has_tables():
                if not create:
                    raise ArchiveMissing(
                        f"there is no archive in {database.name}; `dateline ingest` makes one, `dateline move` copies one"
                    )
                database.create_tables()
            database.require_schema()
            return cls(database, zone, database.name)
        except BaseException:
            database.close()
            raise

    @property
    def fingerprint(self) -> Fingerprint | None:
        """What made the stored chunks and vectors; None until the first ingest."""
        with self._database.reading() as connection:
            return read_fingerprint(connection)

    @property
    def zone(self) -> tzinfo:
        """Whose days its articles are of: the stored one; until the first ingest, the one it was opened with."""
        with self._database.reading() as connection:
            return zones.read_zone(connection) or self._zone

    def change_zone(self, zone: tzinfo) -> int:
        """File every article under its day in `zone`; how many days changed. The times told from those are underived then."""
        with self._database.writing() as connection:
            return zones.change_zone(connection, zone)

    def adopt(self, fingerprint: Fingerprint) -> None:
        """Declare what makes the chunks and vectors that will be put. Raises FingerprintMismatch when others are stored."""
        with self._database.writing() as connection:
            stored = read_fingerprint(connection)
            if stored is None:
                write_fingerprint(connection, fingerprint)
                zones.write_zone(connection, zones.read_zone(connection) or self._zone)
            elif stored != fingerprint:
                raise _mismatch(self._place, stored, fingerprint)
        self._adopted = fingerprint

    def put(self, stored: Sequence[StoredArticle]) -> None:
        """Store articles in one transaction; when this returns they survive a power cut.

        Raises InputError, after storing all others, when an article has characters that cannot be stored.
        """
        refusals = [(item, refusal) for item in stored if (refusal := self._refusal(item))]
        refused = {id(item) for item, _ in refusals}
        with self._database.writing() as connection:
            fingerprint = read_fingerprint(connection)
            if fingerprint is None or fingerprint != self._adopted:
                raise _mismatch(self._place, fingerprint, self._adopted)
            own = zones.read_zone(connection) or self._zone
            zones.write_zone(connection, own)
            for item in stored:
                if id(item) not in refused:
                    require_vectors(item.article.source.id, item.vectors, len(item.chunks), fingerprint.dimension)
                    writing.put(connection, item, own)
        if refusals:
            raise InputError("; ".join(str(refusal) for _, refusal in refusals)) from refusals[0][1]

    def forget(self, article_id: str, *, for_good: bool = False) -> bool:
        """Delete an article with all its versions. False when there is none of this id.

        `for_good`: what is left are hashes by which it is known again, so that no ingest stores it unless it is told to.
        """
        with self._database.writing() as connection:
            return writing.forget(connection, article_id, for_good)

    def begin_ingest(self, arguments: Sequence[str]) -> int:
        with self._database.writing() as connection:
            return ingests.begin(connection, arguments)

    def end_ingest(self, id: int, state: str, counts: Mapping[str, int], failures: Sequence[IngestFailure]) -> None:
        with self._database.writing() as connection:
            ingests.end(connection, id, state, counts, failures)

    def ingests(self, limit: int) -> tuple[Ingest, ...]:
        """The last ingests, newest first."""
        with self._database.reading() as connection:
            return ingests.latest(connection, limit)

    def promote(self, fingerprint: Fingerprint) -> bool:
        """Switch to what is staged, atomically. False, and nothing happens, while an article is not staged."""
        with self._database.writing() as connection:
            promoted = staging.promote(connection, fingerprint)
        if promoted:
            self._adopted = fingerprint
        return promoted

    @property
    def name(self) -> str:
        """What messages call it: its file, or its address without the password."""
        return self._database.name

    @property
    def followed(self) -> int:
        """Of a copy: the number of the last change of its original that it has."""
        with self._database.reading() as connection:
            followed = replicate.read_followed(connection)
        return followed.sequence if followed else 0

    def follow(self, original: Catalog, limit: int) -> int:
        """Copy at most `limit` changes of another catalog to this one; see `rag.catalog.replicate`."""
        with original._database.reading() as read:
            with self._database.reading() as own:
                if not replicate.has_news(read, own):
                    return 0
            with self._database.writing() as write:
                return replicate.replicate(read, write, limit)

    def follow_journal(self, original: Catalog) -> None:
        """Have what is watched, what failed and how ingests went as another catalog has it."""
        with original._database.reading() as read:
            wanted = replicate.read_journal(read)
        with self._database.reading() as own:
            if replicate.read_journal(own) == wanted:
                return
        with self._database.writing() as write:
            replicate.write_journal(write, wanted)

    def empty(self) -> None:
        """Forget all that was copied by `follow`."""
        with self._database.writing() as connection:
            replicate.empty(connection)

    def copy_to(self, other: Catalog, progress: Progress | None = None) -> dict[str, int]:
        """Copy everything to a catalog that is empty; how many rows of each table. See `rag.catalog.transfer`."""
        return transfer(self._database, other._database, progress)

    def vacuum(self) -> None:
        """Give the space of deleted rows back. Of a file on the disk that needs as much free space as the file takes."""
        self._database.vacuum()

    def hang_bell(self) -> Bell:
        """What waits for the next change, whichever process makes it."""
        return self._database.hang_bell()

    def problems(self) -> list[str]:
        """What is wrong with the catalog itself, read through in full."""
        try:
            with self._database.reading() as connection:
                return list(check.problems(connection, self._database.backend))
        except StorageError as error:
            return [str(error)]

    def close(self) -> None:
        self._database.close()

    def _refusal(self, item: StoredArticle) -> InputError | None:
        try:
            require_storable(item.article, self._database.backend)
        except InputError as refusal:
            return refusal
        return None

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{directory} cannot be made into an archive: {error.strerror}; name another with --index") from error


def _mismatch(place: str, stored: Fingerprint | None, given: Fingerprint | None) -> FingerprintMismatch:
    if stored is None or given is None:
        return FingerprintMismatch(f"{place}: no model is recorded for its vectors; call `adopt` before `put`")
    if stored == UNREADABLE:
        return FingerprintMismatch(f"{place}: {GARBLED}")
    differing = [name for name in Fingerprint.__slots__ if getattr(stored, name) != getattr(given, name)]
    details = ", ".join(f"{name} {getattr(stored, name)!r} there and {getattr(given, name)!r} here" for name in differing)
    return FingerprintMismatch(
        f"{place} was made with another model or chunker ({details}); set the same ones, or run"
        " `dateline rebuild` to embed every article again"
    )
