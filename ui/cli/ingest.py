"""`dateline ingest`: files, pages and feeds into the archive, once or for as long as it runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import UsageError
from ui.cli.options import AsJson, Index, settings_for
from ui.cli.output import exit_code, progress_bar, put, results, say
from ui.render import report_json
from ui.terminal import Page, format_outcome

if TYPE_CHECKING:
    from ingest.report import Outcome, Report
    from rag.settings import Settings

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH|URL...", help="Files, folders, pages, feeds, and files that list URLs.", show_default=False),
]
Outlet = Annotated[str | None, typer.Option("--outlet", metavar="NAME", help="Outlet of the articles that name none.")]
Prune = Annotated[bool, typer.Option("--prune", help="Also forget the articles that came from these paths and are gone there.")]
Links = Annotated[
    bool | None,
    typer.Option("--links/--no-links", help="Fetch the pages that a feed summarises. [default: those of feeds fetched by URL]"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be stored, with dates and how they are known.")]
Retry = Annotated[bool, typer.Option("--retry", help="Read again what failed before.")]
Restore = Annotated[bool, typer.Option("--restore", help="Store articles again that were deleted with `dateline forget`.")]
WatchIt = Annotated[bool, typer.Option("--watch", help="Keep running: read each path and URL again at intervals.")]
Every = Annotated[float, typer.Option("--every", metavar="SECONDS", help="With --watch: the time between two readings.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print the result for each file and record on standard error.")]


def ingest(
    paths: Paths = None,
    index: Index = None,
    outlet: Outlet = None,
    links: Links = None,
    prune: Prune = False,
    retry: Retry = False,
    restore: Restore = False,
    dry_run: DryRun = False,
    watch: WatchIt = False,
    every: Every = 300.0,
    verbose: Verbose = False,
    as_json: AsJson = False,
) -> None:
    """Read articles into the archive.

    What is already there unchanged is left alone, what has changed is replaced and the old version kept. Nothing is fetched but
    the URLs given here and, for feeds among them, the pages they name. Deleted articles stay deleted. Exits with 3 when some
    files or records could not be read or stored, and with 1 when that is so for all of them.
    """
    from ingest.pipeline import ingest as run
    from ingest.preview import preview
    from rag.interrupt import finish_batch

    if watch and (dry_run or retry or prune or restore):
        raise UsageError("--watch goes with none of --dry-run, --retry, --prune and --restore; run them apart")
    settings = settings_for(index)
    sources = list(paths or ()) + (_select_failed(settings) if retry else [])
    if retry and not sources:
        say("nothing failed before")
        return
    if not sources:
        raise UsageError("no PATH or URL given; name the files, folders, pages or feeds to ingest")
    if watch:
        _watch(sources, settings, every, outlet, links, as_json)
        return
    told = _tell if verbose else None
    with results() as out, finish_batch():
        if dry_run:
            report = preview(sources, settings.index, settings, told=told, outlet=outlet, links=links, restore=restore)
        else:
            with progress_bar("articles") as progress:
                report = run(
                    sources, settings.index, settings, progress=progress, told=told, outlet=outlet, prune=prune, links=links,
                    restore=restore,
                )  # fmt: skip
        for notice in report.notices:
            say(notice)
        document = report_json(report)
        put(document, out, as_json, Page.preview if dry_run else Page.report)
    if not document["articles"] and not report.interrupted:
        say(f"nothing to read in {', '.join(sources)}: name a file, a folder with articles in it, a page or a feed")
    if code := exit_code(document["failed"], document["stored"] + document["unchanged"] + document["replaced"]):
        say("some of it failed; once it is mended run the same command again, or `dateline ingest --retry`")
        raise typer.Exit(code)
    if document["lost"]:
        say("something of the input is in no article; the report says what")
        raise typer.Exit(3)


def _tell(outcome: Outcome) -> None:
    say(format_outcome(outcome))


def _select_failed(settings: Settings) -> list[str]:
    from rag.archive import open_catalog

    with open_catalog(settings.index, busy_timeout=settings.busy_timeout, address=settings.catalog_address) as catalog:
        return list(dict.fromkeys(letter.path for letter in catalog.sources.dead_letters()))


def _watch(sources: list[str], settings: Settings, every: float, outlet: str | None, links: bool | None, as_json: bool) -> None:
    """One line, or one JSON document a line, after each look that found something or failed; until a signal comes."""
    from ingest.watch import Watch
    from rag.parts import load_embedder
    from ui.cli.output import print_json

    with results() as out:

        def report_look(source: str, report: Report | None, error: str | None) -> None:
            if as_json and (report or error):
                counts = report_json(report) if report else {}
                print_json({"source": source, "error": error, **counts}, out, indent=None)
            elif error:
                say(f"{source}: {error}")
            elif report and (changed := {name: count for name, count in report.counts.items() if count}):
                said = ", ".join(f"{count} {name}" for name, count in changed.items())
                say(f"{datetime.now():%H:%M:%S} {source}: {said}")

        Watch(sources, settings.index, settings, load_embedder(settings), every, outlet, links, looked=report_look).run()
