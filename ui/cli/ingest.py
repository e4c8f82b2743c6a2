"""`dateline ingest`: files into the archive."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.options import AsJson, Index, settings_for
from ui.cli.output import exit_code, progress_bar, put, results, say
from ui.render import report_json
from ui.terminal import Page

Paths = Annotated[list[str], typer.Argument(metavar="PATH...", help="Files and folders: JSON lines, text, Markdown.")]
Outlet = Annotated[str | None, typer.Option("--outlet", metavar="NAME", help="Outlet of the articles that name none.")]
Prune = Annotated[bool, typer.Option("--prune", help="Also forget the articles that came from these paths and are gone there.")]


def ingest(paths: Paths, index: Index = None, outlet: Outlet = None, prune: Prune = False, as_json: AsJson = False) -> None:
    """Read articles into the archive.

    What is already there unchanged is left alone, what has changed is replaced and the old version kept.
    Exits 3 when some files or records failed and others did not, and 1 when all failed.
    """
    from ingest.pipeline import ingest as run
    from rag.interrupt import finish_batch

    settings = settings_for(index)
    with results() as out, finish_batch():
        with progress_bar("articles") as progress:
            report = run(paths, settings.index, settings, progress=progress, outlet=outlet, prune=prune)
        for notice in report.notices:
            say(notice)
        document = report_json(report)
        put(document, out, as_json, Page.report)
    if code := exit_code(document["failed"], document["stored"] + document["unchanged"] + document["replaced"]):
        say("some of it failed; run the same command again once it is mended: what is stored is not read twice")
        raise typer.Exit(code)
