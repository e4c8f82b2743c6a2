"""Every command from a directory that is not the project's, with relative paths."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.ui.conftest import Run, dateline_process

PROJECT = Path(__file__).parents[2]
MANY = 100


def parish(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.txt").write_text(f"The parish of Holm {number} elected a warden on Friday, the vicar said.")


@pytest.mark.slow
def test_a_hundred_files_are_ingested_by_a_process_of_its_own(tmp_path: Path) -> None:
    parish(tmp_path / "many", MANY)
    (tmp_path / "README.md").write_text("The ferry to Holm sails at noon on Monday, the harbour master said.")
    known = {**os.environ, "PYTHONPATH": str(PROJECT)}
    process = dateline_process("ingest", "many", "README.md", "--index", "archive", "--json", cwd=tmp_path, environment=known)
    out, err = process.communicate(timeout=300)
    report = json.loads(out)
    assert (process.returncode, report["stored"], report["failed"]) == (0, MANY + 1, 0), err
    assert [item["path"] for item in report["articles"]] == [*(f"many/{n:03}.txt" for n in range(MANY)), "README.md"]
    assert report["articles"][-1]["title"].startswith("The ferry to Holm")


@pytest.mark.slow
def test_every_command_takes_relative_paths(dateline: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_INDEX", "archive")
    parish(tmp_path / "many", 3)
    (tmp_path / "questions.jsonl").write_text(json.dumps({"id": "q", "question": "Who elected a warden?"}) + "\n")
    (tmp_path / "gold.jsonl").write_text(
        json.dumps({"id": "q", "question": "Who elected a warden?", "answers": ["Holm 1"]}) + "\n"
    )
    commands = [
        ["ingest", "many", "--dry-run"],
        ["ingest", "many"],
        ["ask", "--batch", "questions.jsonl", "--json"],
        ["search", "--batch", "questions.jsonl", "--json"],
        ["ask", "Who elected a warden?"],
        ["search", "warden"],
        ["eval", "gold.jsonl", "--report", "report"],
        ["eval", "gold.jsonl", "--report", "again", "--against", "report/run.json"],
        ["status"],
        ["doctor"],
        ["rebuild"],
        ["compact"],
        ["backup", "whole.tar"],
        ["restore", "whole.tar", "--index", "restored"],
        ["search", "warden", "--index", "restored"],
    ]
    for command in commands:
        done = dateline(*command)
        assert done.code == 0, (command, done.err)
    found = json.loads(dateline("search", "warden", "-k", "1", "--json").out)["hits"][0]["article_id"]
    assert dateline("show", found).code == 0
    assert dateline("forget", found).code == 0
    assert (tmp_path / "again" / "report.md").is_file()
