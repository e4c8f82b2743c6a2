"""The list of a visitor's conversations beside the page, and what can be done with each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import gradio as gr

from ui.web.conversation import Conversation
from ui.web.html import Fragments
from ui.web.limits import Limits
from ui.web.store import Store
from ui.web.visitors import visitor_of


def visitor(request: gr.Request) -> str:
    """Who sends a request, as the store knows them. Without a cookie there is no page, so everybody has one."""
    return visitor_of(dict(request.cookies)) or ""


class Rail:
    """Lists, finds, opens, renames and deletes the conversations of whoever asks."""

    def __init__(self, store: Store, fragments: Fragments, limits: Limits) -> None:
        self._store = store
        self._fragments = fragments
        self._limits = limits

    def listed(self, current: Conversation, words: str, request: gr.Request) -> str:
        kept = self._store.listing(visitor(request), words)
        dated = [(each, date.fromtimestamp(each.used)) for each in kept]
        return self._fragments.conversations(dated, current.id, words, datetime.now().date())

    def latest(self, request: gr.Request) -> Conversation:
        """The conversation that was used last, for whoever comes back to the page."""
        kept = self._store.listing(visitor(request))
        return self.opened(kept[0].id, request) if kept else Conversation()

    def opened(self, id: str, request: gr.Request) -> Conversation:
        return self._store.conversation(visitor(request), id, self._limits.exchanges) or Conversation()

    def changed(self, current: Conversation, chosen: Mapping[str, object], request: gr.Request) -> Conversation:
        """After what the browser says was done to one of the list; another visitor's is not touched."""
        id, wish = str(chosen.get("id", "")), chosen.get("wish")
        if wish == "open":
            return self.opened(id, request)
        if wish == "rename":
            self._store.rename(visitor(request), id, str(chosen.get("title", "")))
        elif wish == "delete":
            self._store.delete(visitor(request), id)
            return Conversation() if current.id == id else current
        return current
