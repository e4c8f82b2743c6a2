"""Signals that wait for the end of a batch."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)

_held: ContextVar[list[int] | None] = ContextVar("_held", default=None)
"""The signals that the outermost block has held back so far."""
_asked: ContextVar[Callable[[], bool]] = ContextVar("_asked", default=lambda: False)
"""Whether somebody asks a thread that gets no signals to end."""


@contextmanager
def finish_batch() -> Iterator[Callable[[], bool]]:
    """SIGINT and SIGTERM during the block are held back, and raised again after it for whoever handles them.

    Yields a function that says whether one has come, for a loop to end early. A block within another is part of it: a signal that
    came before the inner one counts there, and waits for the end of the outer one. Outside the main thread, where Python handles
    no signals, the function asks what `stopped_by` was given.
    """
    if threading.current_thread() is not threading.main_thread():
        yield _asked.get()
        return
    if (outer := _held.get()) is not None:
        yield lambda: bool(outer)
        return
    received: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, hold) for number in SIGNALS}
    block = _held.set(received)
    try:
        yield lambda: bool(received)
    finally:
        _held.reset(block)
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
    if received:
        signal.raise_signal(received[0])


@contextmanager
def stopped_by(asked: Callable[[], bool]) -> Iterator[None]:
    """In a thread other than the main one: blocks of `finish_batch` within this one end early once `asked` says so."""
    block = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(block)
