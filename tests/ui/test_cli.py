from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import ArchiveInUse, DatelineError, ModelError, UsageError
from tests.ui.conftest import Run
from ui.cli import ask as ask_module
from ui.cli.app import app
from ui.cli.output import exit_code, results

HEAVY = {"torch", "chromadb", "gradio", "sentence_transformers", "tantivy", "sqlalchemy", "numpy", "pydantic"}


def test_importing_the_program_imports_no_heavy_library() -> None:
    code = f"import sys, ui.cli; print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_lists_every_command(dateline: Run) -> None:
    done = dateline("--help")
    assert done.code == 0
    for command in app.registered_commands:
        assert f"\n  {command.name} " in done.out
    assert "..." not in done.out[done.out.index("Commands:") :]  # no line is cut short


def test_every_command_has_help(dateline: Run) -> None:
    for command in app.registered_commands:
        done = dateline(command.name, "--help")
        assert done.code == 0
        assert f"Usage: dateline {command.name}" in done.out


def test_version(dateline: Run) -> None:
    done = dateline("--version")
    assert (done.code, done.out.split()[0]) == (0, "dateline")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["ask", ""], "question"),
        (["ask", " \t\x00"], "question"),
        (["ask"], "question"),
        (["ask", "Who?", "--batch", "questions.jsonl"], "--batch"),
        (["ask", "Who?", "--since", "not-a-date"], "not-a-date"),
        (["ask", "Who?", "--since", "2025-02-30"], "2025-02-30"),
        (["ask", "Who?", "--until", "2025-13"], "2025-13"),
        (["ask", "Who?", "--as-of", "soon"], "soon"),
        (["ask", "Who?", "--max-risk", "1.5"], "max_risk is 1.5"),
        (["ask", "Who?", "--max-risk", "some"], "--max-risk"),
        (["ask", "Who?", "--since", "2025-08-05", "--until", "2025-08-04"], "2025-08-05"),
        (["ask", "w" * 30_000], "30,000"),
        (["search", "trade", "-k", "0"], "1 to 1000"),
        (["search", "trade", "-k", "-1"], "1 to 1000"),
        (["search", "trade", "-k", "1000000"], "1 to 1000"),
        (["search", "trade", "-k", "many"], "'-k'"),
        (["eval", "gold.jsonl", "--limit", "0"], "--limit"),
        (["eval", "gold.jsonl", "--max-risk", "2"], "DATELINE_MAX_RISK"),
        (["serve", "--port", "70000"], "--port"),
        (["ingest"], "PATH"),
        (["nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_exits_2_and_names_what_is_wrong(arguments: list[str], named: str, dateline: Run, tmp_path: Path) -> None:
    done = dateline(*arguments, *(["--index", tmp_path] if len(arguments) > 1 else []))
    assert (done.code, done.out) == (2, "")
    assert named in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_setting_is_refused_by_name(dateline: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_MODLE", "x")
    done = dateline("status")
    assert (done.code, "DATELINE_MODLE" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UsageError("k is wrong"), 2, "k is wrong"),
        (ModelError("no model"), 1, "no model"),
        (DatelineError("two\nlines\x1b[2J"), 1, "two lines[2J"),
        (ArchiveInUse("in use by pid 7", 7, "http://127.0.0.1:1"), 1, "http://127.0.0.1:1"),
        (KeyError("lost"), 1, "unexpected KeyError"),
    ],
)
def test_an_error_is_one_line_and_an_exit_code(
    error: Exception, code: int, words: str, dateline: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(ask_module, "_collect_fields", fail)
    done = dateline("ask", "Who?")
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert len(done.err.splitlines()) == 1
    assert "Traceback" in dateline("--debug", "ask", "Who?").err


def test_exit_codes_of_work_done_in_part() -> None:
    assert [exit_code(0, 0), exit_code(0, 5), exit_code(1, 5), exit_code(1, 0)] == [0, 0, 3, 1]


PRINTS = """
import os, sys
from ui.cli.output import results
with results() as out:
    print("python noise")
    os.write(1, b"native noise\\n")
    os.system("echo noise of a child")
    print("result", file=out)
print("after")
"""


def test_only_results_reach_standard_output() -> None:
    done = subprocess.run([sys.executable, "-c", PRINTS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["result", "after"]
    assert done.stderr.count("noise") == 3


def test_results_where_standard_output_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    with results() as out:
        print("noise")
        print("result", file=out)
    assert stream.getvalue() == "result\n"
