"""What can be seen and done of the archive as a whole: show, status, doctor, rebuild, compact, forget."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.errors import InputError
from ui.cli.options import AsJson, Index, settings_for
from ui.cli.output import exit_code, progress_bar, put, results, say
from ui.render import Json, article_json, plain_json
from ui.terminal import Page

ArticleId = Annotated[str, typer.Argument(metavar="ARTICLE_ID", help="The article's id, as `ask` and `search` print it.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print everything that is known.")]
ArticleIds = Annotated[
    list[str], typer.Argument(metavar="ARTICLE_ID...", help="The articles' ids, as `ask` and `search` print them.")
]


def show(article_id: ArticleId, index: Index = None, as_json: AsJson = False) -> None:
    """Print a stored article.

    What is known about it and its text; in JSON its versions too.
    """
    from rag.archive import open_catalog

    settings = settings_for(index)
    with results() as out, open_catalog(settings.index, address=settings.catalog_address) as catalog:
        article = catalog.article(article_id)
        if article is None:
            raise InputError(f"there is no article {article_id!r} in the archive; `dateline search` prints the ids it finds")
        document = article_json(article, catalog.versions(article_id), catalog.times([article_id]).get(article_id, ()))
        put(document, out, as_json, Page.article)


def status(index: Index = None, verbose: Verbose = False, as_json: AsJson = False) -> None:
    """Print what the archive holds and how the last ingest went; with -v everything that is known."""
    from rag.archive import status as look

    settings = settings_for(index)
    with results() as out:
        document = plain_json(look(settings.index, settings.catalog_address))
        put(document, out, as_json, Page.facts if verbose else Page.status)


def doctor(index: Index = None, as_json: AsJson = False) -> None:
    """Check the archive and name what is damaged. Exits 1 when something is.

    The indexes of an archive that another process has open are not checked; that does not count as damage.
    """
    from rag.archive import doctor as examine

    settings = settings_for(index)
    with results():
        found = examine(settings.index, settings.catalog_address)
    findings, unseen = [one for one in found if one.damaged], [one for one in found if not one.damaged]
    _print({"healthy": not findings, "findings": plain_json(findings), "not_checked": plain_json(unseen)}, as_json)
    if findings:
        raise typer.Exit(1)


def rebuild(index: Index = None, as_json: AsJson = False) -> None:
    """Make the indexes anew from the catalog.

    Embeds every article again where the model or the chunks have changed, and files it under its day in another time zone where
    DATELINE_TIME_ZONE names one. Finds the times and the copies of articles that an earlier release stored without.
    """
    from ingest.derive import derive_missing
    from ingest.reembed import reembed
    from rag.archive import Archive

    settings = settings_for(index)
    with (
        results(),
        Archive.open(
            settings.index, zone=settings.zone, busy_timeout=settings.busy_timeout, address=settings.catalog_address
        ) as archive,
    ):
        if "time_zone" in settings.model_fields_set:
            archive.original.change_zone(settings.zone)
        with progress_bar("articles embedded") as progress:
            embedded = reembed(archive.original, settings, progress=progress)
        with progress_bar("articles read for times and copies") as progress:
            derived = derive_missing(archive.original, progress=progress)
        with progress_bar("chunks indexed") as progress:
            archive.rebuild(progress)
        document = {"embedded": embedded, "derived": derived, **plain_json(archive.catalog.counts())}
    _print(document, as_json)


def compact(index: Index = None, as_json: AsJson = False) -> None:
    """Give back the disk space that deleted articles still hold."""
    from rag.archive import compact as shrink

    settings = settings_for(index)
    with results():
        document = plain_json(shrink(settings.index, settings.catalog_address))
    _print(document, as_json)


def forget(article_ids: ArticleIds, index: Index = None, as_json: AsJson = False) -> None:
    """Delete articles with all their versions.

    They stay forgotten when their files or feeds are read again, unless with `dateline ingest --restore`.
    Exits 3 when some of the ids are not in the archive, and 1 when none is.
    """
    from rag.archive import open_catalog

    settings = settings_for(index)
    with (
        results(),
        open_catalog(settings.index, busy_timeout=settings.busy_timeout, address=settings.catalog_address) as catalog,
    ):
        known = {article_id: catalog.forget(article_id, for_good=True) for article_id in dict.fromkeys(article_ids)}
    forgotten = [article_id for article_id, was_there in known.items() if was_there]
    unknown = [article_id for article_id, was_there in known.items() if not was_there]
    _print({"forgotten": forgotten, "unknown": unknown}, as_json)
    if code := exit_code(len(unknown), len(forgotten)):
        say(f"not in the archive: {', '.join(unknown)}")
        raise typer.Exit(code)


def _print(document: Json, as_json: bool) -> None:
    with results() as out:
        put(document, out, as_json, Page.facts)
