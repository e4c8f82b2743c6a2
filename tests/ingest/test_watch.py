"""Looking at sources again and again, and what a run leaves behind for the next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from ingest.preview import preview
from ingest.report import Report
from ingest.watch import Watch
from rag.archive import open_catalog, status
from rag.errors import InputError, UsageError
from rag.settings import Settings, load_settings
from tests.fakes import HashEmbedder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(index=tmp_path / "archive")


class Looks:
    def __init__(self) -> None:
        self.seen: list[tuple[str, int | None, str | None]] = []

    def __call__(self, source: str, report: Report | None, error: str | None) -> None:
        self.seen.append((Path(source).name, report.stored + report.replaced if report else None, error))


def watch(sources: Sequence[Path], settings: Settings, looks: Looks, rounds: int = 1) -> Watch:
    watching = Watch([str(one) for one in sources], settings.index, settings, HashEmbedder(), every=1, looked=looks)
    watching.run(rounds)
    return watching


def article(path: Path, words: str = "The mayor opened a bridge.") -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(words)


def test_only_what_is_new_is_read(tmp_path: Path, settings: Settings) -> None:
    looks = Looks()
    article(tmp_path / "in" / "a.txt")
    watching = watch([tmp_path / "in"], settings, looks)
    watching.run(1)
    article(tmp_path / "in" / "b.txt", "Another bridge was opened.")
    watching.run(1)
    article(tmp_path / "in" / "a.txt", "The mayor opened two bridges in the end.")
    watching.run(1)
    assert looks.seen == [("in", 1, None), ("in", None, None), ("in", 1, None), ("in", 1, None)]


def test_a_source_that_fails_stops_no_other_and_is_asked_less_often(tmp_path: Path, settings: Settings) -> None:
    looks = Looks()
    article(tmp_path / "good" / "a.txt")
    article(tmp_path / "bad" / "a.txt")
    watching = Watch(
        [str(tmp_path / "bad"), str(tmp_path / "good")], settings.index, settings, HashEmbedder(), every=60, looked=looks
    )
    (tmp_path / "bad").rename(tmp_path / "moved")
    watching.run(1)
    watching.run(1)
    assert [error is None for _, _, error in looks.seen] == [False, True, False, True]
    bad, good = status(settings.index).watched
    assert (bad.failures, bad.succeeded, good.failures) == (2, None, 0)
    assert bad.next_try
    assert good.next_try
    assert (bad.next_try - bad.tried).total_seconds() == 240
    assert (good.next_try - good.tried).total_seconds() == 60
    assert bad.error
    assert "no such file" in bad.error


def test_what_failed_in_a_folder_named_by_a_relative_path_is_read_again(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    looks = Looks()
    article(tmp_path / "in" / "broken.json", "{")
    watching = watch([Path("in")], settings, looks)
    watching.run(1)
    assert looks.seen == [("in", 0, None), ("in", 0, None)]


def test_a_watch_begins_with_sources_that_are_there(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(InputError, match="gone"):
        Watch([str(tmp_path / "gone")], settings.index, settings, HashEmbedder())
    with pytest.raises(UsageError, match="once a second"):
        Watch([str(tmp_path)], settings.index, settings, HashEmbedder(), every=0.1)


def test_what_failed_is_kept_until_it_is_read(tmp_path: Path, settings: Settings) -> None:
    lines = tmp_path / "in" / "news.jsonl"
    article(lines, '{"text": "The mayor opened a bridge."}\n{"title": "no text"}\n')
    article(tmp_path / "in" / "broken.json", "{")
    run = [str(tmp_path / "in")]
    ingest(run, settings.index, settings, embedder=HashEmbedder())
    ingest(run, settings.index, settings, embedder=HashEmbedder())
    found = status(settings.index)
    assert [(Path(letter.path).name, letter.line, letter.tries) for letter in found.dead_letters] == [
        ("broken.json", None, 2),
        ("news.jsonl", 2, 2),
    ]
    article(lines, '{"text": "The mayor opened a bridge."}\n')
    ingest([str(lines)], settings.index, settings, embedder=HashEmbedder())
    assert status(settings.index).failed == 1


def test_a_preview_stores_nothing_and_says_what_would_be(tmp_path: Path, settings: Settings) -> None:
    article(tmp_path / "in" / "2025-08-04 bridge.txt")
    article(tmp_path / "in" / "empty.txt", " ")
    paths = [str(tmp_path / "in")]
    report = preview(paths, settings.index, settings)
    assert (report.dry_run, report.stored, report.skipped) == (True, 1, 1)
    assert (report.articles[0].published_from, report.articles[0].published_confidence) == ("file name", 0.7)
    assert not settings.index.exists()
    ingest(paths, settings.index, settings, embedder=HashEmbedder())
    again = preview(paths, settings.index, settings)
    assert (again.stored, again.unchanged) == (0, 1)
    with open_catalog(settings.index) as catalog:
        assert len(catalog.ingests(5)) == 1
