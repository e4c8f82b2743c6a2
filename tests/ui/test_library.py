"""The library: what is on a shelf, an article with its versions, and who may delete it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalog import DeadLetter, Version, WatchedSource
from rag.types import Article, Copy, Source
from tests.ui.newsroom import ACCOUNTS, FERRY, Newsroom, hostile
from tests.ui.serving import serving
from ui.web.library import NO_OUTLET, PAGE, Library, Wanted, changes, compare_texts, read_wanted
from ui.web.wording import month_in_words

UNDATED = Article(Source("undated", "Notes on the harbour", section="Notes"), "The harbour is old.")
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def library(*more: Article) -> Library:
    return Library(Newsroom([FERRY, ACCOUNTS, UNDATED, *more]).rag())


def titles(asked: Wanted) -> list[str]:
    return [source.id for source in library().shelf(asked).articles]


def test_all_of_it_newest_first_with_counts() -> None:
    shelf = library().shelf(Wanted())
    assert [source.id for source in shelf.articles] == ["undated", "accounts", "ferry"]
    assert dict(shelf.outlets) == {NO_OUTLET: 1, "Kestrel Bay News": 1, "The Amberline Courier": 1}
    assert shelf.months == (("2024-03", 1), ("2024-09", 1))
    assert shelf.sections == ("Notes",)


def test_outlets_are_counted_whatever_their_case() -> None:
    loud = Article(replace(FERRY.source, id="loud", outlet="THE AMBERLINE COURIER"), "Text.")
    assert dict(library(loud).outlets(9))["The Amberline Courier"] == 2
    assert len(library(loud).outlets(1)) == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Wanted(outlet="kestrel bay news"), ["accounts"]),
        (Wanted(outlet=NO_OUTLET), ["undated"]),
        (Wanted(month="2024-03"), ["ferry"]),
        (Wanted(section="Notes"), ["undated"]),
        (Wanted(outlet="The Amberline Courier", month="2024-09"), []),
        (Wanted(words="notes HARBOUR"), ["undated", "ferry", "accounts"]),  # by its title, then what a search finds
        (Wanted(words="strike", month="2024-09"), ["accounts"]),
    ],
)
def test_it_is_narrowed(asked: Wanted, found: list[str]) -> None:
    assert titles(asked) == found


def test_a_plot_shows_what_else_could_be_chosen() -> None:
    shelf = library().shelf(Wanted(outlet="The Amberline Courier"))
    assert len(shelf.outlets) == 3
    assert shelf.months == (("2024-03", 1),)


def test_pages_end_where_the_articles_do() -> None:
    many = [Article(replace(FERRY.source, id=f"a{n}"), "Text.") for n in range(PAGE)]
    shelves = library(*many)
    assert len(shelves.shelf(Wanted()).articles) == PAGE
    assert len(shelves.shelf(Wanted(page=2)).articles) == 3
    assert shelves.shelf(Wanted(page=99)).articles == shelves.shelf(Wanted(page=2)).articles


@given(st.dictionaries(st.sampled_from(("outlet", "month", "section", "words", "page", "other")), st.text(max_size=20)))
def test_any_address_can_be_read_and_its_links_lead_back(given: dict[str, str]) -> None:
    asked = read_wanted(given)
    again = read_wanted(dict(httpx.QueryParams(asked.link(page=asked.page).lstrip("?"))))
    assert again == replace(asked, outlet=safe(asked.outlet), section=safe(asked.section), words=safe(asked.words))


def safe(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@given(st.text("ab \n", max_size=40), st.text("ab \n", max_size=40))
def test_what_changed_makes_both_texts_again(older: str, newer: str) -> None:
    pieces = compare_texts(older, newer)
    assert "".join(words for kind, words in pieces if kind != "removed") == newer
    assert "".join(words for kind, words in pieces if kind != "added") == older


def test_changes_are_told_newest_first() -> None:
    states = [Version(n, NOW, "Title", None, text, str(n)) for n, text in enumerate(("One.", "One. Two.", "Two."), start=1)]
    told = changes(states)
    assert [(older.number, newer.number) for older, newer, _ in told] == [(2, 3), (1, 2)]
    assert ("added", " Two.") in told[1][2]
    assert changes(states[:1]) == []


class TestPages:
    def test_the_shelf_is_a_page_without_markup_of_articles(self) -> None:
        article = hostile("http://evil.example")
        newsroom = Newsroom(
            [FERRY, article],
            told_again={"ferry": (Copy(ACCOUNTS.source, "near"),)},
            watching=(WatchedSource("https://feed.example/rss", NOW, None, None, 3, "it does not answer"),),
            failed=(DeadLetter("/in/broken.json", 4, "not JSON", 1, NOW, NOW),),
        )
        with serving(newsroom) as address:
            response = httpx.get(address + "/dateline/library", params={"words": "<img src=x>"})
            reader = httpx.get(address + "/dateline/library", headers={"Via": "1.1 proxy"})
        assert response.status_code == 200
        assert "<img" not in response.text
        assert "<svg" not in response.text
        for told in (FERRY.source.title, "also in 1 other", "failing: it does not answer", "/in/broken.json, line 4"):
            assert str(told) in response.text
        assert "broken.json, line 4" in reader.text
        assert "/in/broken.json" not in reader.text  # where files lie is the editors' matter
        assert "unsafe" not in response.headers["content-security-policy"]

    def test_an_article_is_shown_whole_with_what_each_version_changed(self) -> None:
        texts = ((1, "One ship."), (2, "One ship sank."))
        states = tuple(Version(n, NOW, "Title", date(2024, 3, n), text, str(n)) for n, text in texts)
        with serving(Newsroom(states={"ferry": states})) as address:
            shown = httpx.get(address + "/dateline/library/ferry")
            missing = httpx.get(address + "/dateline/library/nothing")
        assert FERRY.text.split("\n")[0] in shown.text
        assert "<ins>ship sank.</ins>" in shown.text
        assert (missing.status_code, "no such article" in missing.text) == (404, True)

    def test_an_article_can_be_deleted_by_the_one_whose_machine_it_is(self) -> None:
        newsroom = Newsroom([FERRY, ACCOUNTS])
        with serving(newsroom) as address:
            assert "Delete for good" in httpx.get(address + "/dateline/library/ferry").text
            for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}):
                assert httpx.post(address + "/dateline/library/forget", data={"id": "ferry"}, headers=headers).status_code == 403
            done = httpx.post(address + "/dateline/library/forget", data={"id": "ferry"}, follow_redirects=True)
            assert "is deleted with all its versions" in done.text
            assert FERRY.source.title not in done.text
            assert httpx.post(address + "/dateline/library/forget", data={"id": "ferry"}).status_code == 404
        assert [article.source.id for article in newsroom.stock] == ["accounts"]

    def test_nobody_may_where_others_can_reach_it(self) -> None:
        newsroom = Newsroom([FERRY])
        with serving(newsroom, allowed_hosts=["news.example"]) as address:
            assert "Delete for good" not in httpx.get(address + "/dateline/library/ferry").text
            assert httpx.post(address + "/dateline/library/forget", data={"id": "ferry"}).status_code == 403
        assert newsroom.stock == [FERRY]


@pytest.mark.parametrize(("month", "words"), [("2024-03", "March 2024"), ("2024-13", "2024-13"), ("", "")])
def test_a_month_is_told_in_words(month: str, words: str) -> None:
    assert month_in_words(month) == words
