"""How often one visitor may ask in a minute."""

from __future__ import annotations

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil
from threading import Lock

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import UsageError
from ui.web.roles import is_forwarded, is_loopback_address, user_of
from ui.web.visitors import visitor_of

ASKING = re.compile(r"/api/(ask|search|brief|timeline|compare)(/.*)?|/v1/(chat/completions|responses)|/mcp")
MINUTE = 60.0
VISITORS = 10_000
"""Visitors of whom the last questions are remembered."""


class TooOften(UsageError):
    """A visitor has asked as often as may be; `wait` are the seconds until the next question."""

    def __init__(self, most: int, wait: int) -> None:
        super().__init__(f"{most} questions a minute are answered here; ask again in {wait} second{'s' * (wait != 1)}")
        self.wait = wait


class Rates:
    """Counts questions of the last minute by visitor; without `most` nobody is held back. Safe between threads."""

    def __init__(self, most: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def count(self, visitor: str) -> None:
        """One question more. Raises TooOften for one that is too many, which is not counted."""
        if self._most is None:
            return
        now = self._clock()
        with self._lock:
            asked = self._asked.setdefault(visitor, deque())
            self._asked.move_to_end(visitor)
            while asked and asked[0] <= now - MINUTE:
                asked.popleft()
            if len(asked) >= self._most:
                raise TooOften(self._most, max(1, ceil(asked[0] + MINUTE - now)))
            asked.append(now)
            while len(self._asked) > VISITORS:
                self._asked.popitem(last=False)


class RateGate:
    """Answers 429 to programs that ask too often. The page counts its own questions, so that it can say so beside the box."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and ASKING.fullmatch(scope["path"]):
            try:
                self._rates.count(caller_of(scope))
            except TooOften as error:
                await JSONResponse({"detail": str(error)}, 429, {"Retry-After": str(error.wait)})(scope, receive, send)
                return
        await self._app(scope, receive, send)


def caller_of(scope: Scope) -> str:
    """Whose question it is: a user's by name, else that of an address, else, behind a proxy or on this machine, of a browser."""
    if name := user_of(scope).name:
        return f"user {name}"
    address = scope["client"][0] if scope.get("client") else ""
    if not is_forwarded(Headers(scope=scope)) and not is_loopback_address(address):
        return f"address {address}"
    visitor = visitor_of(Request(scope).cookies)
    return f"visitor {visitor}" if visitor else f"address {address}"
