"""`dateline backup`, `restore` and `move`: an archive to one file while it is in use, and back; from one database to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.errors import UsageError
from ui.cli.options import AsJson, Index, settings_for
from ui.cli.output import progress_bar, put, results
from ui.render import plain_json
from ui.terminal import Page

Whence = Annotated[str, typer.Argument(metavar="FROM", help="A directory, or the address of a database.", show_default=False)]
Whither = Annotated[str, typer.Argument(metavar="TO", help="The same; nothing is overwritten there.", show_default=False)]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The file of the backup.", show_default=False)]


def backup(file: File, index: Index = None, as_json: AsJson = False) -> None:
    """Write a backup of the archive to FILE. It may be served or ingested into meanwhile; the backup is of one moment.

    The indexes are not in it: `dateline restore` makes them from the articles.
    """
    from rag.archive import backup as write

    with results() as out:
        settings = settings_for(index)
        put(plain_json(write(settings.index, file, settings.catalog_address)), out, as_json, Page.facts)


def restore(file: File, index: Index = None, as_json: AsJson = False) -> None:
    """Make an archive of a backup, and its indexes. The directory must not have an archive yet.

    For a catalog in PostgreSQL, restore into a directory first, without DATELINE_CATALOG, and then use `dateline move`.
    """
    from rag.archive import restore as read

    settings = settings_for(index)
    if settings.catalog:
        raise UsageError("a backup becomes a directory: restore it without DATELINE_CATALOG, then `dateline move` it there")
    with results() as out, progress_bar("chunks indexed") as progress:
        put(plain_json(read(file, settings.index, progress)), out, as_json, Page.facts)


def move(source: Whence, target: Whither, as_json: AsJson = False) -> None:
    """Copy the catalog of an archive from a directory to a PostgreSQL database, or back.

    Everything is counted on both sides. What is at FROM stays. What visitors of the page asked stays there too, and indexes are
    made anew. An address is as for DATELINE_CATALOG.
    """
    from rag.archive import move as copy

    with results() as out, progress_bar("rows copied") as progress:
        put(plain_json(copy(source, target, progress)), out, as_json, Page.facts)
