"""A language model behind the command line and the API, played by a scripted server; traces, and their replay."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rag.errors import LanguageModelError, UsageError
from rag.pipeline import Rag
from rag.settings import load_settings
from rag.types import Prompt
from tests.llm_server import DONE, STREAM, Step, event, serving, status
from tests.ui.conftest import Finished, Run
from ui.web.answering import check_offered

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


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert [check_offered(settings, name) for name in ("small", "large", "none", None)] == ["small", "large", "none", None]
    with pytest.raises(UsageError, match="not offered"):
        check_offered(settings, "other")


MODELS = json.dumps({"data": [{"id": "small", "object": "model", "max_model_len": 8192}, {"id": "large", "object": "model"}]})
GOOD = [STREAM, event("All 42 people "), event("were rescued [1]."), DONE]
Steps = dict[str, tuple[bool, str]]


class TestCheck:
    """`dateline llm check`, with a server that is asked for its models first and then for an answer."""

    @pytest.fixture
    def checked(self, dateline: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Finished, Steps]]:
        def check(*scripts: Sequence[Step], name: str = "small") -> tuple[Finished, Steps]:
            with serving(*scripts) as server:
                monkeypatch.setenv("DATELINE_LLM_URL", server.url)
                monkeypatch.setenv("DATELINE_LLM_KEY", KEY)
                monkeypatch.setenv("DATELINE_LLM_FIRST_SECONDS", "1")
                done = dateline("llm", "check", name, "--json")
            assert KEY not in done.out + done.err
            assert "Traceback" not in done.err
            told = document(done)
            assert told["usable"] == (done.code == 0)
            return done, {step["name"]: (step["ok"], step["told"]) for step in told["steps"]}

        return check

    def test_all_is_well(self, checked: Any) -> None:
        done, steps = checked([status(200, MODELS)], GOOD)
        assert done.code == 0
        assert list(steps) == ["address", "server", "model", "key", "answer", "stream", "markers", "context"]
        assert all(ok for ok, _ in steps.values())
        assert "8,192 tokens" in steps["context"][1]
        assert "All 42 people were rescued [1]." in steps["answer"][1]

    @pytest.mark.parametrize(
        ("scripts", "step", "told"),
        [
            pytest.param([[status(401, f'{{"error": "{KEY}"}}')]], "key", "DATELINE_LLM_KEY", id="401"),
            pytest.param([[status(200, MODELS)], [status(403)]], "key", "refuses the key", id="403 for an answer alone"),
            pytest.param([[status(307, "", "Location: http://127.0.0.1:9/")]], "server", "redirects", id="redirect"),
            pytest.param([[None]], "server", "start it, or set DATELINE_LLM_URL", id="reset"),
            pytest.param([[30.0]], "server", "ending in /v1", id="silent"),
            pytest.param([[status(200, "<html>", kind="text/html")]], "server", "ending in /v1", id="a page"),
            pytest.param([[status(200, MODELS)], [status(500)]], "answer", "failed (500)", id="500"),
            pytest.param([[status(404)], [STREAM, DONE]], "answer", "empty answer", id="nothing said"),
            pytest.param([[status(200, MODELS)], [30.0]], "answer", "said nothing", id="silent for an answer"),
        ],
    )
    def test_what_makes_it_useless(self, scripts: Sequence[Sequence[Step]], step: str, told: str, checked: Any) -> None:
        done, steps = checked(*scripts)
        assert done.code == 1
        assert list(steps)[-1] == step
        assert steps[step][0] is False
        assert told in steps[step][1]

    def test_a_model_it_does_not_have(self, checked: Any) -> None:
        done, steps = checked([status(200, MODELS)], [status(404)], name="other")
        assert done.code == 1
        assert "small, large" in steps["answer"][1]
        done, steps = checked([status(200, MODELS)], GOOD, name="other")
        assert (done.code, steps["model"][0]) == (0, False)

    def test_what_is_merely_less_good(self, checked: Any) -> None:
        little = json.dumps({"data": [{"id": "small:latest", "object": "model", "meta": {"n_ctx": 2048}}]})
        done, steps = checked([status(200, little)], [STREAM, event("All were rescued."), DONE])
        assert done.code == 0
        assert steps["model"][0]
        assert [name for name, (ok, _) in steps.items() if not ok] == ["stream", "markers", "context"]
        assert "DATELINE_LLM_PROMPT_TOKENS=1584" in steps["context"][1]

    def test_a_server_need_not_list_its_models(self, checked: Any) -> None:
        done, steps = checked([status(404)], GOOD)
        assert done.code == 0
        assert "does not list" in steps["server"][1]

    @pytest.mark.parametrize("url", ["127.0.0.1:11434", "ftp://127.0.0.1/v1", "http://user:pa55@[zz/v1"])
    def test_what_is_no_address(self, url: str, dateline: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATELINE_LLM_URL", url)
        done = dateline("llm", "check", "small")
        assert done.code == 1
        assert done.out.startswith("failed  settings")
        assert "DATELINE_LLM_URL" in done.out
        assert "pa55" not in done.out + done.err

    def test_a_line_for_each_step(self, dateline: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        with serving([status(200, MODELS)], [STREAM, event("\x1b[31mAll\n"), event("rescued."), DONE]) as server:
            monkeypatch.setenv("DATELINE_LLM_URL", server.url)
            monkeypatch.setenv("DATELINE_LLM", "small")
            done = dateline("llm", "check")
        assert done.code == 0
        lines = done.out.splitlines()
        assert [line.split()[:2] for line in lines[:3]] == [["ok", "address"], ["ok", "server"], ["ok", "model"]]
        assert lines[-1] == "small can be used; what failed is not needed for that"
        assert "\x1b" not in done.out
        assert len(lines) == 9

    def test_wrong_usage(self, dateline: Run) -> None:
        for arguments in ([], ["none"], [" "]):
            done = dateline("llm", "check", *arguments)
            assert done.code == 2
            assert "DATELINE_LLM" in done.err
        assert dateline("llm", "check", "local").code == 1

    def test_a_gguf_file(self, dateline: Run, small_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATELINE_LLM_TOTAL_SECONDS", "900")
        monkeypatch.setenv("DATELINE_LLM_GAP_SECONDS", "900")
        monkeypatch.setenv("DATELINE_LLM_ANSWER_TOKENS", "40")
        done = dateline("llm", "check", f"local:{small_model}", "--json")
        steps = {step["name"]: step["ok"] for step in document(done)["steps"]}
        assert (done.code, list(steps)[:3]) == (0, ["file", "loading", "answer"])
        assert steps["stream"]

    def test_a_file_that_is_no_gguf(self, dateline: Run, tmp_path: Path) -> None:
        (tmp_path / "page.gguf").write_text("<html>")
        done = dateline("llm", "check", f"local:{tmp_path}/page.gguf")
        assert done.code == 1
        assert f"{tmp_path}/page.gguf is no GGUF file" in done.out


@pytest.mark.slow
def test_a_gguf_file_answers_from_the_command_line(
    dateline: Run, small_model: Path, sample_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"GGUF": small_model, "FIRST_SECONDS": 900, "GAP_SECONDS": 900, "TOTAL_SECONDS": 900, "ANSWER_TOKENS": 48}
    for name, value in {**settings, "PROMPT_TOKENS": 700}.items():
        monkeypatch.setenv(f"DATELINE_LLM_{name}", str(value))
    done = dateline("ask", QUESTION, "--llm", "local", "--insist", "--index", sample_archive, "--json")
    answer = document(done)
    assert answer["llm"]["model"] == small_model.stem
    assert answer["mode"] == f"llm:{small_model.stem}" or any("quoted from the archive" in one for one in answer["notices"])
    for citation in answer["citations"]:
        article = document(dateline("show", citation["article_id"], "--index", sample_archive, "--json"))
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_a_gguf_file_that_cannot_be_used_costs_nothing_but_a_notice(
    dateline: Run, sample_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_LLM_GGUF", str(tmp_path / "nowhere.gguf"))
    done = dateline("ask", QUESTION, "--llm", "local", "--index", sample_archive, "--json")
    answer = document(done)
    assert (done.code, answer["status"], answer["mode"]) == (0, "answered", "extractive")
    assert any(f"{tmp_path}/nowhere.gguf cannot be read" in notice for notice in answer["notices"])


@pytest.mark.parametrize("name", ["local", "local:/etc/passwd", "/models/some.gguf"])
def test_visitors_cannot_name_a_file(name: str) -> None:
    with pytest.raises(UsageError, match="not offered"):
        check_offered(load_settings(llm="small", llm_gguf="/models/some.gguf"), name)
