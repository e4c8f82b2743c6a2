"""How much there is to read, before it is read."""

from __future__ import annotations

from pathlib import Path

from ingest.files import FoundFile
from ingest.load import Refusal
from ingest.progress import estimate_articles


def test_a_line_or_a_file_is_an_article(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n{}\n{}")
    (tmp_path / "b.csv").write_text("text\nwords\n")
    (tmp_path / "c.txt").write_text("words\nwords\n")
    (tmp_path / "d.jsonl").write_text("")
    files = [FoundFile(path) for path in sorted(tmp_path.iterdir())]
    assert [estimate_articles([file]) for file in files] == [3, 2, 1, 1]
    assert estimate_articles(files) == 7
    assert estimate_articles([FoundFile(tmp_path / "gone.jsonl"), FoundFile(tmp_path / "a.jsonl", Refusal("failed", "no"))]) == 2
