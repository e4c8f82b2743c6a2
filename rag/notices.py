"""What whoever asks should know besides the answer: what filters leave out, and where an archive's zone is not the settings'."""

from __future__ import annotations

from collections.abc import Iterator

from rag.catalog import Catalog
from rag.conclude import describe_filters
from rag.settings import Settings
from rag.types import Filters

SHOWN_OUTLETS = 12


def explain_zone(catalog: Catalog, settings: Settings) -> Iterator[str]:
    """That days are told in another zone than the one that is asked for."""
    own, wanted = str(catalog.zone), settings.time_zone
    if "time_zone" in settings.model_fields_set and own != wanted:
        told = f"Days are those of {own}, in which the archive was made, not of DATELINE_TIME_ZONE={wanted};"
        yield f"{told} `dateline rebuild` changes them."


def explain_filters(catalog: Catalog, filters: Filters) -> Iterator[str]:
    """Outlets that the archive does not have, and articles without a date that a filter of days leaves out."""
    if filters.outlets:
        known = catalog.outlets()
        folded = {name.casefold() for name in known}
        if missing := [name for name in filters.outlets if name.casefold() not in folded]:
            shown = ", ".join(known[:SHOWN_OUTLETS]) + (" …" if len(known) > SHOWN_OUTLETS else "")
            yield f"No outlet of the archive is called {' or '.join(missing)}; it has {shown or 'none'}."
    if filters.dated and (undated := catalog.count_undated(filters.outlets)):
        yield f"{_count_articles(undated)} without a date left out by the date filter."


def explain_cut(catalog: Catalog, asked: Filters, used: Filters) -> Iterator[str]:
    """What the day that a question is asked as of leaves out and no filter does."""
    if not asked.dated and used.dated and (undated := catalog.count_undated(asked.outlets)):
        yield f"{_count_articles(undated)} without a date left out, which may be newer than the day asked as of."


def explain_silence(catalog: Catalog, filters: Filters) -> str:
    """Why nothing was found."""
    if catalog.counts().articles == 0:
        return "The archive is empty: no articles have been ingested."
    if filters:
        return f"No article in the archive passes the filters ({describe_filters(filters)})."
    return "Nothing in the archive is near this question."


def _count_articles(count: int) -> str:
    return f"{count} article{'s' * (count > 1)}"
