"""Looking through an archive without a question: its articles, a page at a time, its outlets and its days."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from rag.days import make_filters
from rag.errors import UsageError
from rag.settings import MAX_PAGE
from rag.types import Article, ArticlePage, DayTally, OutletTally

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.catalog.listing import Place

PAGE = 50


class Browsing:
    """What can be had of `archive` besides answers."""

    archive: Archive

    def article(self, article_id: str) -> Article | None:
        """The article as it stands now; None where there is none of this id."""
        return self.archive.catalog.article(article_id)

    def articles(
        self,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        limit: int = PAGE,
        after: str | None = None,
    ) -> ArticlePage:
        """At most `limit` articles of these days and outlets, newest first; `after` is `next` of the page before.

        Raises UsageError for days that cannot be, for a limit that is not from 1 to 500, and for an `after` that no page gave.
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_PAGE:
            raise UsageError(f"limit: give a whole number from 1 to {MAX_PAGE}, not {str(limit)[:40]}")
        filters = make_filters(since, until, tuple(outlets))
        place = _place(after) if after else None
        found = self.archive.catalog.page(filters.since, filters.before, filters.outlets, limit + 1, place)
        more = len(found) > limit
        shown = found[:limit]
        return ArticlePage(tuple(source for _, source in shown), _cursor(shown[-1][0]) if more else None)

    def tally_outlets(self) -> tuple[OutletTally, ...]:
        """The outlets with their numbers of articles, the largest first."""
        return self.archive.catalog.outlet_tallies()

    def tally_days(
        self,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        limit: int | None = None,
    ) -> tuple[DayTally, ...]:
        """The days on which articles were published, newest first, with their numbers; at most `limit`."""
        filters = make_filters(since, until, tuple(outlets))
        return self.archive.catalog.day_tallies(filters.since, filters.before, filters.outlets, limit)


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        day, id = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
        if not (isinstance(id, str) and (day is None or type(day) is int)):
            raise ValueError(cursor)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise UsageError("after: give the `next` of the page before, as it was") from error
    return day, id
