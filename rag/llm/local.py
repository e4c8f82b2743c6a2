"""A GGUF file as a language model: run by llama.cpp in a process of its own, so that its end is never ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from rag.errors import LanguageModelError, PromptTooLong, UsageError
from rag.llm.child import Child
from rag.llm.gguf import read_trained_context
from rag.llm.openai import OpenAIModel
from rag.llm.waiting import Limits, limits_of
from rag.settings import Settings
from rag.types import Prompt

LOCAL = "local"
CONTEXT = 4096
"""Tokens kept at most: memory and time grow with them, and a prompt of a few passages needs no more."""
PACKAGE = "xllamacpp"
ENDING_SECONDS = 1.0
"""How long a process that hung up is given to end, so that this can be told as the cause."""


def is_local(name: str) -> bool:
    return name == LOCAL or name.startswith(f"{LOCAL}:")


def local_model(name: str, settings: Settings) -> LocalModel:
    """The model of the file that `local:PATH` or, for `local`, the settings name. Raises UsageError where neither does."""
    named = name.removeprefix(LOCAL).removeprefix(":").strip() or settings.llm_gguf
    if not named:
        raise UsageError("local: set DATELINE_LLM_GGUF to the path of a GGUF file, or write local:PATH")
    return LocalModel(Path(named).expanduser().absolute(), limits_of(settings))


class LocalModel:
    """Starts a process for the model at `path` when it is first asked, and anew when that has ended. Many threads may share it.

    Loading has a limit of its own. On a CPU a prompt takes as long to read as it takes: until the first word only the limit for
    the whole answer holds.
    """

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self.name = path.stem or LOCAL
        self.path = path
        self._limits = replace(limits, first=limits.total)
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._closed = False

    @property
    def window(self) -> int:
        """CONTEXT, or less where the model was trained on less. Of a file that cannot be read `stream` tells."""
        try:
            return min(CONTEXT, read_trained_context(self.path) or CONTEXT)
        except LanguageModelError:
            return CONTEXT

    @property
    def pid(self) -> int | None:
        """The process that runs the model, while there is one."""
        with self._lock:
            return self._child.pid if self._child and not self._child.has_ended() else None

    def stream(self, prompt: Prompt) -> Iterator[str]:
        """Pieces as they come, "" while it loads or reads. Raises LanguageModelError that names the file."""
        child = self._require_child()
        yield from child.listening()
        assert child.url is not None
        try:
            yield from OpenAIModel(self.name, child.url, child.key, self._limits).stream(prompt)
        except PromptTooLong:
            raise
        except LanguageModelError:
            if child.has_ended(within=ENDING_SECONDS):
                raise LanguageModelError(child.reason) from None
            raise

    def loading(self) -> Iterator[str]:
        """Starts it, and gives "" until it can be asked. Raises LanguageModelError."""
        yield from self._require_child().listening()

    def examine(self) -> None:
        """Raises LanguageModelError where it is known beforehand that it cannot be run."""
        read_trained_context(self.path)
        if find_spec(PACKAGE) is None:
            raise LanguageModelError(f'{self.path} needs {PACKAGE} to run; install it: pip install "dateline[local]"')

    def _require_child(self) -> Child:
        self.examine()
        with self._lock:
            if self._closed:
                raise LanguageModelError(f"{self.path} is no longer in use: its archive has been closed")
            if self._child is None or self._child.has_ended():
                self._child = Child(self.path, self.window)
            return self._child

    def close(self) -> None:
        with self._lock:
            self._closed = True
            child, self._child = self._child, None
        if child:
            child.end()
