"""Which answer a page waits for, and what the page is turned to meanwhile.

Gradio sends the last state of an answer once more when the answer is done, whatever the page shows by then. So there is one
writer: while an answer is in progress, a page is turned by that answer itself, as the last thing it says, and never beside it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from ui.web.conversation import Conversation


@dataclass(eq=False, slots=True)
class Progress:
    """An answer in progress. `ended` tells it to come to its end; `turned` is the conversation to show then, with the words that
    the list of conversations is searched for."""

    ended: asyncio.Event = field(default_factory=asyncio.Event)
    turned: tuple[Conversation, str] | None = None

    def take(self) -> tuple[Conversation, str] | None:
        turned, self.turned = self.turned, None
        return turned


class Turns:
    """The answers in progress by session, and how often each of the last `sessions` pages was turned. For one event loop."""

    def __init__(self, sessions: int) -> None:
        self._sessions = sessions
        self._asking: dict[str, Progress] = {}
        self._counts: OrderedDict[str, int] = OrderedDict()

    def begin(self, session: str) -> Progress:
        """A new answer; one that the page still waited for comes to its end unseen."""
        self.stop(session)
        self._count(session)
        progress = self._asking[session] = Progress()
        return progress

    def stop(self, session: str) -> None:
        if progress := self._asking.get(session):
            progress.ended.set()

    def turn(self, session: str, conversation: Conversation, words: str) -> bool:
        """Whether an answer in progress will turn the page; otherwise whoever asks must do it, at once."""
        self._count(session)
        progress = self._asking.get(session)
        if progress is None:
            return False
        progress.turned = conversation, words
        progress.ended.set()
        return True

    def shows(self, session: str, progress: Progress) -> bool:
        """Whether the page still shows this answer."""
        return self._asking.get(session) is progress and progress.turned is None

    def finish(self, session: str, progress: Progress) -> None:
        progress.ended.set()
        if self._asking.get(session) is progress:
            del self._asking[session]

    def count(self, session: str) -> int:
        """How often the page was turned or asked; what was begun at another count is no longer wanted."""
        return self._counts.get(session, 0)

    def _count(self, session: str) -> None:
        self._counts[session] = self.count(session) + 1
        self._counts.move_to_end(session)
        while len(self._counts) > self._sessions:
            self._counts.popitem(last=False)
