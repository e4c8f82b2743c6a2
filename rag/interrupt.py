"""Signals that wait for the end of a batch."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def finish_batch() -> Iterator[Callable[[], bool]]:
    """SIGINT and SIGTERM during the block are held back, and raised again after it for whoever handles them.

    Yields a function that says whether one has come, for a loop to end early. Outside the main thread, where Python handles no
    signals, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    received: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, hold) for number in SIGNALS}
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
    if received:
        signal.raise_signal(received[0])
