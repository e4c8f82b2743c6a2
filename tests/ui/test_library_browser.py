"""The library in a real browser: narrowed by clicks, an article with its versions, and deleting one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.catalog import DeadLetter, Version
from tests.ui.newsroom import ACCOUNTS, FERRY, Newsroom
from tests.ui.serving import serving
from tests.ui.test_accessible import ARABIC
from tests.ui.test_browser import browser, opened, pytestmark
from ui.web.users import Users

__all__ = ["browser", "pytestmark"]
NOW = datetime(2026, 1, 2, tzinfo=UTC)
BEFORE = replace(FERRY, text=FERRY.text.replace("at 5 a.m.", "at dawn"))
STATES = {
    "ferry": tuple(
        Version(number, NOW, article.source.title, date(2024, 3, number), article.text, str(number))
        for number, article in enumerate((BEFORE, FERRY), start=1)
    )
}


def to_library(page: Page) -> None:
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", name="articles")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_narrowed_by_clicks_and_words(browser: Browser, width: int) -> None:
    with serving(Newsroom()) as address, opened(browser, address, width) as page:
        to_library(page)
        page.get_by_role("link", name="September 2024").click()
        expect(page.locator(".stock .card")).to_have_count(1)
        page.get_by_role("link", name="Remove September 2024").click()
        page.get_by_role("link", name="The Amberline Courier").click()
        expect(page.locator(".stock .title")).to_have_text([str(FERRY.source.title)])
        page.get_by_label("Words").fill("deckhands")
        page.get_by_role("button", name="Look up").click()
        expect(page.locator(".chip")).to_have_count(2)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_article_is_read_whole_and_its_versions_compared(browser: Browser) -> None:
    with serving(Newsroom(states=STATES)) as address, opened(browser, address) as page:
        to_library(page)
        expect(page.locator(".stock")).to_contain_text("2 versions")
        page.get_by_role("link", name=str(FERRY.source.title)).click()
        expect(page.locator(".whole > .text")).to_contain_text("Crossings resumed on Thursday.")
        page.get_by_role("link", name="What changed").click()
        expect(page.locator("#changes del")).to_have_text("dawn")
        expect(page.locator("#changes ins")).to_have_text("5 a.m.")
        assert len(page.locator("#changes .text").inner_text()) < len(FERRY.text) / 2  # what is the same is told in short


def test_an_article_is_deleted_after_one_more_question(browser: Browser) -> None:
    newsroom = Newsroom([FERRY, ACCOUNTS])
    with serving(newsroom) as address, opened(browser, address) as page:
        page.goto(f"{address}/dateline/library/ferry")
        expect(page.get_by_role("button", name="Delete for good")).to_be_hidden()
        page.get_by_text("Delete this article").click()
        page.get_by_role("button", name="Delete for good").click()
        expect(page.get_by_role("status")).to_contain_text("is deleted with all its versions")
        expect(page.locator(".stock .card")).to_have_count(1)
    assert newsroom.article("ferry") is None


def test_a_reader_is_offered_neither_deleting_nor_adding(browser: Browser) -> None:
    users, token = Users(()).and_shared("reader")
    failed = (DeadLetter("/in/broken.json", 4, "not JSON", 1, NOW, NOW),)
    with (
        serving(Newsroom(failed=failed), users=users) as address,
        opened(browser, f"{address}/dateline/enter?token={token}") as page,
    ):
        page.goto(f"{address}/dateline/library/ferry")
        expect(page.get_by_text("Delete this article")).to_have_count(0)
        to_library(page)
        expect(page.get_by_role("link", name="try it again")).to_have_count(0)


def test_what_failed_leads_an_editor_to_trying_it_again(browser: Browser) -> None:
    failed = (DeadLetter("/in/broken.json", 4, "not JSON", 1, NOW, NOW),)
    with serving(Newsroom(failed=failed)) as address, opened(browser, address) as page:
        to_library(page)
        page.get_by_role("link", name="try it again").click()
        expect(page.get_by_role("button", name="Try again what failed")).to_be_visible()


def test_an_outlet_in_another_direction_does_not_turn_its_date(browser: Browser) -> None:
    article = replace(ARABIC, source=replace(ARABIC.source, outlet="صحيفة الميناء"))
    with serving(Newsroom([article])) as address, opened(browser, address) as page:
        page.goto(f"{address}/dateline/library/arabic")
        outlet, line = page.locator(".whole .where bdi"), page.locator(".whole .where")
        assert outlet.evaluate("e => getComputedStyle(e).direction") == "rtl"
        assert line.evaluate("e => getComputedStyle(e).direction") == "ltr"
        expect(line).to_have_text("صحيفة الميناء · 4 March 2024")
