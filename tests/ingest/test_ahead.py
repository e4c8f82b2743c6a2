from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest

from ingest.ahead import read_ahead


def failing() -> Iterator[int]:
    yield 1
    raise OSError("the disk is gone")


def test_the_items_come_in_order() -> None:
    with read_ahead(range(1_000), 3) as items:
        assert list(items) == list(range(1_000))


def test_an_error_comes_after_the_items_before_it() -> None:
    with read_ahead(failing(), 3) as items:
        assert next(items) == 1
        with pytest.raises(OSError, match="disk is gone"):
            next(items)


def test_no_more_than_the_limit_is_read_ahead_and_leaving_stops_the_thread() -> None:
    made: list[int] = []
    asked = threading.Event()

    def counting() -> Iterator[int]:
        for number in itertools.count():
            made.append(number)
            if number == 5:
                asked.set()
            yield number

    with read_ahead(counting(), 4) as items:
        assert next(items) == 0
        assert asked.wait(10)
    assert len(made) == 6
    assert "reading ahead" not in {thread.name for thread in threading.enumerate()}


def test_leaving_by_an_error_stops_the_thread() -> None:
    with pytest.raises(ValueError, match="mine"), read_ahead(itertools.count(), 2) as items:
        raise ValueError(f"mine {next(items)}")
    assert "reading ahead" not in {thread.name for thread in threading.enumerate()}
