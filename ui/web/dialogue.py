"""A question of the page from the click to the whole answer: read, counted, answered piece by piece, and kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import gradio as gr

from rag.days import make_filters
from rag.errors import StorageError, UsageError
from rag.request import read_question
from rag.settings import Settings
from rag.types import Question
from ui.web.again import GONE, again
from ui.web.answering import Answering, check_offered
from ui.web.conversation import Conversation, Exchange
from ui.web.gradio_protocol import event_data, scope_of, session_of
from ui.web.limits import Limits
from ui.web.rail import Rail, visitor
from ui.web.rates import Rates, caller_of
from ui.web.shown import Shown
from ui.web.store import Store
from ui.web.turns import Turns

logger = logging.getLogger(__name__)


class Dialogue:
    """What the events of the composer, and those under an answer, do to the conversation that the page shows."""

    def __init__(
        self, settings: Settings, limits: Limits, answering: Answering, shown: Shown, store: Store, rail: Rail, rates: Rates
    ) -> None:
        self._settings = settings
        self._limits = limits
        self._answering = answering
        self._shown = shown
        self._store = store
        self._rail = rail
        self._rates = rates
        self._turns = Turns(limits.sessions)

    async def ask(
        self, conversation: Conversation, question: str, since: str, until: str, outlets: list[str], llm: str, insist: bool,
        request: gr.Request,
    ) -> AsyncGenerator[list[Any]]:  # fmt: skip
        """What becomes of each component in `Layout.shown`, until the answer is whole. What cannot be asked stays in the box."""
        if question == "":  # Enter was pressed twice, and the first time has emptied the box
            yield self._shown.as_before()
            return
        try:
            asked = self._read_fields(conversation, question, since, until, outlets, llm, insist)
            self._rates.count(caller_of(scope_of(request)))
        except UsageError as error:
            yield self._shown.problem(str(error))
            return
        async with aclosing(self._states(conversation, asked, request, "")) as states:
            async for state in states:
                yield state

    async def ask_example(
        self, conversation: Conversation, _: str, since: str, until: str, outlets: list[str], llm: str, insist: bool,
        event: gr.EventData, request: gr.Request,
    ) -> AsyncGenerator[list[Any]]:  # fmt: skip
        asked = self.ask(conversation, str(event.question), since, until, outlets, llm, insist, request)
        async with aclosing(asked) as states:
            async for state in states:
                yield state

    async def ask_again(
        self, conversation: Conversation, _: str, since: str, until: str, outlets: list[str], llm: str, insist: bool,
        event: gr.EventData, request: gr.Request,
    ) -> AsyncGenerator[list[Any]]:  # fmt: skip
        """As `ask`. The filters' fields stay as they are: what this question is limited to is no matter of the next one."""
        try:
            exchange, chosen = find_clicked(conversation, event)
            given = self._read_fields(conversation, exchange.question if exchange else GONE, since, until, outlets, llm, insist)
            asked = again(exchange, chosen, given)
            self._rates.count(caller_of(scope_of(request)))
        except UsageError as error:
            yield self._shown.problem(str(error))
            return
        async with aclosing(self._states(conversation, asked, request, gr.skip())) as states:
            async for state in states:
                yield state

    async def end(self, request: gr.Request) -> None:
        """The answer in progress ends itself, so that nothing it still says can come after its end."""
        self._turns.stop(session_of(request))

    async def turned(self, conversation: Conversation, words: str, request: gr.Request) -> list[Any]:
        """The page turned to another conversation, by an answer in progress if there is one: it ends."""
        listed = await asyncio.to_thread(self._rail.listed, conversation, words, request)
        if self._turns.turn(session_of(request), conversation, words):  # from here on nothing may be waited for
            return self._shown.as_before()
        return self._shown.whole(conversation, gr.skip(), listed, request, clear=True)

    def count(self, request: gr.Request) -> int:
        """How often this page was turned or asked; what was begun at another count is no longer wanted."""
        return self._turns.count(session_of(request))

    def _read_fields(
        self, conversation: Conversation, question: str, since: str, until: str, outlets: list[str], llm: str, insist: bool
    ) -> Question:
        """What the fields of the page ask, after what was said before. Raises UsageError for what cannot be asked."""
        limits = {"since": since, "until": until, "outlets": outlets or ()}
        try:
            make_filters(since, until, outlets or ())
        except UsageError as error:  # said in full beside the filters
            raise UsageError("Not asked yet: correct the filter first.") from error
        history = conversation.turns(self._limits.turns)
        asked = read_question({"question": question, "history": history, "llm": llm, "insist": bool(insist), **limits})
        return replace(asked, llm=check_offered(self._settings, asked.llm))

    async def _states(
        self, conversation: Conversation, asked: Question, request: gr.Request, box: Any
    ) -> AsyncGenerator[list[Any]]:
        """The question's box becomes `box` once, so that the next question can be typed while this one is answered."""
        session = session_of(request)
        progress = self._turns.begin(session)
        first = True
        try:
            async with aclosing(self._answering.states(conversation, asked, progress.ended)) as states:
                async for state in states:
                    state, listed = await self._kept(state, request)
                    if self._turns.shows(session, progress):
                        yield self._shown.whole(state, box, listed, request, clear=first)
                        box, first = gr.skip(), False
            while turned := progress.take():
                yield await self._turn_to(*turned, request)
        finally:
            self._turns.finish(session, progress)
        yield self._shown.as_before()  # what Gradio sends once more at the end must not be the answer

    async def _turn_to(self, conversation: Conversation, words: str, request: gr.Request) -> list[Any]:
        listed = await asyncio.to_thread(self._rail.listed, conversation, words, request)
        return self._shown.whole(conversation, gr.skip(), listed, request, clear=True)

    async def _kept(self, state: Conversation, request: gr.Request) -> tuple[Conversation, Any]:
        """A whole answer is stored, and listed; that it cannot be is no reason not to show it."""
        if state.exchanges[-1].working:
            return state, gr.skip()
        try:
            state = await asyncio.to_thread(self._store.keep, visitor(request), state)
            return state, await asyncio.to_thread(self._rail.listed, state, "", request)
        except StorageError as error:
            logger.warning("the conversation is not kept: %s", error)
            return state, gr.skip()


def find_clicked(conversation: Conversation, event: gr.EventData) -> tuple[Exchange | None, dict[str, Any]]:
    """The exchange that was clicked in, if it is there, and what the browser says of the click."""
    chosen = event_data(event)
    number = str(chosen.get("exchange", ""))
    return conversation.exchange(int(number)) if number.isdecimal() and len(number) < 10 else None, chosen
