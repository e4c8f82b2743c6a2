"""Pages in a run: what a feed summarises, what has not changed, and what could not be had."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.fetch import Fetched, FetchFailed, FetchRefused, Unchanged
from ingest.pages import Pages
from ingest.pipeline import Report, ingest
from rag.archive import open_catalog, status
from rag.catalog import Page
from rag.settings import Settings, load_settings
from tests.fakes import HashEmbedder

FEED = "https://news.example/feed.jsonl"
STORY = "https://news.example/2025/08/04/bridge"


class Web:
    """Pages by address, each with its state; what is not there fails. Stands in for a fetcher."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages: dict[str, str] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.closed = 0

    def __call__(self) -> Web:
        return self

    def fetch(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Fetched | Unchanged:
        self.asked.append((url, etag))
        assert last_modified is None
        if url.startswith("http://127"):
            raise FetchRefused(f"{url}: not a public address")
        if (text := self.pages.get(url)) is None:
            raise FetchFailed(f"{url}: the server says 503", retry_after=40.0)
        state = f'"{hash(text)}"'
        if etag == state:
            return Unchanged(url)
        body = self.folder / f"body-{len(self.asked)}{Path(url).suffix or '.txt'}"
        body.write_text(text)
        return Fetched(url, body, "text/plain", "utf-8", state, None)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def web(tmp_path: Path) -> Web:
    (tmp_path / "web").mkdir()
    return Web(tmp_path / "web")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(index=tmp_path / "archive")


@pytest.fixture
def run(settings: Settings, web: Web) -> Callable[..., Report]:
    return lambda *given: ingest(given, settings.index, settings, embedder=HashEmbedder(), connect=web)  # type: ignore[arg-type]


def test_an_unchanged_page_is_asked_for_once_more_and_not_read(run: Callable[..., Report], web: Web) -> None:
    web.pages[STORY] = "The mayor opened a bridge on Monday."
    first = run(STORY)
    again = run(STORY)
    assert (first.stored, again.unchanged) == (1, 1)
    assert (first.articles[0].published_from, again.articles[0].article_id) == ("URL", first.articles[0].article_id)
    assert [etag is None for _, etag in web.asked] == [True, False]
    web.pages[STORY] += " It was late."
    assert run(STORY).replaced == 1
    assert web.closed == 3


def test_a_forgotten_page_is_fetched_anew(run: Callable[..., Report], web: Web, settings: Settings) -> None:
    web.pages[STORY] = "The mayor opened a bridge on Monday."
    run(STORY)
    with open_catalog(settings.index) as catalog:
        assert catalog.forget(str(run(STORY).articles[0].article_id))
        assert catalog.sources.page(STORY) is None
    assert run(STORY).stored == 1


def test_what_cannot_be_had_is_a_dead_letter_until_it_can(run: Callable[..., Report], web: Web, settings: Settings) -> None:
    report = run(STORY, "http://127.0.0.1/admin")
    assert [outcome.reason for outcome in report.articles] == [
        f"{STORY}: the server says 503",
        "http://127.0.0.1/admin: not a public address",
    ]
    assert report.waits == {STORY: 40.0}
    assert {letter.path for letter in status(settings.index).dead_letters} == {STORY, "http://127.0.0.1/admin"}
    web.pages[STORY] = "The mayor opened a bridge on Monday."
    run(STORY)
    assert {letter.path for letter in status(settings.index).dead_letters} == {"http://127.0.0.1/admin"}


def test_files_alone_connect_to_nothing(run: Callable[..., Report], web: Web, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The mayor opened a bridge.")
    assert run(str(tmp_path / "a.txt")).stored == 1
    assert (web.asked, web.closed) == ([], 0)


def test_a_page_is_seen_when_it_is_stored_or_fetched(web: Web) -> None:
    web.pages[STORY] = "Words."
    with Pages({FEED: Page(FEED, None, None)}.get, web) as pages:  # type: ignore[arg-type]
        assert pages.seen(FEED)
        assert not pages.seen(STORY)
        assert pages.found(STORY).address == STORY
        assert pages.seen(STORY)
        pages.ask_again(STORY)
        assert pages.states() == []
