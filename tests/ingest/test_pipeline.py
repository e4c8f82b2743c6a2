"""Whole runs on real files, the real catalog and the real indexes, with a small embedder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ingest.pipeline import Report, ingest
from rag.archive import Archive, open_catalog
from rag.errors import FingerprintMismatch, InputError, StorageError, UsageError
from rag.settings import load_settings
from rag.types import Filters, Vectors
from tests.fakes import HashEmbedder

Run = Callable[..., Report]


class FailingEmbedder(HashEmbedder):
    """Fails on every batch that holds a marked text, as a model does that runs out of memory."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        if any("MARKED" in text for text in texts):
            raise RuntimeError("out of memory\nwith details")
        return super().embed_documents(texts)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def run(archive: Path) -> Run:
    def go(*paths: Path, embedder: HashEmbedder | None = None, **options: object) -> Report:
        settings = load_settings(index=archive, chunk_tokens=options.pop("chunk_tokens", None))
        return ingest([str(path) for path in paths], archive, settings, embedder=embedder or HashEmbedder(), **options)  # type: ignore[arg-type]

    return go


def news(folder: Path, count: int, words: str = "The mayor opened bridge {n} on Monday.") -> Path:
    path = folder / "news.jsonl"
    path.write_text(
        "".join(json.dumps({"id": f"n{n}", "title": f"Title {n}", "text": words.format(n=n)}) + "\n" for n in range(count))
    )
    return path


def test_the_report_says_what_became_of_every_file_in_order(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("date 2025-08-04 ISLAMABAD: The two ministers spoke on the phone.")
    (folder / "b.jsonl").write_text('{"text": "Words of one.", "date": "03/04/2025", "outlet": "AP"}\n{broken\n')
    (folder / "c.pdf").write_bytes(b"%PDF-1.7")
    (folder / "d.txt").write_text(" \n ")
    report = run(folder, outlet="Dawn")
    assert [(Path(each.path).name, each.line, each.outcome) for each in report.articles] == [
        ("a.txt", None, "stored"),
        ("b.jsonl", 1, "stored"),
        ("b.jsonl", 2, "failed"),
        ("c.pdf", None, "failed"),
        ("d.txt", None, "skipped"),
    ]
    assert (report.stored, report.failed, report.skipped, report.interrupted) == (2, 2, 1, False)
    first, second = report.articles[:2]
    assert (first.published, first.published_from, first.outlet) == (date(2025, 8, 4), "dateline", "Dawn")
    assert (second.published, second.outlet, "03/04/2025" in str(second.reason)) == (None, "AP", True)


def test_what_is_stored_is_whole_and_found_and_a_second_run_changes_nothing(run: Run, tmp_path: Path, archive: Path) -> None:
    path = news(tmp_path, 30, "The mayor opened bridge {n} on Monday. " + "It cost a lot of money, and nobody was there. " * 40)
    first = run(path)
    assert (first.stored, first.unchanged) == (30, 0)
    with Archive.open(archive) as opened:
        before = opened.catalog.sequence
        counts = opened.catalog.counts()
        assert opened.dense is not None
        assert opened.dense.count() == opened.lexical.count() == counts.chunks > 60
        best = opened.lexical.search("bridge 17", 1, Filters())[0].chunk_id
        chunk = opened.catalog.chunks([best])[best]
        article = opened.catalog.article("n17")
        assert article is not None
        assert chunk.text == article.text[chunk.start : chunk.end]
    again = run(path)
    assert (again.stored, again.unchanged) == (0, 30)
    with open_catalog(archive) as catalog:
        assert catalog.sequence == before
        assert [each.state for each in catalog.ingests(5)] == ["done", "done"]


def test_a_changed_text_replaces_and_the_old_one_is_a_version(run: Run, tmp_path: Path, archive: Path) -> None:
    run(news(tmp_path, 3))
    report = run(news(tmp_path, 3, "The mayor closed bridge {n} on Friday."))
    assert (report.replaced, report.stored) == (3, 0)
    with Archive.open(archive) as opened:
        assert [version.text for version in opened.catalog.versions("n1")] == [
            "The mayor opened bridge 1 on Monday.",
            "The mayor closed bridge 1 on Friday.",
        ]
        assert opened.lexical.search("opened", 5, Filters()) == []


def test_two_texts_with_one_id_in_one_run(run: Run, tmp_path: Path, archive: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"id": "x", "text": "The first words."}, {"id": "x", "text": "The later words."}]))
    report = run(path)
    assert [each.outcome for each in report.articles] == ["stored", "skipped"]
    assert "line 1" in str(report.articles[1].reason)
    again = run(path)
    assert [each.outcome for each in again.articles] == ["unchanged", "skipped"]
    with open_catalog(archive) as catalog:
        article = catalog.article("x")
        assert article is not None
        assert article.text == "The first words."
        assert catalog.counts().versions == 1


def test_what_the_model_fails_on_is_reported_and_taken_up_again(run: Run, tmp_path: Path, archive: Path) -> None:
    path = tmp_path / "a.jsonl"
    texts = ["One bridge.", "MARKED bridge.", "Three bridges."]
    path.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))
    report = run(path, embedder=FailingEmbedder())
    assert [each.outcome for each in report.articles] == ["stored", "failed", "stored"]
    assert "out of memory)" in str(report.articles[1].reason)
    with open_catalog(archive) as catalog:
        assert [failure.line for failure in catalog.ingests(1)[0].failures] == [2]
    again = run(path)
    assert [each.outcome for each in again.articles] == ["unchanged", "stored", "unchanged"]


def test_another_chunk_size_or_model_is_refused_with_the_command_that_helps(run: Run, tmp_path: Path) -> None:
    path = news(tmp_path, 1)
    run(path)
    with pytest.raises(FingerprintMismatch, match="dateline rebuild"):
        run(path, chunk_tokens=100)
    with pytest.raises(FingerprintMismatch, match="dateline rebuild"):
        run(path, embedder=HashEmbedder(16))


def test_errors_come_before_anything_is_made(run: Run, tmp_path: Path, archive: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        run(tmp_path / "missing")
    with pytest.raises(InputError, match="no path given"):
        run()
    path = news(tmp_path, 1)
    with pytest.raises(UsageError, match="CHUNK_OVERLAP"):
        ingest([str(path)], archive, load_settings(chunk_tokens=100, chunk_overlap=60), embedder=HashEmbedder())
    assert not archive.exists()
    archive.write_text("a file")
    with pytest.raises(StorageError, match="is a file"):
        run(path)


def test_an_archive_in_use_gets_the_articles_and_its_owner_follows(run: Run, tmp_path: Path, archive: Path) -> None:
    run(news(tmp_path, 2))
    with Archive.open(archive) as owner:
        report = run(news(tmp_path, 5))
        assert report.stored == 3
        assert f"process {os.getpid()}" in report.notices[0]
        assert owner.lexical.count() == 2
        owner.follow()
        assert owner.lexical.count() == 5


def test_prune_forgets_what_is_gone_and_nothing_else(run: Run, tmp_path: Path, archive: Path) -> None:
    folder, other = tmp_path / "in", tmp_path / "other"
    for each in (folder, other):
        each.mkdir()
        (each / "same.txt").write_text(f"Words that stay in {each.name}.")
    (folder / "gone.txt").write_text("Words that go.")
    (folder / "old name.txt").write_text("Words that move.")
    (folder / "broken.json").write_text('{"text": "Words of a file that breaks."}')
    news(folder, 3)
    run(folder, other)
    (folder / "gone.txt").unlink()
    (folder / "old name.txt").rename(folder / "new name.txt")
    (folder / "broken.json").write_text("{")
    news(folder, 2)
    assert run(folder).removed == 0
    report = run(folder, prune=True)
    removed = [(Path(each.path).name, str(each.article_id)[:4]) for each in report.articles if each.outcome == "removed"]
    assert sorted(removed) == [("gone.txt", "gone"), ("news.jsonl", "n2")]
    with Archive.open(archive) as opened:
        assert opened.catalog.counts().articles == opened.lexical.count() == 6


def test_prune_of_an_empty_folder_forgets_nothing(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    news(folder, 2)
    run(folder)
    (folder / "news.jsonl").unlink()
    assert run(folder, prune=True).removed == 0


def test_progress_counts_what_is_done(run: Run, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    run(news(tmp_path, 3), progress=lambda done, whole: seen.append((done, whole)))
    assert seen[0] == (0, 3)
    assert seen[-1] == (3, 3)


def test_an_article_longer_than_a_batch_is_stored_whole(run: Run, tmp_path: Path, archive: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("a" * 600_000)
    assert run(path).stored == 1
    with open_catalog(archive) as catalog:
        assert catalog.counts().chunks > 256


CHILD = """
import sys, time
from pathlib import Path
from ingest.pipeline import ingest
from rag.interrupt import finish_batch
from rag.settings import Settings
from tests.fakes import HashEmbedder
class Slow(HashEmbedder):
    def embed_documents(self, texts):
        print("batch", flush=True)
        time.sleep(0.3)
        return super().embed_documents(texts)
path, archive = sys.argv[1:]
with finish_batch():
    report = ingest([path], Path(archive), Settings(), embedder=Slow())
    print("report", report.stored, report.interrupted, flush=True)
"""


def start(path: Path, archive: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(archive)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for _ in range(3):
        assert child.stdout.readline() == "batch\n"
    return child


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_after_the_batch_with_a_report(
    run: Run, tmp_path: Path, archive: Path, number: signal.Signals
) -> None:
    path = news(tmp_path, 1_200)
    child = start(path, archive)
    child.send_signal(number)
    out, _ = child.communicate(timeout=60)
    stored = int(out.split("report ")[1].split()[0])
    assert 512 <= stored < 1_200
    assert "True" in out
    with open_catalog(archive) as catalog:
        assert catalog.counts().articles == stored
        assert catalog.ingests(1)[0].state == "interrupted"
    again = run(path)
    assert (again.unchanged, again.stored) == (stored, 1_200 - stored)


@pytest.mark.slow
def test_a_killed_run_loses_nothing_acknowledged_and_the_next_completes_it(run: Run, tmp_path: Path, archive: Path) -> None:
    path = news(tmp_path, 900)
    child = start(path, archive)
    child.kill()
    child.communicate(timeout=60)
    with open_catalog(archive) as catalog:
        kept = catalog.counts().articles
        assert kept >= 256
        assert catalog.ingests(1)[0].state == "running"
    again = run(path)
    assert (again.unchanged, again.stored) == (kept, 900 - kept)
    with Archive.open(archive) as opened:
        assert opened.dense is not None, (again.notices, opened.notices)
        assert opened.catalog.counts().chunks == opened.lexical.count() == opened.dense.count() == 900


def test_a_run_mends_the_indexes_of_a_large_archive(
    run: Run, tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.archive.archive.MADE_BY_ITSELF", 0)
    path = news(tmp_path, 20)
    run(path)
    next(archive.glob("generations/*/chroma/chroma.sqlite3")).write_bytes(b"not a database")
    again = run(path)
    assert again.unchanged == 20
    assert any("has been made anew" in notice for notice in again.notices)
    with Archive.open(archive) as opened:
        assert opened.dense is not None
        assert opened.dense.count() == 20
        assert opened.notices == ()


def test_a_signal_within_a_long_article_drops_it_alone(run: Run, tmp_path: Path, archive: Path) -> None:
    class Stopping(HashEmbedder):
        def embed_documents(self, texts: Sequence[str]) -> Vectors:
            signal.raise_signal(signal.SIGTERM)
            return np.asarray(super().embed_documents(texts), np.float32)

    (tmp_path / "long.txt").write_text("a" * 600_000)
    received: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: received.append(number))
    try:
        report = run(tmp_path / "long.txt", embedder=Stopping())
    finally:
        signal.signal(signal.SIGTERM, before)
    assert received == [signal.SIGTERM]
    assert (report.articles, report.interrupted) == ((), True)
    with open_catalog(archive) as catalog:
        assert catalog.counts().articles == 0
