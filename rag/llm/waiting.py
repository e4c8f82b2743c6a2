"""Waiting for a language model no longer than agreed, and ending it when nobody waits any more.

What produces the text runs in a thread of its own. The reader gets an empty piece every quarter of a second without a word, so
that it can end the request between any two of them.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.errors import LanguageModelError
from rag.settings import Settings

TICK_SECONDS = 0.25
Put = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: to connect, until the first piece, between two pieces, and for the whole answer."""

    connect: float = 5.0
    first: float = 30.0
    gap: float = 20.0
    total: float = 120.0


def limits_of(settings: Settings) -> Limits:
    return Limits(settings.llm_connect_seconds, settings.llm_first_seconds, settings.llm_gap_seconds, settings.llm_total_seconds)


class Cancelled:
    """Set when nobody waits any more; `then` are called at that moment, or at once when it is set already."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._then: list[Callable[[], object]] = []
        self.is_set = False

    def set(self) -> None:
        with self._lock:
            self.is_set = True
            then, self._then = self._then, []
        for call in then:
            call()

    def then(self, call: Callable[[], object]) -> None:
        with self._lock:
            if not self.is_set:
                self._then.append(call)
                return
        call()


def wait_for_pieces(produce: Callable[[Put, Cancelled], None], limits: Limits, name: str) -> Iterator[str]:
    """The pieces that `produce` puts, and "" while it puts none. Raises what it raises, or LanguageModelError in time."""
    pieces: queue.Queue[str | Exception | None] = queue.Queue()
    cancelled = Cancelled()

    def run() -> None:
        try:
            produce(pieces.put, cancelled)
            pieces.put(None)
        except Exception as error:
            pieces.put(error)
        except BaseException as error:  # what would end a process ends the answer alone
            pieces.put(LanguageModelError(f"{name} ended with {type(error).__name__}"))

    threading.Thread(target=run, name="language-model", daemon=True).start()
    began = last = time.monotonic()
    told = False
    try:
        while True:
            if time.monotonic() - began > limits.total:
                raise LanguageModelError(f"{name} was not done after {limits.total:g} seconds (DATELINE_LLM_TOTAL_SECONDS)")
            try:
                piece = pieces.get(timeout=TICK_SECONDS)
            except queue.Empty:
                _check(time.monotonic() - last, told, limits, name)
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            if piece:
                told = True
                yield piece
                last = time.monotonic()  # what the reader does between two pieces is no silence
    finally:
        cancelled.set()


def _check(since_last: float, told: bool, limits: Limits, name: str) -> None:
    if not told and since_last > limits.first:
        raise LanguageModelError(f"{name} said nothing for {limits.first:g} seconds (DATELINE_LLM_FIRST_SECONDS)")
    if told and since_last > limits.gap:
        raise LanguageModelError(f"{name} fell silent for {limits.gap:g} seconds (DATELINE_LLM_GAP_SECONDS)")
