"""`dateline backup` and `dateline restore`: an archive to one file, while it is in use, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.options import AsJson, Index, settings_for
from ui.cli.output import progress_bar, put, results
from ui.render import plain_json
from ui.terminal import Page

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file of the backup.", show_default=False)]


def backup(file: File, index: Index = None, as_json: AsJson = False) -> None:
    """Write the archive to FILE, whole and as it is at one moment, while it is served or ingested into.

    The indexes are not in it: they are made anew from what is.
    """
    from rag.archive import backup as write

    with results() as out:
        put(plain_json(write(settings_for(index).index, file)), out, as_json, Page.facts)


def restore(file: File, index: Index = None, as_json: AsJson = False) -> None:
    """Make an archive of a backup, and its indexes. The directory must not have an archive yet."""
    from rag.archive import restore as read

    with results() as out, progress_bar("chunks indexed") as progress:
        put(plain_json(read(file, settings_for(index).index, progress)), out, as_json, Page.facts)
