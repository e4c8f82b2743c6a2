"""A language model behind the command line and the API, played by a scripted server; traces, and their replay."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rag.errors import LanguageModelError, UsageError
from rag.pipeline import Rag
from rag.settings import load_settings
from rag.types import Prompt
from tests.llm_server import DONE, STREAM, event, serving, status
from tests.ui.conftest import Finished, Run
from ui.web.answering import offered

QUESTION = "Who heads the union of the ferry workers?"
SAID = "Tomas Brightwell is the union’s general secretary [1]. He won 12 million votes [2]."
KEY = "sk-very-secret-0123456789"


def document(done: Finished) -> dict[str, Any]:
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Any:
    with serving([STREAM, *(event(word + " ") for word in SAID.split()), DONE]) as server:
        monkeypatch.setenv("DATELINE_LLM_URL", server.url)
        monkeypatch.setenv("DATELINE_LLM_KEY", KEY)
        yield server


def test_an_answer_in_a_model_s_words_rests_on_the_archive(served: Any, dateline: Run, sample_archive: Path) -> None:
    answer = document(dateline("ask", QUESTION, "--llm", "small", "--index", sample_archive, "--json"))
    assert len(served.requests) == 1
    assert answer["mode"] == "llm:small"
    assert answer["text"] == "Tomas Brightwell is the union’s general secretary."
    assert [struck["text"] for struck in answer["struck"]] == ["He won 12 million votes."]
    assert answer["llm"]["model"] == "small"
    assert any("no support" in notice for notice in answer["notices"])
    for citation in answer["citations"]:
        article = document(dateline("show", citation["article_id"], "--index", sample_archive, "--json"))
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert "Brightwell" in citation["quote"]


def test_what_is_struck_can_be_shown(served: Any, dateline: Run, sample_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del served
    monkeypatch.setenv("DATELINE_UNSUPPORTED", "strike")
    shown = dateline("ask", QUESTION, "--llm", "small", "--index", sample_archive).out
    assert "unsupported: He won 12 million votes." in shown


def test_a_trace_tells_all_but_the_key_and_can_be_replayed(
    served: Any, dateline: Run, sample_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "traces" / "trace.json"
    first = document(dateline("ask", QUESTION, "--llm", "small", "--index", sample_archive, "--trace", trace, "--json"))
    saved = json.loads(trace.read_text())
    assert saved["writing"]["raw"].strip() == SAID
    assert QUESTION in saved["writing"]["prompt"]["user"]
    assert [one["verdict"]["supported"] for one in saved["writing"]["checked"]] == [True, False]
    assert len(saved["passages"]) == len(first["passages"])
    assert KEY not in trace.read_text()
    monkeypatch.setenv("DATELINE_LLM_URL", "http://127.0.0.1:9/v1")
    again = dateline("replay", trace, "--index", sample_archive, "--json")
    assert again.code == 0
    assert document(again)["differences"] == []
    assert document(again)["text"] == first["text"]
    assert len(served.requests) == 1
    saved["writing"]["raw"] = "Nothing of the kind."
    trace.write_text(json.dumps(saved))
    changed = dateline("replay", trace, "--index", sample_archive, "--json")
    assert changed.code == 1
    assert any(line.startswith("mode: ") for line in document(changed)["differences"])


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1, "question": {}}', '{"format": 99, "question": {}}'])
def test_what_is_no_trace_is_refused(content: str, dateline: Run, sample_archive: Path, tmp_path: Path) -> None:
    (tmp_path / "trace.json").write_text(content)
    done = dateline("replay", tmp_path / "trace.json", "--index", sample_archive)
    assert done.code == 1
    assert "trace" in done.err
    assert "Traceback" not in done.err


def test_a_server_that_fails_costs_nothing_but_a_notice(
    dateline: Run, sample_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = document(dateline("ask", QUESTION, "--index", sample_archive, "--json"))
    with serving([status(401, f'{{"error": {{"message": "no {KEY}"}}}}')]) as server:
        monkeypatch.setenv("DATELINE_LLM_URL", server.url)
        monkeypatch.setenv("DATELINE_LLM_KEY", KEY)
        done = dateline("ask", QUESTION, "--llm", "small", "--index", sample_archive, "--json")
    answer = document(done)
    assert (answer["mode"], answer["text"]) == ("extractive", plain["text"])
    assert any("refuses the key" in notice for notice in answer["notices"])
    assert KEY not in done.out + done.err


def test_every_answer_s_trace_in_a_folder(sample_archive: Path, tmp_path: Path) -> None:
    settings = load_settings(index=sample_archive, traces=tmp_path / "traces")
    with Rag.open(settings=settings) as rag:
        answer = rag.ask(QUESTION, llm=lambda prompt: SAID if isinstance(prompt, Prompt) else "")
        assert answer.mode.startswith("llm:")
        assert list(rag.stream(QUESTION, llm="none"))[-1].mode == "extractive"
    traces = sorted((tmp_path / "traces").glob("*.json"))
    assert len(traces) == 2
    assert any(str(path) in " ".join(answer.notices) for path in traces)


def test_a_stream_ends_in_the_answer_and_takes_nothing_back(sample_archive: Path) -> None:
    with Rag.open(settings=load_settings(index=sample_archive)) as rag:
        states = list(rag.stream(QUESTION, llm=lambda _: iter(word + " " for word in SAID.split())))
        whole = rag.ask(QUESTION, llm=lambda _: SAID)
    assert (states[-1].sentences, states[-1].citations, states[-1].struck) == (whole.sentences, whole.citations, whole.struck)
    for earlier, later in pairwise(states):
        assert later.sentences[: len(earlier.sentences)] == earlier.sentences


def test_what_the_archive_does_not_say_is_not_asked_of_a_model(sample_archive: Path) -> None:
    asked: list[Prompt] = []

    def fails(prompt: Prompt) -> str:
        asked.append(prompt)
        raise LanguageModelError("down")

    with Rag.open(settings=load_settings(index=sample_archive)) as rag:
        assert rag.ask("What is the boiling point of lead?", llm=fails).status == "abstained"
        assert asked == []
        insisted = rag.ask("What is the boiling point of lead?", llm=fails, insist=True)
    assert len(asked) == 1
    assert insisted.status == "answered"


def test_visitors_choose_among_what_is_offered() -> None:
    settings = load_settings(llm="small", llm_offered=("large",))
    assert [offered(settings, name) for name in ("small", "large", "none", None)] == ["small", "large", "none", None]
    with pytest.raises(UsageError, match="not offered"):
        offered(settings, "other")
