"""How much one visitor may ask of the server, and the wait for a free place when it is busy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request, a visitor and all visitors together may take."""

    body_bytes: int = 1_000_000
    body_seconds: float = 30.0
    """A body that takes longer to arrive is given up."""
    turns: int = 12
    """Messages of the conversation that are passed on with a question, the last ones."""
    exchanges: int = 20
    """Questions with their answers that a page keeps showing, the last ones."""
    at_once: int = 4
    """Questions answered at the same time, by the chat and again by the API."""
    waiting: int = 50
    """Questions that may wait for their turn; more are turned away with a message."""
    sessions: int = 500
    """Conversations remembered at once; the one unused for longest goes first."""
    outlets: int = 500
    """Outlets offered as a filter, those with most articles."""
    upload_bytes: int = 50_000_000
    """Of one file that is added."""
    uploads_at_once: int = 4
    """As many times `upload_bytes` may come in one request."""
    upload_files: int = 200
    """Files that are added at once."""
    addresses: int = 200
    """Pages that are added at once."""


class Full(Exception):
    """Every place is taken and as many wait as may wait."""


class Room:
    """Lets `at_once` in at a time, lets `waiting` more wait, and turns away the rest. For one event loop."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._free = at_once + waiting

    def require(self) -> None:
        """Raises Full when there is no room to wait in now."""
        if self._free == 0:
            raise Full

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Raises Full at once when there is no room to wait in."""
        self.require()
        self._free -= 1
        try:
            async with self._places:
                yield
        finally:
            self._free += 1
