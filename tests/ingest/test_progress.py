"""How much there is to read, before it is read."""

from __future__ import annotations

from pathlib import Path

from ingest.files import Found
from ingest.load import Refused
from ingest.progress import expected


def test_a_line_or_a_file_is_an_article(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n{}\n{}")
    (tmp_path / "b.csv").write_text("text\nwords\n")
    (tmp_path / "c.txt").write_text("words\nwords\n")
    (tmp_path / "d.jsonl").write_text("")
    files = [Found(path) for path in sorted(tmp_path.iterdir())]
    assert [expected([file]) for file in files] == [3, 2, 1, 1]
    assert expected(files) == 7
    assert expected([Found(tmp_path / "gone.jsonl"), Found(tmp_path / "a.jsonl", Refused("failed", "no"))]) == 2
