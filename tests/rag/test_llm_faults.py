"""Every fault of a server, the whole way: who asks gets an answer from the archive and a notice, at once or piece by piece."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.llm import load_language_model
from rag.pipeline import Rag
from rag.protocols import LanguageModel
from rag.settings import load_settings
from rag.types import Answer
from tests.llm_server import DONE, STREAM, Step, event, serving, status

pytestmark = pytest.mark.slow  # a minute and a half of waiting for servers that fail

QUESTION = "Who heads the union of the ferry workers?"
TRUE = "Tomas Brightwell is the union’s general secretary"
FALSE = "He won 12 million votes [1]. "
KEY = "sk-very-secret-0123456789"
TOO_LONG = json.dumps({"error": {"message": "This model's maximum context length is 512 tokens."}})
GOOD = [STREAM, event(f"{TRUE} [1]. "), DONE]
WHOLE = b"".join([STREAM, event(f"{TRUE} [1]. "), event("Nothing "), event("else."), DONE])
LEFT_WITHIN = 30.0
QUICK = {"llm_connect_seconds": 1.0, "llm_first_seconds": 1.0, "llm_gap_seconds": 1.0, "llm_total_seconds": 4.0}
PATIENT = dict.fromkeys(QUICK, 60.0)

Ask = Callable[[LanguageModel], Answer]


@pytest.fixture(scope="module")
def rag(sample_archive: Path) -> Iterator[Rag]:
    with Rag.open(settings=load_settings(index=sample_archive, passages=3)) as opened:
        yield opened


@pytest.fixture(scope="module")
def quoted(rag: Rag) -> Answer:
    """What is answered without a language model."""
    return rag.ask(QUESTION, llm="none")


@pytest.fixture(params=["at once", "piece by piece"])
def ask(rag: Rag, request: pytest.FixtureRequest) -> Ask:
    """The last answer, of which whatever was shown before it is a part; every quote in it is exact."""

    def asked(model: LanguageModel) -> Answer:
        states = [rag.ask(QUESTION, llm=model)] if request.param == "at once" else list(rag.stream(QUESTION, llm=model))
        for earlier, later in pairwise(states):
            assert later.sentences[: len(earlier.sentences)] == earlier.sentences
            assert later.struck[: len(earlier.struck)] == earlier.struck
        answer = states[-1]
        assert answer.status == "answered"
        assert answer.sentences
        for citation in answer.citations:
            article = rag.archive.catalog.article(citation.source.id)
            assert article is not None
            assert article.text[citation.start : citation.end] == citation.quote
        for sentence in answer.sentences:
            assert sentence.citations
        assert KEY not in repr(answer)
        return answer

    return asked


def model_at(url: str, **limits: float) -> LanguageModel:
    return load_language_model("small", load_settings(llm_url=url, llm_key=SecretStr(KEY), **{**QUICK, **limits}))


def told(answer: Answer, words: str) -> bool:
    return any(words in notice for notice in answer.notices)


FAULTS = [
    pytest.param([[30.0]], "said nothing for", id="silent"),
    pytest.param([[STREAM, 30.0]], "said nothing for", id="first word late"),
    pytest.param([[STREAM, *[b": wait\n\n", 0.2] * 60]], "said nothing for", id="comments alone"),
    pytest.param([[status(429, "{}", "Retry-After: 1")]], "is busy (429)", id="429 for ever"),
    pytest.param([[status(429, "{}", "Retry-After: 3600")]], "for another 3600 seconds", id="429 for an hour"),
    pytest.param([[status(429, "{}", "Retry-After: soon")]], "is busy (429)", id="429 with nonsense"),
    pytest.param([[status(429, "{}", "Retry-After: nan")]], "is busy (429)", id="429 with no number"),
    pytest.param([[status(429, "{}", "Retry-After: -inf")]], "is busy (429)", id="429 with less than none"),
    pytest.param([[status(500, f"oops {KEY}", kind="text/plain")]], "failed (500)", id="500 for ever"),
    pytest.param([[status(503)]], "failed (503)", id="503 for ever"),
    pytest.param([[status(401, json.dumps({"error": {"message": f"bad key {KEY}"}}))]], "DATELINE_LLM_KEY", id="401"),
    pytest.param([[status(403, json.dumps({"error": KEY}))]], "refuses the key (403)", id="403"),
    pytest.param([[status(404)]], "no model 'small' (404)", id="404"),
    pytest.param([[status(400, TOO_LONG)]], "DATELINE_LLM_PROMPT_TOKENS", id="too long however short"),
    pytest.param([[status(200, "<html>Welcome</html>", kind="text/html")]], "empty answer", id="a page"),
    pytest.param([[status(200, '{"choices": []}')]], "empty answer", id="an answer that is no stream"),
    pytest.param([[STREAM, b"data: {broken\n\n", DONE]], "no stream of an answer", id="broken line"),
    pytest.param([[STREAM, b'data: {"error": {"message": "out of memory"}}\n\n']], "out of memory", id="error at once"),
    pytest.param([[STREAM, b"data: \xff\xfe\n\n", DONE]], "did not answer to the end", id="no text"),
    pytest.param([[b"\x00\x01\x02", None]], "cannot be reached, or hung up", id="no HTTP"),
    pytest.param([[STREAM, DONE]], "empty answer", id="empty"),
    pytest.param([[STREAM, event(" \n"), DONE]], "empty answer", id="blanks"),
    pytest.param([[STREAM, event("[7]"), DONE]], "is carried by the passages", id="a marker alone"),
    pytest.param([[STREAM, event("The moon is made of cheese [9]."), DONE]], "is carried by the passages", id="a lie"),
    pytest.param([[STREAM, event("The articles do not say."), DONE]], "found no answer in the passages", id="declined"),
    pytest.param([[STREAM, *[event("and "), 0.1] * 600]], "was not done after", id="endless"),
    pytest.param([[STREAM, *[event("lorem " * 200)] * 200]], "is carried by the passages", id="endless and fast"),
]


@pytest.mark.parametrize(("scripts", "notice"), FAULTS)
def test_it_is_quoted_instead(scripts: Sequence[Sequence[Step]], notice: str, ask: Ask, quoted: Answer) -> None:
    with serving(*scripts) as server:
        answer = ask(model_at(server.url))
    assert (answer.mode, answer.text, answer.citations) == ("extractive", quoted.text, quoted.citations)
    assert told(answer, notice)
    assert told(answer, "the answer is quoted from the archive")
    assert 1 <= len(server.requests) <= 2


def test_nobody_there(ask: Ask) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    answer = ask(model_at(f"http://127.0.0.1:{port}/v1"))
    assert (answer.mode, told(answer, "cannot be reached")) == ("extractive", True)


def test_a_name_that_no_one_has(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    answer = ask(model_at("http://llm.example/v1"))
    assert (answer.mode, told(answer, "http://llm.example/v1 cannot be reached")) == ("extractive", True)


def test_tls_that_is_none(ask: Ask) -> None:
    with serving([status(200)]) as server:
        answer = ask(model_at(server.url.replace("http", "https")))
    assert (answer.mode, told(answer, "cannot be reached")) == ("extractive", True)


def test_the_key_goes_to_no_other_host(ask: Ask) -> None:
    with serving(GOOD) as other, serving([status(307, "", f"Location: {other.url}/chat/completions")]) as server:
        answer = ask(model_at(server.url))
    assert (answer.mode, told(answer, "redirects (307)")) == ("extractive", True)
    assert other.requests == []
    assert len(server.requests) == 1


BROKEN_OFF = [
    pytest.param([30.0], "fell silent for", id="stall"),
    pytest.param([None], "hung up", id="reset"),
    pytest.param([b"data: {broken\n\n"], "no stream of an answer", id="broken line"),
    pytest.param([b'data: {"error": {"message": "out of memory"}}\n\n'], "out of memory", id="error within"),
    pytest.param([*[event("and "), 0.1] * 600], "was not done after", id="endless"),
]


@pytest.mark.parametrize(("end", "notice"), BROKEN_OFF)
def test_what_was_shown_is_kept_and_the_rest_is_quoted(end: Sequence[Step], notice: str, ask: Ask) -> None:
    with serving([STREAM, event(f"{TRUE} [1]. "), event("The ferry "), *end]) as server:
        answer = ask(model_at(server.url))
    assert answer.mode == "llm:small"
    assert answer.sentences[0].text == f"{TRUE}."
    assert told(answer, notice)
    assert told(answer, "the rest is quoted from the archive")
    assert len(server.requests) == 1


@pytest.mark.parametrize("at", range(1, len(WHOLE), len(WHOLE) // 12))
def test_a_reset_at_any_byte(at: int, ask: Ask) -> None:
    with serving([WHOLE[:at], 0.05, None]) as server:
        answer = ask(model_at(server.url))
    assert told(answer, "quoted from the archive") or answer.sentences[0].text == f"{TRUE}."


WELL_ENOUGH = [
    pytest.param([GOOD], id="as it should be"),
    pytest.param([[status(429, "{}", "Retry-After: 1")], GOOD], id="429 for a second"),
    pytest.param([[status(429, "{}", "Retry-After: soon")], GOOD], id="429 with nonsense once"),
    pytest.param([[status(500)], GOOD], id="500 once"),
    pytest.param([[None], GOOD], id="a reset once"),
    pytest.param([[status(400, TOO_LONG)], GOOD], id="too long once"),
    pytest.param([[STREAM, event(f"{TRUE} [1].")]], id="no end mark"),
    pytest.param([[b"".join(GOOD).replace(b"\n\n", b"\r\n\r\n")]], id="CRLF"),
    pytest.param([[STREAM, *(bytes([byte]) for byte in event(TRUE)), event(" [1]."), DONE]], id="byte by byte"),
    pytest.param([[STREAM, b'data: {"choices": []}\n\n', event(f"{TRUE} [1]."), DONE]], id="empty choices"),
    pytest.param([[STREAM, b"data: {}\n\n", event(f"{TRUE} [1]."), DONE]], id="no choices"),
    pytest.param([[STREAM, b'data: {"choices": [{"delta": null}]}\n\n', event(f"{TRUE} [1]."), DONE]], id="null delta"),
    pytest.param([[STREAM, event(None), event(f"{TRUE} [1]."), DONE]], id="null content"),
    pytest.param([[STREAM, event(f"{TRUE} [1][1][1]."), DONE]], id="[1][1][1]"),
    pytest.param([[STREAM, event(f"{TRUE} [1,2;3]."), DONE]], id="[1,2;3]"),
    pytest.param([[STREAM, event(f"{TRUE} 【1】."), DONE]], id="【1】"),
    pytest.param([[STREAM, event(f"{TRUE} [7]."), DONE]], id="a passage that was not given"),
    pytest.param([[STREAM, event(f"{TRUE} ["), event("1"), DONE]], id="a marker cut off"),
    pytest.param([[STREAM, event(TRUE), DONE]], id="no marker"),
]


@pytest.mark.parametrize("scripts", WELL_ENOUGH)
def test_it_is_the_model_s_answer_all_the_same(scripts: Sequence[Sequence[Step]], ask: Ask) -> None:
    with serving(*scripts) as server:
        answer = ask(model_at(server.url, **PATIENT))
    assert (answer.mode, [sentence.text.rstrip(".") for sentence in answer.sentences]) == ("llm:small", [TRUE])
    assert not told(answer, "quoted")
    assert len(server.requests) == len(scripts)


def test_letters_cut_in_two(ask: Ask) -> None:
    whole = b'data: {"choices": [{"index": 0, "delta": {"content": "' + TRUE.encode() + b' [1]."}}]}\n\n'
    cut = whole.index("’".encode()) + 1
    with serving([STREAM, whole[:cut], 0.1, whole[cut:], DONE]) as server:
        assert ask(model_at(server.url, **PATIENT)).sentences[0].text == f"{TRUE}."


def test_a_prompt_that_is_too_long_is_asked_again_once_with_fewer_passages(ask: Ask) -> None:
    with serving([status(400, TOO_LONG)], GOOD) as server:
        ask(model_at(server.url, **PATIENT))
    first, second = (json.loads(request.partition(b"\r\n\r\n")[2])["messages"][1]["content"] for request in server.requests)
    assert "\n[3] " in first
    assert "\n[1] " in second
    assert "\n[2] " not in second


def test_a_claim_without_support_is_struck(ask: Ask) -> None:
    with serving([STREAM, event(f"{TRUE} [1]. {FALSE}"), DONE]) as server:
        answer = ask(model_at(server.url, **PATIENT))
    assert answer.text == f"{TRUE}."
    assert [struck.text for struck in answer.struck] == ["He won 12 million votes."]
    assert told(answer, "1 sentence of small has no support")


def test_closing_the_answer_hangs_up(rag: Rag) -> None:
    with serving([STREAM, event(f"{TRUE} [1]. "), event("The ferry "), 60.0]) as server:
        stream = rag.stream(QUESTION, llm=model_at(server.url, **PATIENT))
        assert next(stream).mode == "llm:small"
        assert not server.left.is_set()
        stream.close()  # type: ignore[attr-defined]  # a generator
        assert server.left.wait(LEFT_WITHIN)


@pytest.mark.parametrize(
    "script", [[60.0], [STREAM, event(f"{TRUE} [1]. "), event("The ferry "), 60.0]], ids=["silent", "stalled"]
)
def test_a_reader_who_has_left_hangs_up(script: Sequence[Step], rag: Rag) -> None:
    left = threading.Event()
    with serving(script) as server:
        model = model_at(server.url, **PATIENT)
        reader = threading.Thread(target=lambda: list(rag.stream(QUESTION, llm=model, cancelled=left.is_set)))
        reader.start()
        while not server.requests and reader.is_alive():
            left.wait(0.05)
        assert server.requests
        assert not server.left.wait(0.5)
        left.set()
        assert server.left.wait(LEFT_WITHIN)
        reader.join(60)
        assert not reader.is_alive()
