"""What each part of the page shows of a conversation; the order is that of `Layout.shown`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.web.conversation import Conversation
from ui.web.html import Fragments
from ui.web.roles import may_edit_in_page

if TYPE_CHECKING:
    from rag.pipeline import Rag

COUNT = 13


class Shown:
    def __init__(self, rag: Rag, fragments: Fragments) -> None:
        self._rag = rag
        self._fragments = fragments

    def whole(self, conversation: Conversation, box: Any, listed: Any, request: gr.Request, clear: bool) -> list[Any]:
        """The page with this conversation; with `clear`, what belonged to the question before goes."""
        working = bool(conversation.exchanges) and conversation.exchanges[-1].working
        gone = "" if clear else gr.skip()
        buttons = [gr.update(visible=not working), gr.update(visible=working)]
        return [*self.talk(conversation, request), gone, gone, box, "", *buttons, listed]

    def talk(self, conversation: Conversation, request: gr.Request) -> list[Any]:
        """What each component of `Layout.talk` shows of it."""
        *past, last = conversation.exchanges or (None,)
        welcome = self._fragments.welcome(self._rag.archive.catalog.counts().articles, may_edit_in_page(request))
        return [
            conversation,
            gr.update(visible=last is None, value=welcome),
            gr.update(visible=last is None),
            self._fragments.exchanges([exchange for exchange in past if exchange]),
            self._fragments.exchanges([last] if last else []),
            self._fragments.sources(last),
        ]

    def problem(self, problem: str) -> list[Any]:
        """Nothing but the problem changes."""
        return [*[gr.skip()] * (COUNT - 4), self._fragments.problem(problem), *[gr.skip()] * 3]

    def list_alone(self, listed: str) -> list[Any]:
        """Nothing but the list of conversations changes."""
        return [*[gr.skip()] * (COUNT - 1), listed]

    def as_before(self) -> list[Any]:
        return [gr.skip()] * COUNT
