"""What an ingest would do: everything is read and dated, nothing is embedded or stored."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.files import find_files
from ingest.identity import Identities
from ingest.pages import Connect, Pages
from ingest.read import ChangedArticle, Reader
from ingest.report import Outcome, Report, Told
from rag.archive import open_catalog
from rag.archive.layout import Layout
from rag.catalog import Catalog
from rag.errors import ArchiveMissing
from rag.interrupt import finish_batch
from rag.settings import Settings


def preview(
    paths: list[str],
    directory: Path,
    settings: Settings,
    *,
    told: Told | None = None,
    outlet: str | None = None,
    links: bool | None = None,
    restore: bool = False,
    now: datetime | None = None,
    connect: Connect | None = None,
) -> Report:
    """The report that `ingest` of the same paths would give, as far as it does not depend on the model.

    Pages are fetched as they would be. No archive is made where there is none. Raises InputError when there is nothing at a path.
    """
    started = time.monotonic()
    find_files(paths)  # says at once what is not there
    outcomes: list[Outcome] = []
    with ExitStack() as stack:
        catalog = stack.enter_context(_catalog(directory, settings))
        stopping = stack.enter_context(finish_batch())
        pages = stack.enter_context(Pages(catalog.sources.page, *filter(None, [connect])))
        reader = Reader(Identities(catalog, restore=restore), outlet, now or datetime.now(UTC), pages, links)
        for item in reader.read(find_files(paths, pages.fetch_page)):
            if stopping():
                break
            outcomes.append(item.outcome() if isinstance(item, ChangedArticle) else item)
            if told:
                told(outcomes[-1])
        interrupted = stopping()
    return Report(tuple(outcomes), time.monotonic() - started, (), interrupted, dry_run=True)


@contextmanager
def _catalog(directory: Path, settings: Settings) -> Iterator[Catalog]:
    """The archive's catalog, or an empty one that is thrown away."""
    with ExitStack() as stack:
        if there := _elsewhere(directory, settings):
            yield stack.enter_context(there)
            return
        made = Layout(directory).catalog.exists()
        where = directory if made else Path(stack.enter_context(TemporaryDirectory()))
        yield stack.enter_context(open_catalog(where, create=not made, zone=settings.zone, busy_timeout=settings.busy_timeout))


def _elsewhere(directory: Path, settings: Settings) -> Catalog | None:
    """The catalog in a database, if the settings name one and it is made."""
    try:
        return open_catalog(directory, zone=settings.zone, address=address) if (address := settings.catalog_address) else None
    except ArchiveMissing:
        return None
