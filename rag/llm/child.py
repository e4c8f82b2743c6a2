"""A process of ours that runs a GGUF model: started, waited for, listened to, ended."""

from __future__ import annotations

import json
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rag.errors import LanguageModelError
from rag.llm.gguf_server import LISTENS
from rag.llm.waiting import TICK_SECONDS

LOADING_SECONDS = 300.0
ENDING_SECONDS = 5.0
PROGRAM = (sys.executable, "-m", "rag.llm.gguf_server")
_ERROR = re.compile(r"^[\d.]+ E (?:\w+ *(?:\w+)?: )?(.*)")
_LINES = 50


class Child:
    """Begins to load the model in `path` at once. `url` is None until it listens, and when it never will; `key` opens it.

    Its own output goes nowhere but into the reason of an error.
    """

    def __init__(self, path: Path, context: int, program: tuple[str, ...] = PROGRAM) -> None:
        self.key = secrets.token_urlsafe(24)
        self.url: str | None = None
        self._path = path
        self._began = time.monotonic()
        self._told = threading.Event()
        self._log: deque[str] = deque(maxlen=_LINES)
        self._process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=Path(__file__).parents[2], start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, name="local-model", daemon=True).start()
        request = {"model": str(path), "key": self.key, "context": context}
        with suppress(OSError):  # it has ended already, and `listening` says why
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def pid(self) -> int:
        return self._process.pid

    def has_ended(self, within: float = 0.0) -> bool:
        """Whether it has ended, or does in so many seconds."""
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def listening(self) -> Iterator[str]:
        """An empty piece every quarter of a second until it listens. Raises LanguageModelError when it does not come to that."""
        while not self._told.wait(TICK_SECONDS):
            if time.monotonic() > self._began + LOADING_SECONDS:
                self.end()
                raise LanguageModelError(f"{self._path} was not loaded within {LOADING_SECONDS:g} seconds; take a smaller model")
            yield ""
        if self.url is None:
            raise LanguageModelError(self.reason)

    @property
    def reason(self) -> str:
        """Why it has ended, and what can be done."""
        code = self._process.wait()
        errors = [found[1] for line in self._log if (found := _ERROR.match(line))]
        if code < 0:
            why = f"the process that runs it was ended by {signal.Signals(-code).name}"
        else:
            why = (errors or list(self._log)[-1:] or [f"the process that runs it ended with {code}"])[0]
        next_step = "check that the file is whole and fits into memory, or take a smaller model"
        return f"{self._path} cannot be used: {why[:200]}; {next_step}"

    def end(self) -> None:
        """Ends the process, whatever it is at; it keeps nothing that could be lost."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(ENDING_SECONDS)
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()

    def _listen(self) -> None:
        """Keeps the last lines that it writes, so that it never waits for a reader, and the one that says where it listens."""
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for raw in lines:
                line = raw.decode("utf-8", "replace").strip()
                if line.startswith(LISTENS):
                    self.url = f"{line.removeprefix(LISTENS)}/v1"
                    self._told.set()
                elif line:
                    self._log.append(line)
        self._told.set()
