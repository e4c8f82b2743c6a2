"""Adding articles in a real browser, from an empty archive to the first answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.pipeline import Rag
from tests.ui.newsroom import Newsroom
from tests.ui.own_archive import own_archive
from tests.ui.proxy import passing_on
from tests.ui.serving import serving, serving_rag
from tests.ui.test_browser import ask, browser, opened, pytestmark
from ui.web.limits import Limits
from ui.web.users import Users

__all__ = ["browser", "pytestmark"]
BRIDGE = (
    "The bridge over the Sool closed on Monday.\n\nEngineers found a crack in its third pier, and traffic goes by Kettle Ford."
)


@pytest.fixture
def rag(tmp_path: Path) -> Iterator[Rag]:
    with own_archive(tmp_path / "archive") as opened:
        yield opened


def dropped(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def look(page: Page, *files: Path) -> None:
    page.locator("#files input[type=file]").set_input_files(list(files))
    expect(page.locator("#files")).to_contain_text(files[0].name.split(".")[0])
    page.get_by_role("button", name="See what would be stored").click()


def test_from_an_empty_archive_to_the_first_answer(browser: Browser, rag: Rag, tmp_path: Path) -> None:
    with serving_rag(rag) as address, opened(browser, address) as page:
        page.get_by_role("link", name="Add articles").click()
        look(page, dropped(tmp_path, "2025-08-04-bridge.txt", BRIDGE), dropped(tmp_path, "figures.xlsx", "PK"))
        told = page.locator("#told")
        expect(told.get_by_role("status")).to_contain_text("1 would be stored, 1 left out")
        expect(told.locator(".taken tbody tr")).to_contain_text("4 August 2025")
        expect(told.locator(".taken tbody tr")).to_contain_text("the file’s name")
        expect(told.locator(".refused")).to_contain_text("the format .xlsx is not read")
        assert rag.archive.catalog.counts().articles == 0
        page.get_by_role("button", name="Store 1 article", exact=True).click()
        expect(told.get_by_role("status")).to_contain_text("1 stored")
        expect(page.locator("#masthead")).to_contain_text("1 article")
        told.get_by_role("link", name="Ask the archive").click()
        expect(page.get_by_label("Your question")).to_be_visible()
        ask(page, "What did the engineers find?")
        expect(page.locator("#current .answer")).to_contain_text("third pier")


def test_wrong_addresses_are_told_and_what_was_given_stays(browser: Browser, rag: Rag) -> None:
    with serving_rag(rag) as address, opened(browser, address) as page:
        page.get_by_role("link", name="Add", exact=True).click()
        page.get_by_label("Addresses of pages").fill("/etc/passwd")
        page.get_by_role("button", name="See what would be stored").click()
        expect(page.locator("#told [role=alert]")).to_contain_text("'/etc/passwd' is no address")
        expect(page.get_by_label("Addresses of pages")).to_have_value("/etc/passwd")
        page.get_by_label("Addresses of pages").fill("http://127.0.0.1:9/secret")
        page.get_by_role("button", name="See what would be stored").click()
        expect(page.locator("#told .refused")).to_contain_text("127.0.0.1")
        expect(page.locator("#store")).to_be_hidden()


def test_a_file_that_is_too_large_is_told(browser: Browser, rag: Rag, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    with serving_rag(rag, limits=Limits(upload_bytes=1000)) as address:
        page.goto(f"{address}/#adding")
        expect(page.get_by_role("button", name="See what would be stored")).to_be_visible()
        page.locator("#files input[type=file]").set_input_files([dropped(tmp_path, "long.txt", BRIDGE * 20)])
        expect(page.get_by_text("maximum allowed size")).to_be_visible()
    context.close()


def test_a_reader_is_not_led_there(browser: Browser) -> None:
    users, token = Users(()).and_shared("reader")
    with serving(Newsroom(), users=users) as address, opened(browser, f"{address}/dateline/enter?token={token}") as page:
        expect(page.get_by_role("link", name="Library")).to_be_visible()
        expect(page.get_by_role("link", name="Add")).to_have_count(0)
        ask(page, "What did the strike cost?")
        expect(page.locator("#current .facts")).to_be_visible()


def test_a_token_is_typed_where_there_is_no_link(browser: Browser) -> None:
    users, token = Users(()).and_shared("editor")
    with serving(Newsroom(), users=users) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        page.get_by_label("The token").fill("not-this-one")
        page.get_by_role("button", name="Enter").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("The token").fill(token)
        page.get_by_role("button", name="Enter").click()
        expect(page.get_by_role("link", name="Add", exact=True)).to_be_visible()
        context.close()


@pytest.mark.parametrize("stripped", [False, True])
def test_the_page_works_below_a_path_of_a_proxy(browser: Browser, stripped: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_ROOT_PATH", "/archive")
    newsroom = Newsroom()
    with (
        serving(newsroom) as behind,
        passing_on(behind, "/archive", stripped=stripped) as address,
        opened(browser, f"{address}/") as page,
    ):
        ask(page, "What did the strike cost?")
        page.get_by_role("button", name="Source 1", exact=True).click()
        expect(page.locator("#source mark")).to_be_visible()
        page.get_by_role("link", name="Library").click()
        page.get_by_role("link", name="Strike halts").click()
        expect(page.locator(".whole .text")).to_be_visible()
        page.get_by_role("link", name="Ask").click()
        page.get_by_role("button", name="Link", exact=True).click()
        link = page.locator("#problem a")
        expect(link).to_have_text(re.compile(f"^{re.escape(address)}/dateline/answer/"))
        page.goto(link.inner_text())
        expect(page.get_by_text("As Dateline answered on")).to_be_visible()


def test_users_with_roles_work_below_a_path_of_a_proxy(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_ROOT_PATH", "/archive")
    newsroom = Newsroom()
    users, reads = Users(()).and_shared("reader")
    users, edits = users.and_shared("editor")
    with serving(newsroom, users=users) as behind, passing_on(behind, "/archive", stripped=True) as address:
        with opened(browser, f"{address}/dateline/enter?token={reads}") as page:
            ask(page, "What did the strike cost?")
            expect(page.locator("#current .facts")).to_be_visible()
            page.goto(f"{address}/dateline/library/ferry")
            expect(page.get_by_text("Delete this article")).to_have_count(0)
        with opened(browser, f"{address}/dateline/enter?token={edits}") as page:
            expect(page.locator("#welcome .welcome")).to_be_visible()  # nothing of what the reader asked
            page.goto(f"{address}/dateline/library/ferry")
            page.get_by_text("Delete this article").click()
            page.get_by_role("button", name="Delete for good").click()
            expect(page.get_by_role("status")).to_contain_text("is deleted with all its versions")
            expect(page).to_have_url(re.compile(f"^{re.escape(address)}/dateline/library"))
    assert newsroom.article("ferry") is None
