"""The page in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright

from rag.types import Article
from tests.ui.newsroom import ACCOUNTS, FERRY, Newsroom, hostile
from tests.ui.serving import CHROMIUM, CHROMIUM_ARGUMENTS, PATIENCE, eventually, serving
from ui.web import Limits
from ui.web.store import Store

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]
expect.set_options(timeout=PATIENCE * 1000)  # a loaded machine is no failure
COST = "Strand Line put the cost of the strike at $3.2 million."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, width: int = 1280, height: int = 860) -> Iterator[Page]:
    """A fresh visitor's page, which must not report an error of its own by the end."""
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(address)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator("#masthead .name")).to_be_visible()
    yield page
    context.close()
    assert faults == []


@contextmanager
def opened_link(browser: Browser, address: str) -> Iterator[Page]:
    """What somebody else sees who is told the address."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return Newsroom(notices=("The archive is being rebuilt.",))


@pytest.fixture(scope="module")
def address(newsroom: Newsroom) -> Iterator[str]:
    with serving(newsroom) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")


def test_a_citation_opens_its_article_at_the_exact_words(page: Page) -> None:
    ask(page, "What did the strike cost?")
    page.get_by_role("button", name="Source 1", exact=True).click()
    source = page.locator("#source")
    expect(source.locator("mark")).to_be_visible()
    assert source.locator("mark").inner_text() == COST
    assert source.locator(".text").text_content() == FERRY.text
    expect(source.locator("mark")).to_be_in_viewport()
    link = source.get_by_role("link", name="Read at")
    assert link.get_attribute("href") == FERRY.source.url
    assert set((link.get_attribute("rel") or "").split()) == {"noopener", "noreferrer", "nofollow"}
    for text in (FERRY.source.title, FERRY.source.outlet, "4 March 2024"):
        assert text is not None
        expect(source).to_contain_text(text)


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("What did the strike cost?")
    page.keyboard.press("Enter")
    expect(page.locator("#current .facts")).to_be_visible()
    first = page.get_by_role("button", name="Source 1", exact=True)
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if first.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#source-title")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close the source")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#source .opened")).to_have_count(0)
    expect(first).to_be_focused()


def test_arrow_keys_go_from_citation_to_citation_and_escape_closes(page: Page) -> None:
    ask(page, "What did the strike cost?")
    expect(page.locator("#current .facts")).to_be_visible()
    first = page.get_by_role("button", name="Source 1", exact=True)
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#source-title")).to_have_text(ACCOUNTS.source.title)
    expect(page.locator("#source-title")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#source-title")).to_have_text(FERRY.source.title)
    expect(page.locator("#source-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#source .opened")).to_have_count(0)
    expect(first).to_be_focused()
    first.click()
    expect(page.locator("#source-title")).to_have_text(FERRY.source.title)


def test_a_number_shows_its_quote_before_it_is_opened(page: Page) -> None:
    ask(page, "What did the strike cost?")
    expect(page.locator("#current .facts")).to_be_visible()
    number = page.get_by_role("button", name="Source 1", exact=True)
    preview = page.locator("#current .cited").first.get_by_role("tooltip")
    expect(preview).to_be_hidden()
    number.hover()
    expect(preview).to_contain_text(COST)
    page.mouse.move(0, 0)
    expect(preview).to_be_hidden()
    number.focus()
    expect(preview).to_be_visible()


def test_a_new_question_clears_the_source_of_the_one_before(page: Page) -> None:
    ask(page, "What did the strike cost?")
    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator("#source .opened")).to_be_visible()
    ask(page, "Who is the mayor?")
    expect(page.locator("#current .silent")).to_be_visible()
    expect(page.locator("#source .opened")).to_have_count(0)
    expect(page.locator("#sources .card")).to_have_count(0)


@pytest.mark.parametrize("width", [1920, 1280, 900, 390])
def test_the_composer_stays_at_the_bottom(browser: Browser, width: int) -> None:
    newsroom = Newsroom()
    with serving(newsroom) as address, opened(browser, address, width) as page:
        ask(page, "What did it cost? hold")
        expect(page.locator("#current .working")).to_be_visible()
        working = page.locator("#ask").bounding_box()
        newsroom.release.set()
        expect(page.locator("#current .facts")).to_be_visible()
        done = page.locator("#ask").bounding_box()
        assert working is not None
        assert done is not None
        assert abs(working["y"] - done["y"]) < 2
        assert abs(done["y"] + done["height"] - 860) < 2


def test_a_timeline_is_drawn_and_a_weak_answer_looks_weak(page: Page) -> None:
    ask(page, "What happened, day by day? by day")
    expect(page.locator("#current .timeline li")).to_have_count(1)
    expect(page.locator("#current .timeline .day")).to_have_text("4 March 2024")
    expect(page.locator("#current .facts")).to_be_visible()
    ask(page, "What did the strike cost? weak")
    expect(page.locator("#current .weak")).to_be_visible()
    page.locator("#current .explained").hover()
    expect(page.locator("#current .fact [role=tooltip]")).to_contain_text("about 31 are right")


def test_the_scheme_can_be_chosen_and_is_kept(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        before = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Dark").click()
        expect(page.get_by_role("button", name="Light")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
        page.reload()
        expect(page.get_by_role("button", name="Light")).to_be_visible()


class TestConversations:
    def rail(self, page: Page) -> Locator:
        page.locator("#rail .toggle-button").click()
        expect(page.get_by_role("button", name="New conversation")).to_be_visible()
        return page.locator("#conversations")

    def test_they_are_kept_listed_found_renamed_and_deleted(self, browser: Browser, address: str) -> None:
        with opened(browser, address) as page:
            ask(page, "What did the strike cost?")
            expect(page.locator("#current .facts")).to_be_visible()
            page.reload()
            expect(page.locator("#current .asked")).to_have_text("What did the strike cost?")
            page.get_by_role("button", name="Source 1", exact=True).click()
            expect(page.locator("#source mark")).to_have_text(COST)
            rail = self.rail(page)
            page.get_by_role("button", name="New conversation").click()
            expect(page.locator("#welcome .welcome")).to_be_visible()
            expect(page.locator("#source .opened")).to_have_count(0)
            ask(page, "Who is the mayor?")
            expect(page.locator("#current .silent")).to_be_visible()
            expect(page.locator("#past .exchange")).to_have_count(0)
            expect(rail.locator("li")).to_have_count(2)
            page.get_by_label("Find a conversation").fill("million")
            expect(rail.locator("li")).to_have_count(1)
            rail.get_by_role("button", name="What did the strike cost?", exact=True).click()
            expect(page.locator("#current .asked")).to_have_text("What did the strike cost?")
            rail.get_by_role("button", name="Rename What did").click()
            rail.get_by_role("textbox", name="New name").fill("The price")
            page.keyboard.press("Enter")
            expect(rail.get_by_role("button", name="The price", exact=True)).to_be_visible()
            rail.get_by_role("button", name="Delete The price").click()
            expect(rail.get_by_role("button", name="Delete The price")).to_have_text("Really delete?")
            rail.get_by_role("button", name="Delete The price").click()
            expect(rail).to_contain_text("No conversation says")
            expect(page.locator("#welcome .welcome")).to_be_visible()

    def test_an_answer_in_progress_does_not_come_back_into_a_new_conversation(self, browser: Browser) -> None:
        newsroom = Newsroom()
        with serving(newsroom) as address, opened(browser, address) as page:
            ask(page, "What did it cost? hold")
            expect(page.locator("#current .working")).to_be_visible()
            rail = self.rail(page)
            page.get_by_role("button", name="New conversation").click()
            expect(page.locator("#welcome .welcome")).to_be_visible()
            assert newsroom.ended.wait(PATIENCE)
            expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
            ask(page, "Who is the mayor?")
            expect(page.locator("#current .silent")).to_be_visible()
            expect(page.locator("#past .exchange")).to_have_count(0)
            expect(rail.locator("li")).to_have_count(2)

    def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(
        self, browser: Browser, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = Store()
        store._connection.execute("pragma query_only = on")
        with serving(Newsroom(), store=store) as address, opened(browser, address) as page:
            ask(page, "What did the strike cost?")
            expect(page.locator("#current .facts")).to_be_visible()
            expect(page.get_by_role("button", name="Link", exact=True)).to_have_count(0)
        assert "cannot be kept" in caplog.text

    def test_another_visitor_sees_none_of_it(self, browser: Browser, address: str) -> None:
        with opened(browser, address) as first:
            ask(first, "What did the strike cost?")
            expect(first.locator("#current .facts")).to_be_visible()
            with opened(browser, address) as second:
                expect(second.locator("#welcome .welcome")).to_be_visible()
                expect(self.rail(second)).to_contain_text("What you ask is kept here")

    def test_a_question_is_edited_and_asked_again(self, page: Page, newsroom: Newsroom) -> None:
        ask(page, "What did the strike cost?")
        page.get_by_role("button", name="Edit the question").click()
        expect(page.get_by_label("Your question")).to_have_value("What did the strike cost?")
        asked = len(newsroom.questions)
        page.get_by_role("button", name="Ask again").click()
        expect(page.locator("#past .exchange")).to_have_count(1)
        eventually(lambda: "What did the strike cost?" in [question.text for question in newsroom.questions[asked:]])

    def test_what_can_be_asked_next_is_asked_at_a_click(self, page: Page) -> None:
        ask(page, "What did the strike cost?")
        following = page.locator("#next [data-ask]").first
        expect(following).to_be_visible()
        question = following.inner_text()
        following.click()
        expect(page.locator("#current .asked")).to_have_text(question)


class TestTaking:
    def test_an_answer_is_copied_linked_and_saved(self, browser: Browser, address: str) -> None:
        with opened(browser, address) as page:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            ask(page, "What did the strike cost?")
            page.get_by_role("button", name="Copy", exact=True).click()
            expect(page.locator("#current .told")).to_have_text("Copied with its sources.")
            assert "[1] The Amberline Courier" in page.evaluate("navigator.clipboard.readText()")
            with page.expect_download() as saved:
                page.get_by_role("link", name="Markdown", exact=True).click()
            assert COST in saved.value.path().read_text("utf-8")
            page.get_by_role("button", name="Link", exact=True).click()
            link = page.locator("#problem a")
            expect(link).to_be_visible()
            with opened_link(browser, address + str(link.get_attribute("href"))) as other:
                expect(other.get_by_text(COST).first).to_be_visible()

    def test_a_verdict_is_kept(self, browser: Browser) -> None:
        store = Store()
        with serving(Newsroom(), store=store) as address, opened(browser, address) as page:
            ask(page, "What did the strike cost?")
            page.locator("#current .judge summary").click()
            page.get_by_label("What is wrong?").fill("It is another strike.")
            page.locator("#current .judge").get_by_role("button", name="Send").click()
            expect(page.locator("#problem")).to_contain_text("Thank you")
            eventually(lambda: len(store.verdicts()) == 1)
        assert [(each.good, each.reason) for each in store.verdicts()] == [(False, "It is another strike.")]


def test_a_follow_up_is_asked_with_what_came_before(page: Page, newsroom: Newsroom) -> None:
    ask(page, "What did the strike cost?")
    expect(page.locator("#current .facts")).to_contain_text("Quite sure")
    ask(page, "And who is the mayor?")
    expect(page.locator("#current .silent")).to_be_visible()
    expect(page.locator("#past .exchange")).to_have_count(1)
    assert [turn.role for turn in newsroom.asked[-1]] == ["user", "assistant"]


def test_what_was_understood_can_be_changed(page: Page, newsroom: Newsroom) -> None:
    ask(page, "And what did the strike cost in March?")
    current = page.locator("#current")
    expect(current.locator(".understood")).to_contain_text("Understood as: What about what did the strike cost in March?")
    current.get_by_role("button", name="Edit", exact=True).click()
    expect(page.get_by_label("Your question")).to_have_value("What about what did the strike cost in March?")
    current.get_by_role("button", name="Ask without The Amberline Courier, March 2024").click()
    expect(page.locator("#past .exchange")).to_have_count(1)
    expect(current.get_by_role("button", name="Source 1", exact=True)).to_be_visible()
    expect(current.locator(".chip")).to_have_count(0)
    assert newsroom.questions[-1].ignored == ("in March", "the Courier")
    assert newsroom.questions[-1].history == ()
    page.locator("#past").get_by_role("button", name="Only The Amberline Courier, March 2024").click()
    expect(page.locator("#past .exchange")).to_have_count(2)
    expect(current.locator(".chips")).to_contain_text("Limited to since 1 March 2024 until 31 March 2024 The Amberline Courier")
    expect(page.locator("#filters")).not_to_contain_text("until")  # the next question is not limited by it
    page.locator("#past").get_by_role("button", name="Ask as typed").click()
    expect(page.locator("#past .exchange")).to_have_count(3)
    eventually(lambda: newsroom.questions[-1].literal)  # the page has moved on before its question reaches the archive


def test_an_abstention_names_the_nearest_articles_without_numbers(page: Page) -> None:
    ask(page, "Who is the mayor?")
    silent = page.locator("#current .silent")
    expect(silent).to_contain_text("The articles do not say.")
    expect(page.locator("#current .cite")).to_have_count(0)
    expect(silent.locator(".card:visible")).to_have_count(1)
    silent.get_by_text("Show 1 more").click()
    expect(silent.locator(".card:visible")).to_have_count(2)
    silent.locator(".card").first.click()
    expect(page.locator("#source-title")).to_have_text(FERRY.source.title)


def test_an_answer_grows_and_can_be_stopped(browser: Browser) -> None:
    newsroom = Newsroom()
    with serving(newsroom) as address, opened(browser, address) as page:
        ask(page, "What did it cost? hold")
        expect(page.locator("#current .answer")).to_contain_text(COST)
        expect(page.locator("#current .working")).to_be_visible()
        page.get_by_label("Your question").fill("What comes next?")
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
        expect(page.locator("#current .working")).to_have_count(0)
        expect(page.get_by_label("Your question")).to_have_value("What comes next?")
        assert newsroom.ended.wait(PATIENCE)


def test_what_is_sent_while_an_answer_is_in_progress_is_asked_after_it(browser: Browser) -> None:
    newsroom = Newsroom()
    with serving(newsroom) as address, opened(browser, address) as page:
        ask(page, "What did it cost? hold")
        expect(page.locator("#current .working")).to_be_visible()
        expect(page.get_by_label("Your question")).to_have_value("")
        ask(page, "Who is the mayor?")
        newsroom.release.set()
        expect(page.locator("#current .silent")).to_be_visible()
        expect(page.locator("#past .exchange")).to_have_count(1)
        page.get_by_label("Your question").press("Enter")
        expect(page.locator("#problem [role=alert]")).to_have_count(0)


def test_what_is_clicked_while_an_answer_is_in_progress_is_asked_after_it(browser: Browser) -> None:
    newsroom = Newsroom()
    newsroom.release.set()
    with serving(newsroom) as address, opened(browser, address) as page:
        ask(page, "And what did it cost? hold")
        as_typed = page.locator("#current").get_by_role("button", name="Ask as typed")
        expect(as_typed).to_be_visible()
        newsroom.release.clear()
        as_typed.click()
        expect(page.locator("#current .working")).to_be_visible()
        page.locator("#past").get_by_role("button", name="Ask as typed").dblclick()
        newsroom.release.set()
        expect(page.locator("#past .exchange")).to_have_count(2)
        expect(page.locator("#current .facts")).to_be_visible()
    assert [question.literal for question in newsroom.questions] == [False, True, True]


def test_a_closed_tab_ends_the_answer(browser: Browser) -> None:
    newsroom = Newsroom()
    with serving(newsroom) as address:
        with opened(browser, address) as page:
            ask(page, "What did it cost? hold")
            expect(page.locator("#current .working")).to_be_visible()
            assert newsroom.holding.wait(PATIENCE)
        assert newsroom.ended.wait(PATIENCE)


def test_filters_are_shown_and_a_wrong_date_is_explained_beside_them(page: Page, newsroom: Newsroom) -> None:
    page.get_by_role("button", name="Dates, outlets and wording").click()
    page.get_by_role("textbox", name="Since").fill("2024-03")
    page.get_by_role("textbox", name="Until").fill("soon")
    expect(page.locator("#filters [role=alert]")).to_contain_text("'soon' is not a day")
    asked = len(newsroom.asked)
    ask(page, "What did the strike cost?")
    expect(page.locator("#problem [role=alert]")).to_contain_text("correct the filter first")
    expect(page.get_by_label("Your question")).to_have_value("What did the strike cost?")
    assert len(newsroom.asked) == asked
    page.get_by_role("textbox", name="Until").fill("2024-08")
    expect(page.locator("#filters")).to_contain_text("until 31 August 2024")
    expect(page.locator("#problem [role=alert]")).to_have_count(0)
    page.get_by_label("Outlets").click()
    page.get_by_role("option", name="Kestrel Bay News").click()
    expect(page.locator("#filters")).to_contain_text("Kestrel Bay News")
    page.keyboard.press("Escape")
    ask(page, "What did the strike cost?")
    for chip in ("since 1 March 2024", "until 31 August 2024", "Kestrel Bay News"):
        expect(page.locator("#current .chips")).to_contain_text(chip)
    page.get_by_role("button", name="Remove until 31 August 2024").click()
    expect(page.get_by_role("textbox", name="Until")).to_have_value("")
    page.get_by_role("button", name="Remove Kestrel Bay News").click()
    expect(page.locator("#filters .chip")).to_have_count(1)
    page.locator("#current").get_by_role("button", name="Ask without limits").click()
    expect(page.locator("#past .exchange")).to_have_count(1)
    expect(page.locator("#current .chips")).to_have_count(0)


def test_a_day_is_picked_from_a_calendar(page: Page) -> None:
    page.get_by_role("button", name="Dates, outlets and wording").click()
    page.get_by_label("Pick the first day").fill("2024-03-04")
    expect(page.get_by_role("textbox", name="Since")).to_have_value("2024-03-04")
    expect(page.locator("#filters")).to_contain_text("since 4 March 2024")
    page.get_by_label("Pick the last day").fill("2024-08-01")
    expect(page.locator("#filters")).to_contain_text("until 1 August 2024")
    page.get_by_role("button", name="Remove since 4 March 2024").click()
    expect(page.locator("#filters .chip")).to_have_count(1)


def test_an_empty_question_is_not_asked(page: Page, newsroom: Newsroom) -> None:
    asked = len(newsroom.asked)
    ask(page, "   ")
    expect(page.locator("#problem [role=alert]")).to_contain_text("the question is empty")
    assert len(newsroom.asked) == asked


def test_notices_are_shown(page: Page) -> None:
    expect(page.locator("#masthead")).to_contain_text("The archive is being rebuilt.")
    ask(page, "What did the strike cost? notice")
    expect(page.locator("#current")).to_contain_text("3 articles without a date left out")


def test_a_fault_is_told_without_its_insides_and_the_page_goes_on(page: Page) -> None:
    ask(page, "fault")
    expect(page.locator("#current .error")).to_contain_text("Something went wrong here")
    assert "secret" not in page.content()
    ask(page, "damage")
    expect(page.locator("#current .error")).to_contain_text("cannot be read at the moment")
    assert "secret" not in page.content()
    ask(page, "What did the strike cost?")
    expect(page.locator("#current .answer")).to_be_visible()


def test_an_example_is_asked_at_a_click(browser: Browser) -> None:
    with serving(Newsroom(), examples=["What did the “ferry” strike cost?"]) as address, opened(browser, address) as page:
        page.get_by_role("button", name="What did the “ferry” strike cost?").click()
        expect(page.locator("#current .asked")).to_have_text("What did the “ferry” strike cost?")
        expect(page.locator("#current .answer")).to_be_visible()
        expect(page.locator("#examples .examples")).not_to_be_visible()


def test_an_empty_archive_says_what_to_do(browser: Browser) -> None:
    with serving(Newsroom([])) as address, opened(browser, address) as page:
        expect(page.locator("#welcome")).to_contain_text("No articles yet")
        expect(page.locator("#welcome")).to_contain_text("dateline ingest PATH")
        ask(page, "Anything?")
        expect(page.locator("#current .silent")).to_contain_text("The archive is empty")


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_page_and_the_source_has_its_place(browser: Browser, address: str, width: int) -> None:
    with opened(browser, address, width) as page:
        ask(page, "What did the strike cost?")
        page.get_by_role("button", name="Source 1", exact=True).click()
        expect(page.locator("#source mark")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        talk, reading = page.locator("#talk").bounding_box(), page.locator("#reading").bounding_box()
        assert talk is not None
        assert reading is not None
        if width == 390:
            assert reading["width"] == 390  # a sheet from below
            assert abs(reading["y"] + reading["height"] - 860) < 2
            page.get_by_role("button", name="Close the source").click()
            expect(page.locator("#reading")).to_be_hidden()
        else:
            assert reading["x"] >= talk["x"] + talk["width"]


def test_the_page_is_our_own_and_asks_nobody_else(browser: Browser, address: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob"):
            asked.append(urlsplit(request.url).netloc)

    context = browser.new_context()
    context.on("request", note)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    ask(page, "What did the strike cost?")
    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator("#source mark")).to_be_visible()
    assert set(asked) == {urlsplit(address).netloc}
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == "Dateline"
    expect(page.get_by_text("gradio")).to_have_count(0)
    context.close()


class Canary(ThreadingHTTPServer):
    """Notes every request that it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listening)
        self.heard: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Listening(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Canary)
        self.server.heard.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    thread = Thread(target=canary.serve_forever)
    thread.start()
    yield canary
    canary.shutdown()
    thread.join()
    canary.server_close()


def test_the_words_of_an_article_stay_words(browser: Browser, canary: Canary) -> None:
    article: Article = hostile(canary.address)
    with serving(Newsroom([article])) as address, opened(browser, address) as page:
        page.on("dialog", lambda _: canary.heard.append("dialog"))
        ask(page, f"What? ![x]({canary.address}/question) <img src='{canary.address}/asked'>")
        page.locator("#current .cite").first.click()
        expect(page.locator("#source mark")).to_have_text(article.text)
        expect(page.locator("#source a")).to_have_count(1)
        assert str(page.locator("#source a").get_attribute("href")).startswith("/dateline/library/")
        for tag in ("img", "form", "iframe", "script", "link"):
            assert page.locator(f":is(#masthead, #talk, #source) {tag}").count() == 0
        ask(page, "Who is the mayor?")
        expect(page.locator("#current .silent")).to_be_visible()
        page.wait_for_timeout(300)  # what was set off by then has begun
    assert canary.heard == []


def test_the_canary_hears_what_is_sent(browser: Browser, canary: Canary) -> None:
    page = browser.new_page()
    page.set_content(f"<img src='{canary.address}/img'>")
    page.wait_for_load_state("networkidle")
    page.close()
    assert "/img" in canary.heard


@pytest.mark.slow
def test_a_full_house_is_told_and_the_question_kept(browser: Browser) -> None:
    newsroom = Newsroom()
    with serving(newsroom, limits=Limits(at_once=1, waiting=1)) as address, opened(browser, address) as first:
        ask(first, "hold")
        expect(first.locator("#current .working")).to_be_visible()
        second, third = browser.new_page(), browser.new_page()
        for page in (second, third):
            page.goto(address)
            expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
            ask(page, "What did the strike cost? hold")
            page.wait_for_timeout(300)
        expect(third.get_by_text("busy")).to_be_visible()
        expect(third.get_by_label("Your question")).to_have_value("What did the strike cost? hold")
        newsroom.release.set()
        expect(second.locator("#current .answer")).to_be_visible()
        third.get_by_role("button", name="Ask", exact=True).click()
        expect(third.locator("#current .answer")).to_be_visible()
        second.close()
        third.close()


class TestArticle:
    def test_the_characters_of_a_link_are_marked_as_they_are_counted_in_python(self, browser: Browser) -> None:
        text = "🚢 First line.\nThe ferry 𝒮𝑒𝒶 sank <b>here</b>. The end."
        article = Article(replace(FERRY.source, id="sea/1"), text)
        start = text.index("𝒮")
        with serving(Newsroom([article])) as address:
            page = browser.new_page()
            page.goto(f"{address}/a/sea%2F1#{start}-{start + 8}")
            expect(page.locator("mark")).to_have_text("𝒮𝑒𝒶 sank")
            assert page.locator("#text").evaluate("place => place.textContent") == text
            page.evaluate("location.hash = '#5-4000'")
            expect(page.locator("mark")).to_have_count(0)
            expect(page.get_by_role("status")).to_contain_text("does not have")
            page.close()
