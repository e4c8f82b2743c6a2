"""Running the program inside this process, and as one of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ui.cli import main


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str


Run = Callable[..., Finished]
PROGRAM = [sys.executable, "-c", "from ui.cli import main; main()"]


@pytest.fixture
def dateline(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """`dateline(*arguments)` in this process: fast, and seen by coverage."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(*arguments: object) -> Finished:
        monkeypatch.setattr(sys, "argv", ["dateline", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as exited:
            main()
        return Finished(int(exited.value.code or 0), *capfd.readouterr())

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


def dateline_process(*arguments: object, environment: Mapping[str, str] = os.environ, **options: Any) -> subprocess.Popen[str]:
    """`dateline` as a process of its own, with its streams in pipes."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([*PROGRAM, *map(str, arguments)], text=True, env=dict(environment), **streams)
