"""What is logged: faults that are survived, and a line for each answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread

import pytest

from rag import Rag
from rag.archive import Archive
from rag.errors import ModelError
from rag.log import log_fault, note_faults
from rag.parts import Parts
from rag.settings import load_settings
from rag.trace import read_trace, trace_json
from rag.types import Passage
from tests.fakes import HashEmbedder, QuotingAnswerer
from tests.rag.stored import FINGERPRINT, many_stored

LOGGER = logging.getLogger("rag.tested")


class Broken:
    """A reranker without scores."""

    depth = 3

    def rerank(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        del question, passages
        raise ModelError("the scores are not finite")


@pytest.fixture
def rag(tmp_path: Path) -> Iterator[Rag]:
    directory = tmp_path / "archive"
    archive = Archive.open(directory, create=True)
    archive.catalog.adopt(FINGERPRINT)
    with Rag(
        Parts(archive, HashEmbedder(), QuotingAnswerer(), Broken()), load_settings(index=directory, traces=tmp_path / "traces")
    ) as rag:
        rag.archive.catalog.put(many_stored(range(5)))
        yield rag


def test_a_fault_is_logged_and_noted_once(caplog: pytest.LogCaptureFixture) -> None:
    faults: list[str] = []
    with note_faults(faults):
        log_fault(LOGGER, "the disk is 100% full")
        log_fault(LOGGER, "the disk is 100% full")
    log_fault(LOGGER, "later")
    assert faults == ["the disk is 100% full"]
    assert [(record.name, record.levelname, record.getMessage()) for record in caplog.records] == [
        ("rag.tested", "WARNING", "the disk is 100% full"),
        ("rag.tested", "WARNING", "the disk is 100% full"),
        ("rag.tested", "WARNING", "later"),
    ]


def test_a_fault_of_another_thread_is_none_of_this_answer() -> None:
    faults: list[str] = []
    with note_faults(faults):
        other = Thread(target=log_fault, args=(LOGGER, "elsewhere"))
        other.start()
        other.join()
    assert faults == []


def test_a_fault_on_the_way_to_an_answer_is_in_its_trace(rag: Rag, tmp_path: Path) -> None:
    answer = rag.ask("Where is the mayor?")
    assert answer.status == "answered"
    assert answer.faults == (
        "passages stay in the order of the search, since they could not be reranked: the scores are not finite",
    )
    assert trace_json(answer)["faults"] == [*answer.faults]
    (saved,) = (tmp_path / "traces").glob("*.json")
    assert read_trace(saved)["faults"] == [*answer.faults]


def test_an_answer_has_one_line_with_its_timings_and_without_its_question(rag: Rag, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "rag"):
        answer = rag.ask("Where is the mayor?")
    (record,) = [record for record in caplog.records if record.levelname == "INFO"]
    line = record.getMessage()
    assert line.startswith("answer status=answered form=")
    assert f"faults=1 understand={answer.timings_ms['understand']:.0f}ms" in line
    assert f"total={answer.timings_ms['total']:.0f}ms" in line
    assert "mayor" not in line
    assert record.fields["timings_ms"] == answer.timings_ms  # type: ignore[attr-defined]


def test_an_answer_that_nobody_waits_for_has_no_line(rag: Rag, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "rag"):
        states = rag.stream("Where is the mayor?")
        next(states)
        states.close()  # type: ignore[attr-defined]
    assert [record.levelname for record in caplog.records if record.levelname == "INFO"] == []


def test_a_trace_that_cannot_be_saved_is_a_fault(rag: Rag, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    rag.settings = rag.settings.model_copy(update={"traces": tmp_path / "file" / "below"})
    assert "could not be saved" in rag.ask("Where is the mayor?").notices[-1]
    assert any("could not be saved" in record.getMessage() for record in caplog.records)
