"""Looking through an archive: pages of articles, outlets and days."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from rag.browse import Browsing
from rag.catalog import Catalog
from rag.errors import UsageError
from rag.types import Source
from tests.rag.stored import FINGERPRINT, OUTLETS, make_article, many_stored

NUMBERS = range(1, 30)


class Shelf(Browsing):
    """Browsing over a catalog alone."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.archive = self  # type: ignore[assignment]  # it has the catalog, which is all that is looked at


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    catalog = Catalog.open(tmp_path / "catalog.sqlite3", create=True)
    catalog.adopt(FINGERPRINT)
    catalog.put(many_stored(NUMBERS))
    return Shelf(catalog)


@pytest.mark.parametrize("limit", [1, 4, 28, 29, 500])
def test_pages_have_every_article_once_and_newest_first(shelf: Shelf, limit: int) -> None:
    seen: list[Source] = []
    after, pages = None, 0
    while True:
        page = shelf.articles(limit=limit, after=after)
        seen += page.sources
        pages += 1
        if (after := page.next) is None:
            break
    assert seen == shelf.catalog.listing()
    assert Counter(source.id for source in seen) == Counter(f"a{number}" for number in NUMBERS)
    assert pages == -(-len(NUMBERS) // limit)


def test_an_article_that_comes_between_two_pages_moves_nothing(shelf: Shelf) -> None:
    first = shelf.articles(limit=5)
    shelf.catalog.put(many_stored([100, 101]))
    second = shelf.articles(limit=5, after=first.next)
    assert not {source.id for source in first.sources} & {source.id for source in second.sources}
    assert [source.id for source in second.sources] == [source.id for source in shelf.catalog.listing()[7:12]]


def test_a_page_keeps_to_days_and_outlets(shelf: Shelf) -> None:
    page = shelf.articles(since="2025-01-05", until="2025-01-20", outlets=["the gazette"])
    assert {source.outlet for source in page.sources} == {"The Gazette"}
    assert [source.id for source in page.sources] == ["a18", "a15", "a12", "a9", "a6"]


def test_an_article_is_had_by_its_id(shelf: Shelf) -> None:
    assert shelf.article("a3") == make_article(3)
    assert shelf.article("nothing") is None


def test_outlets_and_days_are_counted(shelf: Shelf) -> None:
    outlets = {tally.name: tally for tally in shelf.tally_outlets()}
    named = [number for number in NUMBERS if OUTLETS[number % 3] == "The Gazette"]
    assert outlets["The Gazette"].articles == len(named)
    assert str(outlets["The Gazette"].first) == "2025-01-04"
    days = shelf.tally_days(limit=3)
    assert [str(tally.day) for tally in days] == ["2025-01-30", "2025-01-28", "2025-01-27"]
    assert sum(tally.articles for tally in shelf.tally_days()) == sum(number % 7 > 0 for number in NUMBERS)


@pytest.mark.parametrize("after", ["x", "W10", "bnVsbA", "WzEsMl0", "é", "[]", "=" * 9])
def test_what_no_page_gave_is_refused(shelf: Shelf, after: str) -> None:
    with pytest.raises(UsageError, match="after: give the `next`"):
        shelf.articles(after=after)


@pytest.mark.parametrize("limit", [0, -1, 501, True, "ten"])
def test_a_limit_that_cannot_be_is_refused(shelf: Shelf, limit: object) -> None:
    with pytest.raises(UsageError, match="limit: give a whole number from 1 to 500"):
        shelf.articles(limit=limit)  # type: ignore[arg-type]
