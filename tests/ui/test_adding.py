"""Articles added in the browser: what is refused, what would be stored, and what is."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from ingest.fetch import FetchedPage, FetchRefused
from ingest.pages import Connect
from ingest.report import Report
from rag.errors import UsageError
from rag.pipeline import Rag
from tests.ui.own_archive import own_archive
from tests.ui.serving import eventually
from ui.web.adding import Adding, Job
from ui.web.html import Fragments
from ui.web.limits import Limits

BRIDGE = (
    "The bridge over the Sool closed on Monday.\n\nEngineers found a crack in its third pier, and traffic goes by Kettle Ford."
)
LIMITS = Limits(upload_files=3, addresses=2)


@pytest.fixture
def rag(tmp_path: Path) -> Iterator[Rag]:
    with own_archive(tmp_path / "archive") as opened:
        yield opened


@pytest.fixture
def adding(rag: Rag) -> Adding:
    return Adding(rag, LIMITS, cast("Connect", Web))


class Web:
    """One page; every other address is forbidden. Stands in for a fetcher."""

    def fetch(self, url: str, *_: str | None) -> FetchedPage:
        if "10.0.0.1" in url:
            raise FetchRefused(f"{url}: 10.0.0.1 is not a public address")
        body = Path(self.folder) / "page.txt"
        body.write_text(BRIDGE)
        return FetchedPage(url, body, "text/plain", "utf-8", None, None)

    folder = ""

    def close(self) -> None:
        pass


def finished(jobs: AsyncGenerator[Job]) -> Job:
    async def follow() -> Job:
        async for job in jobs:
            last = job
        return last

    return asyncio.run(follow())


def dropped(folder: Path, name: str = "2025-08-04-bridge.txt", text: str = BRIDGE) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return str(folder / name)


@pytest.mark.parametrize(
    ("files", "addresses", "told"),
    [
        ([], " \n", "nothing is given yet"),
        ([], "/etc/passwd", "'/etc/passwd' is no address"),
        ([], "https://a.example/1\nhttps://a.example/2\nhttps://a.example/3", "there are 3 addresses; give at most 2"),
        (["a", "b", "c", "d"], "", "there are 4 files; give at most 3"),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is(adding: Adding, files: list[str], addresses: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        adding.check(files, addresses)


def test_an_address_given_twice_is_read_once(adding: Adding) -> None:
    assert adding.check(["a"], "https://a.example/ \n\nhttps://a.example/") == ("a", "https://a.example/")


def test_a_look_tells_what_would_be_stored_and_stores_nothing(adding: Adding, rag: Rag, tmp_path: Path) -> None:
    job = finished(adding.look([dropped(tmp_path / "sent")], "The Sool Mercury"))
    assert job.report
    (found,) = job.report.articles
    assert (found.outcome, found.outlet, str(found.published), found.published_from) == (
        "stored", "The Sool Mercury", "2025-08-04", "file name",
    )  # fmt: skip
    assert rag.archive.catalog.counts().articles == 0
    shown = Fragments().adding(job)
    for words in ("1 would be stored", "The Sool Mercury", "4 August 2025", "the file’s name"):
        assert words in shown


def test_what_is_stored_can_be_asked_about_and_its_file_is_kept(adding: Adding, rag: Rag, tmp_path: Path) -> None:
    sent = dropped(tmp_path / "sent")
    job = finished(adding.store([sent], ""))
    assert job.report
    assert job.report.stored == 1
    rag.archive.follow()
    assert rag.search("crack in the third pier")[0].chunk.source.id == job.report.articles[0].article_id
    Path(sent).unlink()
    kept = Path(job.report.articles[0].path)
    assert kept.read_text() == BRIDGE
    assert kept.is_relative_to(adding.folder)
    assert "archive" not in Fragments().adding(job).replace("Ask the archive", "")


def test_the_same_file_again_is_unchanged_and_another_of_its_name_is_another_article(
    adding: Adding, rag: Rag, tmp_path: Path
) -> None:
    finished(adding.store([dropped(tmp_path / "one", "article.txt")], ""))
    again = finished(adding.store([dropped(tmp_path / "two", "article.txt")], ""))
    other = finished(
        adding.store([dropped(tmp_path / "three", "article.txt", "Rain fell on Kettle Ford for the ninth day.")], "")
    )
    assert again.report
    assert other.report
    assert (again.report.unchanged, other.report.stored) == (1, 1)
    assert rag.archive.catalog.counts().articles == 2


def test_a_file_of_the_wrong_kind_is_told_and_thrown_away(adding: Adding, tmp_path: Path) -> None:
    job = finished(adding.store([dropped(tmp_path / "sent", "figures.xlsx"), dropped(tmp_path / "sent", "empty.txt", "")], ""))
    assert job.report
    assert [outcome.outcome for outcome in job.report.articles] == ["skipped", "skipped"]
    shown = Fragments().adding(job)
    assert "figures.xlsx" in shown
    assert "the format .xlsx is not read" in shown
    assert str(tmp_path) not in shown
    assert list(adding.folder.rglob("*")) == []


def test_a_forbidden_address_is_told_and_the_others_are_stored(
    adding: Adding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Web, "folder", str(tmp_path))
    job = finished(adding.store(["http://10.0.0.1/secret", "https://mercury.example/bridge"], ""))
    assert job.report
    assert [outcome.outcome for outcome in job.report.articles] == ["failed", "stored"]
    assert "not a public address" in Fragments().adding(job)


def test_what_failed_is_kept_and_read_again_once_it_is_mended(adding: Adding, rag: Rag, tmp_path: Path) -> None:
    job = finished(adding.store([dropped(tmp_path / "sent", "story.pdf", "%PDF-1.7 broken")], ""))
    assert job.report
    assert job.report.failed == 1
    kept = Path(job.report.articles[0].path)
    assert kept.exists()
    kept.write_text("A plain text after all: the bridge is open again.")
    kept.rename(kept.with_suffix(".txt"))
    again = finished(adding.retry())
    assert again.report
    assert [outcome.reason for outcome in again.report.articles] == ["there is no such file any more"]
    assert rag.archive.catalog.sources.dead_letters()
    kept.write_text("%PDF-1.7 still broken")
    again = finished(adding.retry())
    assert again.report
    assert again.report.failed == 1


def test_nothing_is_tried_again_where_nothing_failed(adding: Adding) -> None:
    with pytest.raises(UsageError, match="nothing failed before"):
        adding.retry()


def test_one_job_runs_at_a_time(adding: Adding, tmp_path: Path) -> None:
    sent = dropped(tmp_path / "sent")

    async def two() -> None:
        first = adding.look([sent], "")
        adding._job = Job("store", 3, 8)
        with pytest.raises(UsageError, match="being added already, 3 of 8"):
            await anext(first)
        adding._job = None
        async for job in adding.look([sent], ""):
            last = job
        assert last.report

    asyncio.run(two())


def test_a_job_that_is_stopped_ends_early_and_says_so(adding: Adding, tmp_path: Path) -> None:
    async def stopped() -> Job:
        async for job in adding.store([dropped(tmp_path / "sent")], ""):
            job.stop.set()
            last = job
        return last

    async def from_the_start() -> Job:
        jobs = adding._run(Job("store"), stopping(adding._ingest, tmp_path))
        async for job in jobs:
            last = job
        return last

    job = asyncio.run(from_the_start())
    assert job.report
    assert job.report.interrupted
    assert "Stopped early" in Fragments().adding(job)
    asyncio.run(stopped())


def stopping(ingest: Callable[..., Report], folder: Path) -> Callable[[Job], Report]:
    def work(job: Job) -> Report:
        job.stop.set()
        return ingest([dropped(folder / "sent")], job, "")

    return work


def test_a_server_that_ends_stops_the_job(adding: Adding) -> None:
    adding.close()
    adding._job = job = Job("store")
    adding.close()
    assert job.stop.is_set()


def test_an_archive_that_another_writes_to_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    sent = dropped(tmp_path / "sent")
    with own_archive(tmp_path / "archive", busy_timeout=0.2) as rag:
        adding = Adding(rag, LIMITS)
        writer = sqlite3.connect(tmp_path / "archive" / "catalog.sqlite3", isolation_level=None)
        writer.execute("begin immediate")
        job = finished(adding.store([sent], ""))
        assert job.error
        assert "Not added." in Fragments().adding(job)
        assert Path(sent).exists()
        writer.execute("rollback")
        writer.close()
        again = finished(adding.store([sent], ""))
        assert again.report
        assert again.report.stored == 1


def test_a_fault_is_told_without_its_insides(rag: Rag, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Web):
        def fetch(self, url: str, *_: str | None) -> FetchedPage:
            raise RuntimeError(f"secret of {url}")

    job = finished(Adding(rag, LIMITS, cast("Connect", Broken)).look(["https://a.example/"], ""))
    eventually(lambda: "secret" in caplog.text)
    assert "secret" not in Fragments().adding(job)
    assert job.error or (job.report and job.report.failed)
