"""Where words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO

from ui.render import Json
from ui.terminal import Page, one_line

Progress = Callable[[int, int | None], None]
"""Called with what is done and, where it is known, with the whole."""


@contextmanager
def results() -> Iterator[TextIO]:
    """The real standard output for results; whatever a library prints meanwhile, Python or native, goes to standard error.

    Where `sys.stdout` is not a file, as in a test, only what Python prints can be diverted.
    """
    stdout = sys.stdout
    stdout.flush()
    try:
        descriptor = stdout.fileno()
    except OSError:  # io.UnsupportedOperation
        with redirect_stdout(sys.stderr):
            yield stdout
        return
    kept = os.dup(descriptor)
    os.dup2(sys.stderr.fileno(), descriptor)
    try:
        with (
            redirect_stdout(sys.stderr),
            open(kept, "w", encoding=stdout.encoding, errors="backslashreplace", closefd=False) as stream,
        ):
            yield stream
    finally:
        os.dup2(kept, descriptor)
        os.close(kept)


def print_json(document: Json, stream: TextIO, *, indent: int | None = 2) -> None:
    """ASCII alone, so that no encoding and no lone surrogate can spoil it; flushed, so that a reader of a pipe need not wait."""
    print(json.dumps(document, indent=indent), file=stream, flush=True)


def put(document: Json, stream: TextIO, as_json: bool, show: Callable[[Page, Json], None]) -> None:
    """The document itself for a program, or as `show` lays it out for a person."""
    if as_json:
        print_json(document, stream)
    else:
        show(Page(stream), document)


def say(message: str) -> None:
    print(f"dateline: {one_line(message)}", file=sys.stderr, flush=True)


def exit_code(failed: int, done: int) -> int:
    """0 when nothing failed, 3 when something else was done, 1 when nothing was."""
    if not failed:
        return 0
    return 3 if done else 1


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A bar with rate and time left on standard error while it is a terminal, and nothing otherwise."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    left = TimeRemainingColumn(compact=True)
    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn(), left)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None, rate="")
        started = time.monotonic()

        def advance(done: int, whole: int | None) -> None:
            bar.update(task, completed=done, total=whole, rate=f"{done / max(time.monotonic() - started, 0.001):.1f}/s")

        yield advance
