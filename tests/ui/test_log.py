"""The log on standard error."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.conftest import Run
from ui.log import NAME, PACKAGES, JsonLine, Line, start_logging

QUESTION = "Who built the Heron Clock?"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """The loggers as they were: they outlive a test."""
    levels = {name: logging.getLogger(name).level for name in PACKAGES}
    yield
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.get_name() == NAME]:
        root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(False)


def record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("rag.archive", logging.WARNING, "", 1, message, arguments, None)
    vars(made).update(extra)
    return made


def fault() -> logging.LogRecord:
    try:
        raise ValueError("a cause\nin two lines")
    except ValueError:
        return record("it failed", exc_info=sys.exc_info())


def test_a_line_is_one_line_whatever_the_message_holds() -> None:
    line = Line().format(record("an outlet called %s", "Morning\nPost\x1b[31m"))
    assert "\n" not in line
    assert "\x1b" not in line
    assert line.partition(" WARNING ")[2].startswith("rag.archive: an outlet called Morning Post")


def test_a_traceback_follows_its_line() -> None:
    first, *rest = Line().format(fault()).splitlines()
    assert first.endswith("rag.archive: it failed")
    assert "ValueError: a cause" in rest


def test_json_is_one_object_a_line_with_the_fields_of_the_record() -> None:
    line = JsonLine().format(record("so many: %d", 3, fields={"stored": 3, "level": "mine", "days": {1}}))
    entry = json.loads(line)
    assert "\n" not in line
    assert (entry["stored"], entry["level"], entry["message"]) == (3, "warning", "so many: 3")
    assert entry["time"].endswith("+00:00")
    assert "a cause" in json.loads(JsonLine().format(fault()))["traceback"]


def test_beginning_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("info", False)
    start_logging("error", True)
    logging.getLogger("rag.archive").warning("unheard")
    logging.getLogger("rag.archive").error("heard")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "heard"


def test_of_libraries_only_warnings_are_logged(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("debug", False)
    logging.getLogger("httpx").info("a request")
    logging.getLogger("httpx").warning("a fault")
    logging.getLogger("ingest.watch").debug("a look")
    assert [line.split(": ", 1)[1] for line in capsys.readouterr().err.splitlines()] == ["a fault", "a look"]


@pytest.mark.slow
def test_a_command_logs_a_line_an_answer_where_it_is_asked_to(dateline: Run, sample_archive: Path) -> None:
    done = dateline("--log-level", "info", "ask", QUESTION, "--index", sample_archive, "--json")
    (line,) = [line for line in done.err.splitlines() if "rag.log: answer status=" in line]
    assert "total=" in line
    assert QUESTION not in done.err
    assert json.loads(done.out)["question"] == QUESTION
    quiet = dateline("ask", QUESTION, "--index", sample_archive, "--json")
    assert "answer status=" not in quiet.err


def test_the_settings_choose_as_well(dateline: Run, sample_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_LOG_LEVEL", "info")
    monkeypatch.setenv("DATELINE_LOG_JSON", "true")
    done = dateline("ask", QUESTION, "--index", sample_archive, "--json")
    entries = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    (entry,) = [entry for entry in entries if entry["logger"] == "rag.log"]
    assert entry["timings_ms"] == json.loads(done.out)["timings_ms"]


def test_a_level_that_there_is_not_is_refused(dateline: Run) -> None:
    done = dateline("--log-level", "loud", "status")
    assert done.code == 2
    assert "DATELINE_LOG_LEVEL" in done.err


def test_the_web_layer_prints_nothing() -> None:
    web = Path(__file__).parents[2] / "ui" / "web"
    assert [path.name for path in web.glob("*.py") if "print(" in path.read_text() or "print_exception" in path.read_text()] == []
