"""Reading ahead: an iterator that works in a thread of its own, at most a few items before its user."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, Full, Queue
from typing import TypeVar

Item = TypeVar("Item")

WAIT = 0.1
"""Seconds between two looks at whether the other side has gone."""


@contextmanager
def read_ahead(items: Iterable[Item], limit: int) -> Iterator[Iterator[Item]]:
    """The same items in the same order; what their making raises is raised where they are used.

    When the block ends the thread stops after the item it is at.
    """
    queue: Queue[tuple[Item] | BaseException | None] = Queue(limit)
    left = threading.Event()

    def put(found: tuple[Item] | BaseException | None) -> None:
        while not left.is_set():
            try:
                queue.put(found, timeout=WAIT)
            except Full:
                continue
            return

    def work() -> None:
        try:
            for item in items:
                put((item,))
                if left.is_set():
                    return
            put(None)
        except BaseException as error:  # raised again in the other thread
            put(error)

    worker = threading.Thread(target=work, name="reading ahead", daemon=True)
    worker.start()
    try:
        yield _take(queue, worker)
    finally:
        left.set()
        worker.join()


def _take(queue: Queue[tuple[Item] | BaseException | None], worker: threading.Thread) -> Iterator[Item]:
    while True:
        try:
            found = queue.get(timeout=WAIT)
        except Empty:
            if worker.is_alive() or not queue.empty():
                continue
            return
        if found is None:
            return
        if isinstance(found, BaseException):
            raise found
        yield found[0]
