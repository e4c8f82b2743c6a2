"""Files to articles: loaded, cleaned, dated. In this process, or in others ahead of the one that embeds.

A parser can hang or end its process on a malicious file. In a process of its own it costs that one file, which is reported; the
files after it are read by a new process.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

from ingest.article import AssembledArticle, assemble
from ingest.files import FoundFile
from ingest.load import Refusal, load
from rag.unix import limit_process

logger = logging.getLogger(__name__)

EMPTY = "there is no text in it"
TOGETHER = 16
"""Articles that are sent from one process to the other at once."""
SECONDS = 120.0
"""A parser that gives nothing for longer is ended."""
MEMORY = 4_000_000_000
FILES_WORTH, BYTES_WORTH = 64, 8_000_000
"""With fewer files and bytes than this, another process costs more than it saves."""
AHEAD = 2
"""Files that each process may have before it."""
MOST_PROCESSES = 4

Parsed: TypeAlias = AssembledArticle | Refusal


def parse(file: FoundFile, outlet: str | None, now: datetime) -> Iterator[Parsed]:
    """The articles of a file, and what in it gives none. Nothing is raised for its content."""
    if file.refused:
        yield file.refused
    if file.refused or file.unchanged:
        return
    for found in load(file.path, **file.fetched_as):
        if isinstance(found, Refusal):
            yield found
            continue
        if file.page and found.line is None and found.url is None:
            found = replace(found, url=file.page.url)
        if (made := assemble(found, outlet, now, file.name)) is None:
            yield Refusal("skipped", EMPTY, found.line)
        else:
            yield made


def parse_all(files: Iterable[FoundFile], outlet: str | None, now: datetime) -> Iterator[tuple[FoundFile, Parsed | None]]:
    """Each file with what it gives, in order, and with None when it has been read to its end."""
    coming = iter(files)
    first = list(islice(coming, FILES_WORTH))
    if len(first) < FILES_WORTH and sum(file.size for file in first) < BYTES_WORTH:
        for file in first:
            for found in parse(file, outlet, now):
                yield file, found
            yield file, None
        return
    yield from _Parsers(outlet, now).parse(chain(first, coming))


@dataclass(slots=True)
class _Parser:
    """A process that parses files one after the other; a pipe that is full makes it wait."""

    outlet: str | None
    now: datetime
    waiting: deque[FoundFile] = field(default_factory=deque)
    _process: subprocess.Popen[bytes] | None = None
    _pipe: Connection | None = None

    def give(self, file: FoundFile) -> None:
        self.waiting.append(file)
        if self._pipe is None:
            self._start()
        else:
            self._send(file)

    def first(self) -> Iterator[Parsed]:
        """What the first waiting file gives; then it waits no more."""
        try:
            while True:
                assert self._pipe is not None
                if not self._pipe.poll(SECONDS):
                    yield self._replace_process(f"reading it took longer than {SECONDS:.0f} seconds")
                    return
                found = self._pipe.recv()
                if found is None:
                    break
                yield from found
        except (EOFError, OSError):
            yield self._replace_process("reading it ended the process that did")
            return
        self.waiting.popleft()

    def _replace_process(self, reason: str) -> Refusal:
        code = self.stop()
        died = f" ({signal.Signals(-code).name})" if code and code < 0 and -code != signal.SIGKILL else ""
        self.waiting.popleft()
        if self.waiting:
            self._start()
        logger.warning("a process that reads files was replaced: %s%s", reason, died)
        return Refusal("failed", reason + died)

    def _start(self) -> None:
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ingest.parse", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=Path(__file__).parents[1],
                stdout=subprocess.DEVNULL,
            )
        for file in self.waiting:
            self._send(file)

    def _send(self, file: FoundFile) -> None:
        assert self._pipe is not None
        with suppress(OSError):  # it has died, which is seen when the file's turn comes
            self._pipe.send((file, self.outlet, self.now))

    def stop(self) -> int | None:
        """Ends the process; its exit code."""
        if self._pipe is None or self._process is None:
            return None
        self._pipe.close()
        self._pipe = None
        try:
            return self._process.wait(0.2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


class _Parsers:
    """Several such processes, whose files come out in the order in which they went in."""

    def __init__(self, outlet: str | None, now: datetime) -> None:
        count = min(MOST_PROCESSES, max(1, (os.cpu_count() or 1) - 1))
        self._parsers = [_Parser(outlet, now) for _ in range(count)]

    def parse(self, files: Iterable[FoundFile]) -> Iterator[tuple[FoundFile, Parsed | None]]:
        coming = iter(files)
        order: deque[tuple[FoundFile, _Parser]] = deque()
        try:
            while True:
                for file in islice(coming, AHEAD * len(self._parsers) - len(order)):
                    parser = min(self._parsers, key=lambda one: len(one.waiting))
                    parser.give(file)
                    order.append((file, parser))
                if not order:
                    return
                file, parser = order.popleft()
                for found in parser.first():
                    yield file, found
                yield file, None
        finally:
            for parser in self._parsers:
                parser.stop()


def _serve(pipe: Connection) -> None:
    """Parses what comes through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process decides when to end
    limit_process(memory=MEMORY)
    while True:
        file, outlet, now = pipe.recv()
        found = parse(file, outlet, now)
        while some := list(islice(found, TOGETHER)):
            pipe.send(some)
        pipe.send(None)


if __name__ == "__main__":
    try:
        _serve(Connection(int(sys.argv[1])))
    except (EOFError, OSError):
        os._exit(0)
