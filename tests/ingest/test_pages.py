"""Pages in a run: what a feed summarises, what has not changed, and what could not be had."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.fetch import FetchedPage, Fetcher, FetchFailed, FetchRefused, Limits, Unchanged
from ingest.pages import Pages
from ingest.pipeline import Report, ingest
from rag.archive import open_catalog, status
from rag.catalog import Page
from rag.settings import Settings, load_settings
from tests.fakes import HashEmbedder
from tests.ingest.web import Names, only_test_server, serving

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

    def fetch(self, url: str, etag: str | None = None, last_modified: str | None = None) -> FetchedPage | Unchanged:
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
        return FetchedPage(url, body, "text/plain", "utf-8", state, None)

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
        assert pages.is_seen(FEED)
        assert not pages.is_seen(STORY)
        assert pages.fetch_page(STORY).address == STORY
        assert pages.is_seen(STORY)
        pages.ask_again(STORY)
        assert pages.states() == []


PARAGRAPH = "<p>The council of the harbour town met and spoke about the new bridge and what it will cost the town in the end.</p>"


def test_a_feed_is_followed_to_its_pages_by_a_real_fetcher(settings: Settings) -> None:
    def connect() -> Fetcher:
        return Fetcher(Names({"news.example": [["127.0.0.1"]]}), limits=Limits(between=0.0), allow=only_test_server)

    def run(url: str, **given: bool) -> Report:
        return ingest([url], settings.index, settings, embedder=HashEmbedder(), connect=connect, **given)  # type: ignore[arg-type]

    with serving() as site:
        items = "".join(f"<item><title>{n}</title><link>{site.url(f'/2025/08/0{n}/story')}</link></item>" for n in (1, 2, 3))
        feed = f"<rss><channel><title>The Gazette</title>{items}</channel></rss>".encode()
        site.pages["/feed"] = lambda request: request.give(
            feed, "application/rss+xml", 304 if request.headers["If-None-Match"] == '"1"' else 200, ETag='"1"'
        )
        for n in (1, 2):
            site.pages[f"/2025/08/0{n}/story"] = f"<html><title>Story {n}</title><body>{PARAGRAPH * 3}{n}</body></html>".encode()
        first = run(site.url("/feed"))
        stored = [(one.title, one.outlet, one.published_from) for one in first.articles]
        assert stored == [("Story 1", "The Gazette", "URL"), ("Story 2", "The Gazette", "URL"), ("3", "The Gazette", "URL")]
        assert "the feed's summary alone: " in str(first.articles[2].reason)
        site.asked.clear()
        again = run(site.url("/feed"))
        assert (again.stored, again.replaced, again.failed) == (0, 0, 0)
        assert site.paths() == [
            "/feed",
            "/2025/08/03/story",
        ]  # the page that was not there is asked for again, the others are known
        site.pages["/2025/08/03/story"] = f"<html><title>Story 3</title><body>{PARAGRAPH * 3}</body></html>".encode()
        assert run(site.url("/feed")).replaced == 1
        site.asked.clear()
        assert run(site.url("/feed")).unchanged == 1
        assert site.paths() == ["/feed"]


def test_a_feed_is_not_followed_unless_it_was_fetched_or_it_is_asked_for(web: Web, settings: Settings, tmp_path: Path) -> None:
    feed = tmp_path / "feed.rss"
    feed.write_text(f"<rss><channel><item><title>Short</title><link>{STORY}</link></item></channel></rss>")
    web.pages[STORY] = "The mayor opened a bridge on Monday."
    first = ingest([str(feed)], settings.index, settings, embedder=HashEmbedder(), connect=web)  # type: ignore[arg-type]
    assert (first.stored, web.asked) == (1, [])
    second = ingest([str(feed)], settings.index, settings, embedder=HashEmbedder(), connect=web, links=True)  # type: ignore[arg-type]
    assert (second.replaced, len(web.asked)) == (1, 1)
