"""The catalog: articles with their versions, chunks and vectors. A commit here is the acknowledgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, tzinfo
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, func, select

from rag.catalog import check, copies, derived, faults, ingests, listing, names, reading, replicate, staging, times, writing
from rag.catalog import zone as zones
from rag.catalog.connection import Database
from rag.catalog.engines import Bell
from rag.catalog.engines.sqlite import SQLite
from rag.catalog.faults import Fault, sound
from rag.catalog.listing import Place
from rag.catalog.records import (
    UNREADABLE,
    Counts,
    Derivation,
    Ingest,
    IngestFailure,
    KnownArticle,
    StagedArticle,
    StoredArticle,
    Underived,
    Version,
    require_storable,
    require_vectors,
)
from rag.catalog.schema import articles
from rag.catalog.sources import Sources
from rag.catalog.transfer import Progress, transfer
from rag.errors import ArchiveMissing, FingerprintMismatch, InputError, StorageError
from rag.types import Article, Chunk, Copy, DayTally, Entry, Fingerprint, Mention, OutletTally, Source

BUSY_TIMEOUT = 30.0
NAMED_COPIES = 100
GARBLED = "it is not readable what made its vectors; run `dateline rebuild` to embed every article again"


class Catalog:
    """One instance serves many threads; several processes may have the same catalog open.

    Every method raises StorageError, with what to do, when the database cannot be read or written.
    """

    def __init__(self, database: Database, zone: tzinfo, place: str) -> None:
        self._database = database
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
            return writing.read_fingerprint(connection)

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
            stored = writing.read_fingerprint(connection)
            if stored is None:
                writing.write_fingerprint(connection, fingerprint)
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
            fingerprint = writing.read_fingerprint(connection)
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

    def is_forgotten(self, known_by: Sequence[str]) -> bool:
        """Whether an article with one of these names (see `rag.catalog.names`) was forgotten for good."""
        with self._database.reading() as connection:
            return names.is_forgotten(connection, known_by)

    def has_forgotten(self) -> bool:
        """Whether any article was forgotten for good."""
        with self._database.reading() as connection:
            return names.has_forgotten(connection)

    def names_of(self, article_id: str) -> tuple[str, ...]:
        """What the article is known by besides its id."""
        with self._database.reading() as connection:
            return names.read_names(connection, article_id)

    def find_by_name(self, known_by: Sequence[str]) -> str | None:
        """The id of the article that has the first of these names (see `rag.catalog.names`) which one has."""
        with self._database.reading() as connection:
            return names.read_named(connection, known_by)

    def origins(self) -> dict[str, str]:
        """The origin of every article by its id."""
        with self._database.reading() as connection:
            return {row.id: row.origin for row in connection.execute(select(articles.c.id, articles.c.origin))}

    def find_known(self, article_id: str | None, url: str | None, origin: str) -> KnownArticle | None:
        """The stored article with this id, else with this URL, else from this origin."""
        with self._database.reading() as connection:
            return reading.read_known(connection, article_id, url, origin)

    def holder(self, text_digest: str) -> str | None:
        """The id of a stored article with the same words (see `text_digest`)."""
        with self._database.reading() as connection:
            return connection.scalars(select(articles.c.id).where(articles.c.text_digest == text_digest).limit(1)).first()

    def article(self, article_id: str) -> Article | None:
        return self.articles([article_id]).get(article_id)

    def articles(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """The current version of each that is stored, by id."""
        return sound(self._database, lambda connection: reading.read_articles(connection, article_ids))

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """Every state the article has had, oldest first, the current one included."""
        with self._database.reading() as connection:
            return reading.read_versions(connection, article_id)

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """Chunks by id, in the order asked; ids of articles forgotten or replaced meanwhile are absent."""
        return sound(self._database, lambda connection: reading.read_chunks(connection, chunk_ids))

    def groups(self, article_ids: Sequence[str]) -> dict[str, str]:
        """The group of copies that each article is in, by the article's id; those without copies are absent."""
        with self._database.reading() as connection:
            return copies.read_groups(connection, article_ids)

    def group_sizes(self) -> dict[str, int]:
        """How many articles each group of copies has, by the id of its earliest one, the largest first."""
        with self._database.reading() as connection:
            return copies.read_sizes(connection)

    def copies(self, article_ids: Sequence[str], limit: int = NAMED_COPIES) -> dict[str, tuple[Copy, ...]]:
        """At most `limit` copies of each article, earliest stored first; articles without copies are absent."""
        return sound(self._database, lambda connection: copies.read_copies(connection, article_ids, limit))

    def times(self, article_ids: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
        """The times that each article names, in the order of its text; articles that name none are absent."""
        with self._database.reading() as connection:
            return times.read_times(connection, article_ids)

    def naming(self, first: date, before: date, limit: int) -> list[str]:
        """The ids of at most `limit` chunks that name a time within or about `first <= day < before`, the narrowest first."""
        with self._database.reading() as connection:
            return times.chunks_naming(connection, first, before, limit)

    def entries(self, article_ids: Sequence[str]) -> list[Entry]:
        """The chunks of these articles with their vectors, as the indexes take them."""
        return sound(self._database, lambda connection: reading.read_entries(connection, article_ids))

    def sample(self, limit: int, up_to: int) -> list[Entry]:
        """Some entries of articles that have not changed after number `up_to`, half of them random, half those written last."""
        return sound(self._database, lambda connection: reading.sample_entries(connection, limit, up_to))

    @property
    def sequence(self) -> int:
        """The number of the last change, 0 when there was none."""
        with self._database.reading() as connection:
            return reading.last_change(connection)

    def changes(self, after: int, limit: int) -> list[tuple[int, str]]:
        """Up to `limit` changes after number `after`, oldest first; of each article its last one."""
        with self._database.reading() as connection:
            return reading.read_changes(connection, after, limit)

    def count_changes(self, after: int) -> int:
        """How many articles have changed after number `after`."""
        with self._database.reading() as connection:
            return reading.count_changes(connection, after)

    def extent(self) -> tuple[int, int]:
        """The number of the last change and how many chunks there are, as one state."""
        with self._database.reading() as connection:
            return reading.last_change(connection), reading.count_chunks(connection)

    def counts(self) -> Counts:
        with self._database.reading() as connection:
            return reading.read_counts(connection)

    def outlets(self) -> tuple[str, ...]:
        """One spelling of each outlet, those with the most articles first."""
        with self._database.reading() as connection:
            return reading.read_outlets(connection)

    def days(self) -> tuple[date, date] | None:
        """The first and the last day of publication."""
        with self._database.reading() as connection:
            first, last = connection.execute(select(func.min(articles.c.day), func.max(articles.c.day))).one()
        return None if first is None else (date.fromordinal(first), date.fromordinal(last))

    def listing(
        self, since: date | None = None, before: date | None = None, outlets: Sequence[str] = (), limit: int | None = None
    ) -> list[Source]:
        """The sources of articles of these days and outlets, newest first; all where neither is given."""
        return sound(
            self._database, lambda connection: reading.read_listing(connection, _ordinal(since), _ordinal(before), outlets, limit)
        )

    def page(
        self, since: date | None, before: date | None, outlets: Sequence[str], limit: int, after: Place | None
    ) -> list[tuple[Place, Source]]:
        """At most `limit` sources of these days and outlets behind the place `after`, newest first, each with its place."""
        return sound(
            self._database,
            lambda connection: listing.read_page(connection, _ordinal(since), _ordinal(before), outlets, limit, after),
        )

    def outlet_tallies(self) -> tuple[OutletTally, ...]:
        """The outlets with their numbers of articles, the largest first."""
        with self._database.reading() as connection:
            return tuple(listing.read_outlet_tallies(connection))

    def day_tallies(
        self, since: date | None, before: date | None, outlets: Sequence[str], limit: int | None
    ) -> tuple[DayTally, ...]:
        """The days on which articles of these days and outlets were published, newest first, with their numbers."""
        with self._database.reading() as connection:
            return tuple(listing.read_day_tallies(connection, _ordinal(since), _ordinal(before), outlets, limit))

    def first_chunks(self, since: date | None, before: date | None, outlets: Sequence[str], limit: int) -> list[Chunk]:
        """The beginnings of at most `limit` articles of these days and outlets, newest first."""

        def read(connection: Connection) -> list[Chunk]:
            ids = reading.read_first_chunks(connection, _ordinal(since), _ordinal(before), outlets, limit)
            return list(reading.read_chunks(connection, ids).values())

        return sound(self._database, read)

    def count_undated(self, outlets: Sequence[str] = ()) -> int:
        """How many articles, of these outlets if any are named, have no date."""
        with self._database.reading() as connection:
            return reading.count_undated(connection, outlets)

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

    def promote(self, fingerprint: Fingerprint) -> bool:
        """Switch to what is staged, atomically. False, and nothing happens, while an article is not staged."""
        with self._database.writing() as connection:
            promoted = staging.promote(connection, fingerprint)
        if promoted:
            self._adopted = fingerprint
        return promoted

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


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{directory} cannot be made into an archive: {error.strerror}; name another with --index") from error


def _mismatch(place: str, stored: Fingerprint | None, given: Fingerprint | None) -> FingerprintMismatch:
    if stored is None or given is None:
        return FingerprintMismatch(f"{place}: it is not said what makes the vectors; adopt a fingerprint first")
    if stored == UNREADABLE:
        return FingerprintMismatch(f"{place}: {GARBLED}")
    differing = [name for name in Fingerprint.__slots__ if getattr(stored, name) != getattr(given, name)]
    details = ", ".join(f"{name} {getattr(stored, name)!r} there and {getattr(given, name)!r} here" for name in differing)
    return FingerprintMismatch(
        f"{place} was made with another model or chunker ({details}); set the same ones, or run"
        " `dateline rebuild` to embed every article again"
    )
