"""The page for people who do not see it, do not use a mouse, or make it larger: axe-core, the keyboard and zoom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.types import Article
from tests.ui.newsroom import ACCOUNTS, FERRY, Newsroom
from tests.ui.own_archive import own_archive
from tests.ui.serving import CHROMIUM, serving, serving_rag
from tests.ui.test_browser import ask, browser, opened
from tests.ui.test_forms_browser import FORMS, Telling, asked
from ui.web.users import Users

__all__ = ["browser"]
AXE = files("axe_playwright_python") / "axe.min.js"
SETTLED = "Promise.allSettled(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished))"
SERIOUS = ("serious", "critical")
ARABIC = Article(
    replace(FERRY.source, id="arabic", title="توقف العبارات في بورت مارافيل", language="ar"),
    "توقفت العبارات يوم الاثنين بسبب الإضراب.",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Newsroom(notices=("The archive is being rebuilt.",))) as address:
        yield address


def found(page: Page) -> list[tuple[str, list[Any]]]:
    """What axe-core finds serious on the page as it is now, each with the elements that it is about."""
    page.evaluate(AXE.read_text("utf-8"))
    page.evaluate(SETTLED)  # a colour on its way to another is neither
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (one["id"], [node["html"][:200] for node in one["nodes"]]) for one in result["violations"] if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(browser: Browser, address: str, theme: str, width: int) -> None:
    with opened(browser, address, width) as page:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
        assert found(page) == []
        ask(page, "What happened, day by day? by day")
        expect(page.locator("#current .facts")).to_be_visible()
        assert found(page) == []
        page.get_by_role("button", name="Source 1", exact=True).click()
        expect(page.locator("#source .opened")).to_be_visible()
        assert found(page) == []
        page.keyboard.press("Escape")
        ask(page, "Who is the mayor?")
        expect(page.locator("#current .silent")).to_be_visible()
        page.locator("#rail .toggle-button").click()
        expect(page.get_by_role("button", name="New conversation")).to_be_visible()
        assert found(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_library(browser: Browser, address: str, theme: str) -> None:
    context = browser.new_context(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
    page = context.new_page()
    for path in ("", "?words=strike", "/ferry", "/nothing"):
        page.goto(f"{address}/dateline/library{path}")
        assert found(page) == []
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_where_articles_are_added(browser: Browser, tmp_path: Path, theme: str, width: int) -> None:
    (tmp_path / "bridge.md").write_text("# Bridge closed\n\nThe bridge over the Sool closed on Monday after a crack was found.")
    (tmp_path / "figures.xlsx").write_text("PK")
    with own_archive(tmp_path / "archive") as rag, serving_rag(rag) as address, opened(browser, address, width) as page:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
        page.get_by_role("link", name="Add articles").click()
        expect(page.get_by_role("button", name="See what would be stored")).to_be_visible()
        assert found(page) == []
        page.locator("#files input[type=file]").set_input_files([tmp_path / "bridge.md", tmp_path / "figures.xlsx"])
        expect(page.locator("#files")).to_contain_text("figures")
        page.get_by_role("button", name="See what would be stored").click()
        expect(page.locator("#told h2")).to_be_visible()
        assert found(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious_in_any_state_of_an_answer(browser: Browser, theme: str, width: int) -> None:
    with serving(Telling()) as address, opened(browser, address, width) as page:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
        for form in (*FORMS, "yes", "weak", "notice"):
            asked(page, form)
        expect(page.locator("#past .exchange")).to_have_count(len(FORMS) + 2)
        expect(page.locator("#next [data-ask]").first).to_be_visible()
        assert found(page) == []
        page.get_by_role("button", name="Source 1", exact=True).last.click()
        page.locator("#source .judge summary").click()
        assert found(page) == []
        page.keyboard.press("Escape")
        ask(page, "fault")
        expect(page.locator("#current .error")).to_be_visible()
        page.get_by_role("button", name="Dates, outlets and wording").click()
        page.get_by_role("textbox", name="Until").fill("soon")
        expect(page.locator("#filters [role=alert]")).to_be_visible()
        assert found(page) == []
        page.get_by_role("textbox", name="Until").fill("2024-08")
        expect(page.locator("#filters .chip")).to_be_visible()
        page.get_by_label("Outlets").click()
        expect(page.get_by_role("option", name="Kestrel Bay News")).to_be_visible()
        assert found(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_where_others_read_and_enter(browser: Browser, theme: str) -> None:
    users, token = Users(()).and_shared("reader")
    with serving(Newsroom(), users=users) as address:
        context = browser.new_context(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("button", name="Enter")).to_be_visible()
        assert found(page) == []
        page.goto(f"{address}/dateline/enter?token={token}")
        ask(page, "What did the strike cost?")
        page.get_by_role("button", name="Link", exact=True).click()
        link = page.locator("#problem a")
        expect(link).to_be_visible()
        assert found(page) == []
        for path in (str(link.get_attribute("href")), "/a/ferry#10-40", "/a/nothing", "/docs"):
            page.goto(address + path)
            assert found(page) == []
        context.close()


def test_conversations_are_managed_with_the_keyboard(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        ask(page, "What did the strike cost?")
        expect(page.locator("#current .facts")).to_be_visible()
        page.locator("#rail .toggle-button").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Rename What did the strike cost?").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("New name")).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type("The price")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Delete The price").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.locator("#conversations li")).to_have_count(0)


def test_what_becomes_of_a_question_is_announced(browser: Browser) -> None:
    newsroom = Newsroom()
    with serving(newsroom) as address, opened(browser, address) as page:
        ask(page, "What did it cost? hold")
        expect(page.get_by_role("status").filter(has_text="Reading the articles")).to_be_visible()
        newsroom.release.set()
        expect(page.locator("#current .facts")).to_be_visible()
        ask(page, "fault")
        expect(page.get_by_role("alert").filter(has_text="could not be answered")).to_be_visible()


def test_articles_are_added_with_the_keyboard(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.get_by_role("link", name="Add", exact=True).click()
        page.get_by_role("link", name="Back to the questions").focus()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Click to Upload")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_label("Addresses of pages")).to_be_focused()
        page.keyboard.type("nothing")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="See what would be stored")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#told [role=alert]")).to_contain_text("is no address")


def test_at_twice_the_size_nothing_is_cut_off(browser: Browser, address: str) -> None:
    """A window of 1280 at 200 % has 640 of its pixels, and is half as high."""
    with opened(browser, address, 640, 430) as page:
        ask(page, "What did the strike cost?")
        expect(page.locator("#current .facts")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
        page.get_by_role("button", name="Source 1", exact=True).click()
        expect(page.locator("#source mark")).to_be_in_viewport()
        expect(page.get_by_role("button", name="Close the source")).to_be_in_viewport()


@pytest.mark.parametrize("width", [640, 320])
def test_no_view_is_wider_than_a_window_at_twice_or_four_times_the_size(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, width, 430) as page:
        for path in ("", "#adding", "dateline/library", "dateline/library/ferry", "a/ferry"):
            page.goto(f"{address}/{path}")
            expect(page.get_by_text("Dateline").or_(page.get_by_text("Ask the archive")).first).to_be_attached()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.goto(address)
        expect(page.locator("#masthead [data-theme-switch]")).to_be_in_viewport(ratio=1)


def test_nothing_moves_for_whom_it_should_not(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.emulate_media(reduced_motion="reduce")
        moving = "[...document.querySelectorAll('*')].filter((e) => getComputedStyle(e).animationName !== 'none').length"
        ask(page, "What did it cost?")
        assert page.evaluate(moving) == 0


def test_a_source_is_read_in_its_own_direction(browser: Browser) -> None:
    room = Newsroom([replace(ARABIC, source=replace(ARABIC.source, id="hostile"))])
    with serving(room) as address, opened(browser, address) as page:
        ask(page, "What happened?")
        for place in ("#current .answer", "#sources .card q", "#sources .card .title"):
            assert page.locator(place).evaluate("e => getComputedStyle(e).direction") == "rtl", place
        page.get_by_role("button", name="Source 1", exact=True).click()
        for place in ("#source .text", "#source-title"):
            assert page.locator(place).evaluate("e => getComputedStyle(e).direction") == "rtl", place


def test_an_article_is_read_in_its_own_direction(browser: Browser) -> None:
    with serving(Newsroom([ARABIC, ACCOUNTS])) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{address}/dateline/library/arabic")
        text = page.locator(".whole .text")
        assert text.evaluate("e => getComputedStyle(e).direction") == "rtl"
        page.goto(f"{address}/dateline/library/accounts")
        assert page.locator(".whole .text").evaluate("e => getComputedStyle(e).direction") == "ltr"
        context.close()
