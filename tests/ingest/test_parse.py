"""Parsing in other processes: the same articles in the same order, and a file that kills its parser costs itself alone."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

import ingest.parse as module
from ingest.article import AssembledArticle
from ingest.files import FoundFile, find_files
from ingest.load import Refusal
from ingest.parse import parse_all

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def folder(path: Path, count: int) -> list[FoundFile]:
    path.mkdir()
    for number in range(count):
        (path / f"{number:03}.txt").write_text(f"The mayor opened bridge {number} in the town on Monday.")
    return [FoundFile(file) for file in sorted(path.iterdir())]


def said(files: list[FoundFile]) -> list[tuple[str, str | None]]:
    """The name of each file with what it gave, None at its end."""
    found = []
    for file, item in parse_all(iter(files), "Dawn", NOW):
        found.append((file.name, item.article.text if isinstance(item, AssembledArticle) else item.reason if item else None))
    return found


def test_other_processes_give_what_this_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = folder(tmp_path / "in", 9)
    lines = [json.dumps({"text": f"Words number {n}."}) for n in range(50)]
    (tmp_path / "in" / "news.jsonl").write_text("\n".join([*lines, "{"]))
    files = [*files[:4], FoundFile(tmp_path / "in" / "news.jsonl"), *files[4:], FoundFile(tmp_path / "gone.txt")]
    here = said(files)
    monkeypatch.setattr(module, "FILES_WORTH", 3)
    assert said(files) == here
    assert [reason for name, reason in here if name == "gone.txt"] == ["it cannot be read: No such file or directory", None]


@pytest.mark.parametrize("many", [True, False], ids=["many files", "one large file"])
def test_a_relative_path_is_read_where_the_user_stands(many: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes read in another directory, which has a README.md of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "README.md").write_text("The ferry to Holm sails at noon on Monday.")
    if many:
        for number in range(module.FILES_WORTH):
            (tmp_path / "in" / f"{number:03}.txt").write_text(f"Warden {number} was elected in the parish on Friday.")
    else:
        line = json.dumps({"text": "The parish elected a warden on Friday. " * 500})
        (tmp_path / "in" / "news.jsonl").write_text("\n".join([line] * (module.BYTES_WORTH // len(line) + 1)))
    files = list(find_files(["in", "README.md"]))
    found = said(files)
    assert not [item for item in parse_all(iter(files), None, NOW) if isinstance(item[1], Refusal)]
    assert [file.shown for file in (files[0], files[-1])] == ["in/000.txt" if many else "in/news.jsonl", "README.md"]
    assert found[-2] == ("README.md", "The ferry to Holm sails at noon on Monday.")


def test_a_file_that_ends_its_parser_is_reported_and_the_others_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = folder(tmp_path / "in", 8)
    monkeypatch.setattr(module, "FILES_WORTH", 3)
    sick = module._Parsers(None, NOW)
    read = []
    for file, found in sick.parse(iter(files)):
        if file.name == "002.txt" and found is None:
            process = sick._parsers[0]._process
            assert process
            process.send_signal(signal.SIGSEGV)
            process.wait()
        read.append((file.name, found))
    lost = [found for _, found in read if isinstance(found, Refusal)]
    assert len(lost) <= 1
    assert all("SIGSEGV" in found.reason for found in lost)
    assert [name for name, found in read if found is None] == [file.name for file in files]
    assert sum(isinstance(found, AssembledArticle) for _, found in read) == len(files) - len(lost)


def test_a_parser_that_says_nothing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = folder(tmp_path / "in", 3)
    monkeypatch.setattr(module, "FILES_WORTH", 2)
    monkeypatch.setattr(module, "SECONDS", 0.0)
    found = [item for _, item in parse_all(iter(files), None, NOW) if item]
    assert all(isinstance(item, Refusal) and "took longer" in item.reason for item in found)
    assert len(found) == len(files)


def test_who_stops_early_leaves_no_process_behind(tmp_path: Path) -> None:
    files = folder(tmp_path / "in", 6)
    parsers = module._Parsers(None, NOW)
    coming = parsers.parse(iter(files))
    next(coming)
    process = parsers._parsers[0]._process
    coming.close()  # type: ignore[attr-defined]
    assert process
    assert process.poll() is not None
