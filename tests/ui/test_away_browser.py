"""What is done with an answer in a real browser: judged, copied, passed on, saved, printed; and conversations on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.newsroom import ACCOUNTS, Newsroom
from tests.ui.serving import eventually, serving
from tests.ui.test_browser import COST, ask, browser, opened, opened_link, pytestmark
from ui.web.store import Store

__all__ = ["browser", "pytestmark"]
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"


def answered(page: Page) -> None:
    ask(page, "What did the strike cost?")
    expect(page.locator("#current .facts")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_answer_and_each_of_its_citations_get_a_thumb_and_a_reason(browser: Browser, width: int) -> None:
    store = Store()
    with serving(Newsroom(), store=store) as address, opened(browser, address, width) as page:
        answered(page)
        page.get_by_role("button", name="This answer is right").click()
        expect(page.locator("#problem")).to_contain_text("Thank you")
        page.get_by_role("button", name="Source 1", exact=True).click()
        page.get_by_role("button", name="This source says it").click()
        expect(page.locator("#source .told")).to_have_text("Thank you.")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Source 2", exact=True).click()
        page.locator("#source .judge summary").click()
        page.locator("#source").get_by_label("What is wrong?").fill("It is another strike.")
        page.locator("#source").get_by_role("button", name="Send").click()
        expect(page.locator("#source .told")).to_have_text("Thank you.")
        eventually(lambda: len(store.verdicts()) == 3)
    assert [(each.good, each.reason, each.citation) for each in store.verdicts()] == [
        (True, "", None), (True, "", 1), (False, "It is another strike.", 2),
    ]  # fmt: skip


def test_what_is_wrong_is_typed_where_it_can_be_seen(browser: Browser) -> None:
    with serving(Newsroom()) as address, opened(browser, address, 1280, 420) as page:
        answered(page)
        page.locator("#current .judge summary").click()
        field = page.locator("#current [data-reason]")
        expect(field).to_be_focused()
        place, composer = field.bounding_box(), page.locator("#ask").bounding_box()
        assert place is not None
        assert composer is not None
        assert place["y"] + place["height"] <= composer["y"]


def test_a_passage_that_is_only_near_is_not_judged(browser: Browser) -> None:
    with serving(Newsroom()) as address, opened(browser, address) as page:
        ask(page, "Who is the mayor?")
        page.locator("#current .silent .source").first.click()
        expect(page.locator("#source .opened")).to_be_visible()
        expect(page.locator("#source .judge")).to_have_count(0)


def test_it_is_copied_where_the_browser_has_no_clipboard_of_its_own(browser: Browser) -> None:
    with serving(Newsroom()) as address, opened(browser, address) as page:
        page.add_init_script(NO_CLIPBOARD)
        page.reload()
        answered(page)
        page.get_by_role("button", name="Copy", exact=True).click()
        expect(page.locator("#current .told")).to_have_text("Copied with its sources.")
        page.get_by_label("Your question").focus()
        page.keyboard.press("Control+V")
        expect(page.get_by_label("Your question")).to_have_value(re.compile(r"\[1\] The Amberline Courier"))


def test_a_link_is_whole_and_opens_the_answer_of_that_day_for_anybody(browser: Browser) -> None:
    newsroom = Newsroom()
    with serving(newsroom) as address, opened(browser, address) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        answered(page)
        page.get_by_role("button", name="Link", exact=True).click()
        expect(page.locator("#problem a")).to_have_text(re.compile(f"^{re.escape(address)}/dateline/answer/"))
        page.get_by_role("button", name="Copy the link").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        link = page.evaluate("navigator.clipboard.readText()")
        newsroom.stock.clear()
        with opened_link(browser, link) as other:
            expect(other.get_by_text(COST).first).to_be_visible()
            expect(other.locator("footer")).to_contain_text(re.compile(r"As Dateline answered on \d+ \w+ 20\d\d"))


def test_a_conversation_is_saved_in_each_form(browser: Browser) -> None:
    with serving(Newsroom()) as address, opened(browser, address) as page:
        answered(page)
        ask(page, "Who is the mayor?")
        expect(page.locator("#current .silent")).to_be_visible()
        page.locator("#rail .toggle-button").click()
        told = {}
        for name in ("Markdown", "HTML", "CSV"):
            with page.expect_download() as saved:
                page.get_by_role("link", name=f"Save What did the strike cost? as {name}").click()
            told[name] = saved.value.path().read_text("utf-8")
        assert "## Who is the mayor?" in told["Markdown"]
        assert f'<blockquote dir="auto">{COST.split("$")[0]}' in told["HTML"]
        assert told["CSV"].count("\n") == 3  # its head and two citations


def test_a_conversation_is_begun_from_the_head_of_the_page(browser: Browser) -> None:
    with serving(Newsroom()) as address, opened(browser, address) as page:
        answered(page)
        page.get_by_role("button", name="New", exact=True).click()
        expect(page.locator("#welcome .welcome")).to_be_visible()
        expect(page.get_by_label("Your question")).to_be_focused()
        page.get_by_role("link", name="Add", exact=True).click()
        page.get_by_role("button", name="New", exact=True).click()
        expect(page.get_by_label("Your question")).to_be_visible()


def test_on_a_phone_the_list_goes_once_a_choice_is_made(browser: Browser) -> None:
    with serving(Newsroom()) as address, opened(browser, address, 390) as page:
        answered(page)
        page.locator("#rail .toggle-button").click()
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator("#rail")).not_to_have_class(re.compile(r"\bopen\b"))
        expect(page.locator("#welcome .welcome")).to_be_visible()


def test_a_notice_does_not_cover_the_newest_question(browser: Browser) -> None:
    with serving(Newsroom(notices=("The archive is being rebuilt.",))) as address, opened(browser, address, 1280, 420) as page:
        expect(page.locator(".notice")).to_contain_text("being rebuilt")
        for _ in range(2):
            answered(page)
        question = page.locator("#current .asked")
        expect(question).to_be_in_viewport()
        on_top = "e => { const r = e.getBoundingClientRect(); return e === document.elementFromPoint(r.x + 5, r.y + 5); }"
        eventually(lambda: question.evaluate(on_top))


def test_on_paper_there_is_the_conversation_with_its_quotes_alone(browser: Browser) -> None:
    with serving(Newsroom()) as address, opened(browser, address) as page:
        answered(page)
        page.emulate_media(media="print")
        expect(page.locator("#current .answer")).to_be_visible()
        expect(page.locator("#current .inline q").last).to_contain_text(ACCOUNTS.text[:40])
        expect(page.locator("#current .inline q").last).to_be_visible()
        for hidden in ("#ask", "#rail", "#current .deeds", "#reading"):
            expect(page.locator(hidden)).to_be_hidden()
