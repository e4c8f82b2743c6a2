"""Trying a language model, step by step, and saying of each step whether it went well and else what to do.

A step that is not `needed` may fail and answers can be had all the same, if slower or shorter.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from rag.errors import DatelineError, LanguageModelError
from rag.llm.choose import load_named_model
from rag.llm.local import LocalModel
from rag.llm.openai import Busy, ModelListing, OpenAIModel, Refusal
from rag.nearest import suggestion
from rag.protocols import LanguageModel
from rag.settings import Settings
from rag.types import Prompt

SHOWN_MODELS = 12
SHOWN_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class Step:
    """What was tried, whether it went well, and what was found; of a failed one, what to do next."""

    name: str
    ok: bool
    told: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said to the prompt of the check, in how many pieces, and the seconds that took. `error` is why it did not."""

    text: str = ""
    pieces: int = 0
    first: float = 0.0
    total: float = 0.0
    error: LanguageModelError | None = None


def check(name: str, settings: Settings, prompt: Prompt, marks: Callable[[str], bool]) -> Iterator[Step]:
    """The steps as they are done, up to the first needed one that fails. `marks` says whether an answer has the marker it should.

    Raises nothing: what is wrong with the settings is a step that fails.
    """
    try:
        model = load_named_model(name, settings)
    except DatelineError as error:
        yield Step("settings", False, str(error))
        return
    try:
        if isinstance(model, LocalModel):
            yield from _local(model)
        window, listed = model.window, ""
        if isinstance(model, OpenAIModel):
            models = yield from _server(model)
            window = next((one.window for one in models if same(one.name, name)), None)
            listed = _names(models)
        reply = ask_once(model, prompt)
        if isinstance(model, OpenAIModel):
            yield from _key(reply, bool(settings.llm_key or settings.llm_key_file))
        yield from _answer(reply, listed)
        yield from _manner(reply, marks)
        yield _context(window, settings, isinstance(model, LocalModel))
    except Failed as failed:
        yield failed.step
    finally:
        if close := getattr(model, "close", None):
            close()


class Failed(Exception):
    """A needed step went wrong, so that none after it can be tried."""

    def __init__(self, name: str, told: object) -> None:
        super().__init__(name)
        self.step = Step(name, False, str(told))


def ask_once(model: LanguageModel, prompt: Prompt) -> Reply:
    """What comes of asking once."""
    began, first, pieces = time.monotonic(), 0.0, []
    error = None
    try:
        for piece in model.stream(prompt):
            if piece:
                first = first or time.monotonic() - began
                pieces.append(piece)
    except LanguageModelError as raised:
        error = raised
    return Reply("".join(pieces), len(pieces), first, time.monotonic() - began, error)


def same(listed: str, name: str) -> bool:
    """Whether a server means the model `name` by `listed`: Ollama adds a tag."""
    return listed == name or listed == f"{name}:latest"


def _local(model: LocalModel) -> Iterator[Step]:
    try:
        model.examine()
    except LanguageModelError as error:
        raise Failed("file", error) from None
    size = model.path.stat().st_size
    yield Step("file", True, f"{model.path} is a GGUF of {size / 1e6:,.0f} MB, and the package that runs it is installed")
    began = time.monotonic()
    try:
        for _ in model.loading():
            pass
    except LanguageModelError as error:
        raise Failed("loading", error) from None
    yield Step("loading", True, f"loaded in {time.monotonic() - began:.1f} s, in a process of its own on this machine")


def _server(model: OpenAIModel) -> Generator[Step, None, tuple[ModelListing, ...]]:
    """Returns the models that it lists; a server need not list any."""
    yield Step("address", True, f"{model.place} can be one")
    models: tuple[ModelListing, ...] = ()
    try:
        models = model.models()
        told = f"answers, and lists {len(models)} model{'s' * (len(models) != 1)}"
    except Refusal as refused:
        if refused.status in (401, 403):
            raise Failed("key", refused) from None
        if 300 <= refused.status < 400:
            raise Failed("server", refused) from None
        told = f"answers, but does not list its models ({refused.status})"
    except Busy as busy:
        if busy.status is None:
            raise Failed("server", f"{busy}; start it, or set DATELINE_LLM_URL to where it is") from None
        told = f"answers, but cannot list its models now ({busy.status})"
    except LanguageModelError as error:
        raise Failed("server", f"{error}; is DATELINE_LLM_URL that of an OpenAI-compatible server, ending in /v1?") from None
    yield Step("server", True, told)
    if any(same(one.name, model.name) for one in models):
        yield Step("model", True, f"{model.name} is among those it has")
    elif models:
        near = suggestion(model.name, [one.name for one in models])
        told = f"{model.name} is not among those it lists: {_names(models)}{near or '; it may take the name all the same'}"
        yield Step("model", False, told, needed=False)
    return models


def _key(reply: Reply, given: bool) -> Iterator[Step]:
    if isinstance(reply.error, Refusal) and reply.error.status in (401, 403):
        raise Failed("key", reply.error)
    if reply.error is None:
        yield Step("key", True, "accepted" if given else "none is set, and none is asked for")


def _answer(reply: Reply, listed: str) -> Iterator[Step]:
    if isinstance(reply.error, Refusal) and reply.error.status == 404 and listed:
        raise Failed("answer", f"{reply.error}; it has {listed}")
    if reply.error is not None:
        raise Failed("answer", reply.error)
    said = " ".join(reply.text.split())
    shown = said if len(said) <= SHOWN_CHARACTERS else f"{said[:SHOWN_CHARACTERS]}…"
    yield Step("answer", True, f"first word after {reply.first:.1f} s, whole after {reply.total:.1f} s: {shown}")


def _manner(reply: Reply, marks: Callable[[str], bool]) -> Iterator[Step]:
    streamed = reply.pieces > 1
    told = f"in {reply.pieces} pieces" if streamed else "the answer came in one piece, so nothing is shown before it is whole"
    yield Step("stream", streamed, told, needed=False)
    marked = marks(reply.text)
    told = "the answer names its passage as told" if marked else (
        "the answer does not name its passage; each sentence is then held against every passage, which takes longer"
    )  # fmt: skip
    yield Step("markers", marked, told, needed=False)


def _context(window: int | None, settings: Settings, cut: bool) -> Step:
    wanted = settings.llm_prompt_tokens + settings.llm_answer_tokens
    if window is None:
        return Step("context", True, f"not told; a prompt and its answer may have {wanted:,} tokens together")
    if cut or window >= wanted:
        return Step("context", True, f"{window:,} tokens{', to which prompts are cut' if cut else ''}")
    lower = max(300, window - settings.llm_answer_tokens - 64)
    return Step(
        "context", False, f"{window:,} tokens, of which a prompt and its answer may want {wanted:,}; set"
        f" DATELINE_LLM_PROMPT_TOKENS={lower}", needed=False,
    )  # fmt: skip


def _names(models: tuple[ModelListing, ...]) -> str:
    names = [one.name for one in models]
    return ", ".join(names[:SHOWN_MODELS]) + (" …" if len(names) > SHOWN_MODELS else "")
