"""A language model that is asked again once when it was busy, and left alone for a while when it keeps failing."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

from rag.errors import LanguageModelError, PromptTooLong
from rag.llm.openai import Busy
from rag.log import log_fault
from rag.protocols import LanguageModel
from rag.types import Prompt

logger = logging.getLogger(__name__)

RETRY_WITHIN = 1.0
"""Seconds within which a request must have failed to be made again: what took long would take too long twice."""
FAILURES = 3
REST_SECONDS = 30.0


class Retry:
    """Asks `model` once more when it was busy before its first word."""

    def __init__(self, model: LanguageModel, sleep: Callable[[float], None] = time.sleep) -> None:
        self._model = model
        self._sleep = sleep
        self.name = model.name

    @property
    def window(self) -> int | None:
        return self._model.window

    def stream(self, prompt: Prompt) -> Iterator[str]:
        told, began = False, time.monotonic()
        try:
            for piece in self._model.stream(prompt):
                told = told or bool(piece)
                yield piece
            return
        except Busy as busy:
            if told or time.monotonic() - began > RETRY_WITHIN:
                raise
            wait = busy.seconds
            log_fault(logger, f"{self.name} was busy and is asked once more after {wait:g} s: {busy}")
        yield ""
        self._sleep(wait)
        yield from self._model.stream(prompt)


class Breaker:
    """Fails at once for REST_SECONDS after FAILURES failures in a row, then lets one request try."""

    def __init__(self, model: LanguageModel, clock: Callable[[], float] = time.monotonic) -> None:
        self._model = model
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0
        self.name = model.name

    @property
    def window(self) -> int | None:
        return self._model.window

    def stream(self, prompt: Prompt) -> Iterator[str]:
        self._enter()
        try:
            for piece in self._model.stream(prompt):
                if piece:
                    self._went_well()
                yield piece
        except PromptTooLong:
            raise
        except LanguageModelError:
            self._count_failure()
            raise

    def close(self) -> None:
        if close := getattr(self._model, "close", None):
            close()

    def _enter(self) -> None:
        with self._lock:
            left = self._closed_until - self._clock()
            if self._failures >= FAILURES and left > 0:
                raise LanguageModelError(
                    f"{self.name} failed {self._failures} times in a row and is left alone for {left:.0f} seconds"
                )
            if self._failures >= FAILURES:
                self._closed_until = self._clock() + REST_SECONDS  # one request tries, the others go on waiting

    def _went_well(self) -> None:
        with self._lock:
            self._failures = 0

    def _count_failure(self) -> None:
        with self._lock:
            self._failures += 1
            self._closed_until = self._clock() + REST_SECONDS
            if self._failures == FAILURES:
                logger.warning("%s failed %d times in a row and is left alone for %g s", self.name, FAILURES, REST_SECONDS)
