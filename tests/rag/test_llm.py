"""Language models: every fault of a server ends in one plain error, in time, and none gives the key away."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.errors import LanguageModelError, PromptTooLong, UsageError
from rag.llm import Limits, as_language_model, load_language_model
from rag.llm.callable import CallableModel
from rag.llm.guarded import FAILURES, REST_SECONDS, Breaker, Retry
from rag.llm.openai import Busy, OpenAIModel
from rag.protocols import LanguageModel
from rag.settings import Settings, load_settings
from rag.types import Prompt
from tests.llm_server import DONE, STREAM, Step, event, serving, status

PROMPT = Prompt("Be short.", "What sank?", 50)
QUICK = Limits(connect=1.0, first=0.6, gap=0.6, total=3.0)
"""For what is tried to be too slow; whatever else is tried gets time enough on a busy machine."""
PATIENT = Limits()
KEY = "sk-very-secret-0123456789"


def said(model: LanguageModel) -> str:
    return "".join(model.stream(PROMPT))


def from_server(*script: Step, limits: Limits = PATIENT) -> str:
    with serving(script) as server:
        return said(OpenAIModel("small", server.url, KEY, limits))


PACKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ([STREAM, *[b"data: " + b"x" * 500_000] * 40, DONE], "more than 4,000,000 bytes"),
        ([STREAM, *[b": " + b"x" * 500_000 + b"\n\n"] * 40, DONE], "more than 4,000,000 bytes"),
        ([PACKED, gzip.compress(b"x" * 50_000_000)], "packed"),
    ],
)
def test_what_a_server_sends_is_bounded_in_bytes(script: Sequence[Step], told: str) -> None:
    with pytest.raises(LanguageModelError, match=told):
        from_server(*script)


def test_what_is_asked_of_a_server() -> None:
    with serving([STREAM, event("The "), event("ferry."), DONE]) as server:
        assert said(OpenAIModel("small", server.url, KEY, PATIENT)) == "The ferry."
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    asked = json.loads(body)
    assert head.startswith(b"POST /v1/chat/completions")
    assert f"Bearer {KEY}".encode() in head
    assert (asked["model"], asked["stream"], asked["max_tokens"], asked["temperature"]) == ("small", True, 50, 0)
    assert [message["content"] for message in asked["messages"]] == ["Be short.", "What sank?"]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param([STREAM, event("The ferry.")], id="no end mark"),
        pytest.param([(STREAM + event("The ferry.") + DONE).replace(b"\n\n", b"\r\n\r\n")], id="CRLF"),
        pytest.param([STREAM, event("The "), b'data: {"choices": []}\n\n', event("ferry."), DONE], id="empty choices"),
        pytest.param([STREAM, event(None), event("The ferry."), DONE], id="null delta"),
        pytest.param([STREAM, b": still here\n\n", event("The ferry."), DONE], id="a comment"),
        pytest.param([STREAM, *(bytes([byte]) for byte in event("The ferry.")), DONE], id="byte by byte"),
    ],
)
def test_streams_that_are_well_enough(script: Sequence[Step]) -> None:
    assert from_server(*script) == "The ferry."


def test_letters_cut_in_two() -> None:
    whole = b'data: {"choices": [{"index": 0, "delta": {"content": "Caf\xc3\xa9"}}]}\n\n'
    cut = whole.index(b"\xa9")
    assert from_server(STREAM, whole[:cut], 0.1, whole[cut:], DONE) == "Café"


SLOW = {"said nothing", "fell silent", "not done after"}
FAULTS = [
    pytest.param([status(401, f'{{"error": {{"message": "bad key {KEY}"}}}}')], "refuses the key", id="401"),
    pytest.param([status(403, f'{{"error": "{KEY}"}}')], "DATELINE_LLM_KEY", id="403"),
    pytest.param([status(404)], "no model 'small'", id="404"),
    pytest.param([status(400, f'{{"error": {{"message": "odd {KEY}"}}}}')], "refuses the request", id="400 with the key"),
    pytest.param([status(500, "oops", kind="text/plain")], "failed (500)", id="500 for ever"),
    pytest.param([status(429, "{}", "Retry-After: 3600")], "3600 seconds", id="429 for an hour"),
    pytest.param([status(200, "<html><body>Welcome</body></html>", kind="text/html")], "empty answer", id="a page"),
    pytest.param([STREAM, DONE], "empty answer", id="nothing"),
    pytest.param([STREAM, event("The "), b"data: {broken\n\n", DONE], "no stream of an answer", id="broken line"),
    pytest.param(
        [STREAM, event("The "), b'data: {"error": {"message": "out of memory"}}\n\n'], "out of memory", id="error within"
    ),
    pytest.param([STREAM, event("The "), None], "hung up", id="reset"),
    pytest.param([None], "cannot be reached", id="reset at once"),
    pytest.param([30.0], "said nothing", id="silent"),
    pytest.param([STREAM, 30.0], "said nothing", id="silent after the head"),
    pytest.param([STREAM, *[b": wait\n\n", 0.2] * 40], "said nothing", id="comments alone"),
    pytest.param([STREAM, event("The "), 30.0], "fell silent", id="stall"),
    pytest.param([STREAM, *[event("a "), 0.2] * 40], "not done after", id="endless"),
]


@pytest.mark.parametrize(("script", "told"), FAULTS)
def test_faults_become_one_plain_error(script: Sequence[Step], told: str, caplog: pytest.LogCaptureFixture) -> None:
    limits = QUICK if told in SLOW else PATIENT
    with serving(script) as server, pytest.raises(LanguageModelError, match=r"(?s).") as raised:
        said(Retry(OpenAIModel("small", server.url, KEY, limits), lambda _: None))
    assert told in str(raised.value)
    assert KEY not in str(raised.value) + repr(raised.value) + caplog.text


def test_a_fast_endless_stream_is_ended() -> None:
    with serving([STREAM, *[event("a" * 1000)] * 200]) as server:
        assert len(said(OpenAIModel("small", server.url, KEY, Limits()))) <= 42_000


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens.",
        "the request exceeds the available context size",
        "input is too long: maximum number of tokens",
    ],
)
def test_a_prompt_that_is_too_long_is_told_apart(message: str) -> None:
    with pytest.raises(PromptTooLong, match="DATELINE_LLM_PROMPT_TOKENS"):
        from_server(status(400, json.dumps({"error": {"message": message}})))


def test_nobody_there() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(LanguageModelError, match="cannot be reached"):
        said(OpenAIModel("small", f"http://127.0.0.1:{port}/v1", KEY, QUICK))


def test_tls_that_is_none() -> None:
    with serving([status(200)]) as server, pytest.raises(LanguageModelError, match="cannot be reached"):
        said(OpenAIModel("small", server.url.replace("http", "https"), KEY, QUICK))


def test_a_redirect_is_not_followed() -> None:
    with serving([status(200)]) as other, serving([status(307, "", f"Location: {other.url}/chat/completions")]) as server:
        with pytest.raises(LanguageModelError, match="redirects"):
            said(OpenAIModel("small", server.url, KEY, QUICK))
        assert other.requests == []


def test_keys_of_the_environment_stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"X-Secret: {KEY}")
    with serving([STREAM, event("Yes."), DONE]) as proxy, serving([STREAM, event("Yes."), DONE]) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        said(OpenAIModel("small", server.url, None, QUICK))
    assert KEY.encode() not in server.requests[0]
    assert proxy.requests == []


def test_what_may_be_secret_in_an_address_is_not_told() -> None:
    model = OpenAIModel("small", "http://user:pass@127.0.0.1:9/v1?token=t", None, QUICK)
    assert model.place == "http://127.0.0.1:9/v1"


@pytest.mark.parametrize("script", [[30.0], [STREAM, event("The "), 30.0]], ids=["before the head", "mid-stream"])
def test_leaving_hangs_up(script: Sequence[Step]) -> None:
    with serving(script) as server:
        stream = OpenAIModel("small", server.url, KEY, Limits()).stream(PROMPT)
        assert isinstance(next(stream), str)
        while not server.requests:
            next(stream)
        stream.close()  # type: ignore[attr-defined]  # a generator
        assert server.left.wait(10)


@pytest.mark.parametrize(
    "first", [status(500), status(429, "{}", "Retry-After: 1"), status(429, "{}", "Retry-After: soon"), None]
)
def test_what_passes_is_tried_once_more(first: Step) -> None:
    waits: list[float] = []
    with serving([first], [STREAM, event("The ferry."), DONE]) as server:
        assert said(Retry(OpenAIModel("small", server.url, KEY, PATIENT), waits.append)) == "The ferry."
    assert len(server.requests) == 2
    assert waits
    assert max(waits) <= 1


def test_nothing_is_tried_again_once_something_was_said() -> None:
    def broken() -> Iterator[str]:
        yield "The "
        raise Busy("busy", 0)

    model = CallableModel(lambda _: broken(), QUICK)
    with pytest.raises(LanguageModelError):
        said(Retry(model, lambda _: None))


class Failing:
    """Fails as often as it is told to."""

    name = "failing"
    window: int | None = None

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.asked = 0

    def stream(self, prompt: Prompt) -> Iterator[str]:
        del prompt
        self.asked += 1
        if self.error:
            raise self.error
        yield "Well."


def test_the_breaker() -> None:
    now = [0.0]
    model = Failing(LanguageModelError("down"))
    breaker = Breaker(model, lambda: now[0])
    for _ in range(FAILURES + 2):
        with pytest.raises(LanguageModelError):
            said(breaker)
    assert model.asked == FAILURES
    now[0] = REST_SECONDS + 1
    with pytest.raises(LanguageModelError, match="down"):
        said(breaker)
    with pytest.raises(LanguageModelError, match="left alone"):
        said(breaker)
    now[0] = 2 * REST_SECONDS + 3
    model.error = None
    assert said(breaker) == said(breaker) == "Well."


def test_an_answer_that_is_ended_early_closes_the_circuit() -> None:
    model = Failing(LanguageModelError("down"))
    breaker = Breaker(model, lambda: 0.0)
    for _ in range(FAILURES - 1):
        with pytest.raises(LanguageModelError):
            said(breaker)
    model.error = None
    stream = breaker.stream(PROMPT)
    assert next(stream) == "Well."
    stream.close()  # type: ignore[attr-defined]  # a generator
    model.error = LanguageModelError("down")
    for _ in range(FAILURES):
        with pytest.raises(LanguageModelError, match="down"):
            said(breaker)


def test_a_reader_who_takes_long_is_not_the_model_s_silence() -> None:
    model = CallableModel(lambda _: ["The ", "ferry ", "sank."], Limits(first=0.3, gap=0.3, total=60))
    told = []
    for piece in model.stream(PROMPT):
        told.append(piece)
        time.sleep(0.5)
    assert "".join(told) == "The ferry sank."


def test_what_took_long_is_not_tried_again() -> None:
    script: list[Step] = [1.5, status(500)]
    limits = Limits(connect=1.0, first=5.0, gap=5.0, total=10.0)
    with serving(script) as server, pytest.raises(LanguageModelError, match="failed"):
        said(Retry(OpenAIModel("small", server.url, KEY, limits), lambda _: None))
    assert len(server.requests) == 1


def test_a_look_up_that_hangs_does_not_hold_up_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        released.wait(30)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    try:
        with pytest.raises(LanguageModelError, match=r"did not answer|cannot be reached"):
            said(OpenAIModel("small", "http://llm.example/v1", KEY, Limits(connect=0.3, first=20, gap=20, total=20)))
        assert not released.is_set()
    finally:
        released.set()


def test_the_key_is_in_no_traceback() -> None:
    body = json.dumps({"error": {"message": f"{'x' * 190}{KEY}"}})
    with serving([status(400, body)]) as server, pytest.raises(LanguageModelError) as raised:
        said(OpenAIModel("small", server.url, KEY, QUICK))
    assert KEY[:6] not in "".join(traceback.format_exception(raised.value))


def test_models_of_others_are_held_to_the_limits() -> None:
    class Theirs:
        name = "theirs"
        window: int | None = 500

        def stream(self, prompt: Prompt) -> Iterator[str]:
            raise KeyError(prompt.user)

    model = as_language_model(Theirs(), load_settings())
    assert (model.name, model.window) == ("theirs", 500)
    with pytest.raises(LanguageModelError, match="theirs raised KeyError"):
        said(model)

    def exits(_: Prompt) -> str:
        raise SystemExit(3)

    with pytest.raises(LanguageModelError, match="SystemExit"):
        said(as_language_model(exits, load_settings()))


def test_a_long_prompt_does_not_break_the_circuit() -> None:
    model = Failing(PromptTooLong("too long"))
    for _ in range(FAILURES + 2):
        with pytest.raises(PromptTooLong):
            said(Breaker(model))


def slow(prompt: Prompt) -> Iterator[str]:
    del prompt
    yield "The "
    time.sleep(5)


@pytest.mark.parametrize(
    ("says", "answer"),
    [
        (lambda prompt: f"About: {prompt.user}", "About: What sank?"),
        (lambda _: ["The ", "ferry."], "The ferry."),
        (lambda _: iter(("The ", "", "ferry.")), "The ferry."),
    ],
)
def test_callables(says: Callable[[Prompt], str], answer: str) -> None:
    assert said(as_language_model(says, load_settings())) == answer


def test_callables_that_fail() -> None:
    with pytest.raises(LanguageModelError, match="fell silent"):
        said(CallableModel(slow, QUICK))
    with pytest.raises(LanguageModelError, match="ZeroDivisionError"):
        said(CallableModel(lambda _: str(1 // 0), QUICK))


class TestChoosing:
    def settings(self, **given: object) -> Settings:
        return load_settings(**given)

    def test_by_name(self) -> None:
        with serving([STREAM, event("Yes."), DONE]) as server:
            model = load_language_model("small", self.settings(llm_url=server.url, llm_key=SecretStr(KEY)))
            assert (model.name, said(model)) == ("small", "Yes.")
        assert KEY.encode() in server.requests[0]

    def test_the_key_in_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "key").write_text(f"{KEY}\n")
        with serving([STREAM, event("Yes."), DONE]) as server:
            said(load_language_model("small", self.settings(llm_url=server.url, llm_key_file=tmp_path / "key")))
        assert f"Bearer {KEY}\r\n".encode() in server.requests[0]

    @pytest.mark.parametrize("written", [f"{KEY}\n# mine", f"{KEY} {KEY}", f"clé-{KEY}", f"{KEY}\x00"])
    def test_a_key_that_fits_in_no_header_is_refused_unseen(self, written: str, tmp_path: Path) -> None:
        (tmp_path / "key").write_text(written)
        with pytest.raises(UsageError, match="DATELINE_LLM_KEY_FILE") as raised:
            load_language_model("small", self.settings(llm_key_file=tmp_path / "key"))
        assert KEY not in str(raised.value)

    @pytest.mark.parametrize("url", ["http://127.0.0.1:99999/v1", "http://[zz/v1", "user:pa55@host/v1", "", "http://"])
    def test_what_is_no_address_is_refused_unseen(self, url: str) -> None:
        with pytest.raises(UsageError, match="DATELINE_LLM_URL") as raised:
            load_language_model("small", self.settings(llm_url=url))
        assert "pa55" not in str(raised.value)

    @pytest.mark.parametrize(
        ("given", "named"),
        [
            ({"llm_url": "ftp://x"}, "DATELINE_LLM_URL"),
            ({"llm_key": SecretStr("a"), "llm_key_file": Path("b")}, "set one of them"),
            ({"llm_key_file": Path("/nonexistent/key")}, "DATELINE_LLM_KEY_FILE"),
        ],
    )
    def test_settings_that_cannot_be(self, given: dict[str, object], named: str) -> None:
        with pytest.raises(UsageError, match=named):
            load_language_model("small", self.settings(**given))

    def test_what_is_no_model(self) -> None:
        with pytest.raises(UsageError, match="int is neither"):
            as_language_model(3, load_settings())
        with pytest.raises(UsageError, match="name a model"):
            load_language_model(" ", load_settings())

    def test_settings_do_not_show_the_key(self) -> None:
        assert KEY not in repr(self.settings(llm_key=SecretStr(KEY)))
