"""The page as Gradio lays it out: what is typed, what is shown, and which function each event calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.days import make_filters
from rag.errors import UsageError
from rag.request import read_question
from rag.settings import MAX_QUESTION_CHARACTERS, NONE
from rag.types import Filters, Question
from ui.web.again import GONE, again
from ui.web.answering import Answering, Reading, offered
from ui.web.conversation import Conversation, Exchange
from ui.web.gradio_protocol import bound_sessions, event_data, session_of
from ui.web.html import Fragments
from ui.web.limits import Limits

if TYPE_CHECKING:
    from rag.pipeline import Rag

HINTS = 3
QUOTATIONS = "the articles’ own words"
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
SESSION_SECONDS = 12 * 3600


class Page:
    """The chat over one archive. `examples` are questions offered at the start; without any, the latest titles make some."""

    def __init__(self, rag: Rag, limits: Limits, examples: Sequence[str] = ()) -> None:
        self._rag = rag
        self._limits = limits
        self._examples = tuple(examples)
        self._fragments = Fragments()
        self._answering = Answering(rag, limits)
        self._reading = Reading(rag, self._fragments)
        self._asking: dict[str, asyncio.Event] = {}

    def blocks(self) -> gr.Blocks:
        blocks = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600))
        with blocks:
            self._lay_out()
            self._connect(blocks)
        blocks.queue(api_open=False, max_size=self._limits.waiting, default_concurrency_limit=self._limits.at_once)
        bound_sessions(blocks, self._limits.sessions)
        return blocks

    def _lay_out(self) -> None:
        self._conversation = gr.State(Conversation(), time_to_live=SESSION_SECONDS)
        self._masthead = _html(elem_id="masthead")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", scale=3, min_width=320):
                self._welcome = _html("welcome.js", elem_id="welcome")
                self._past = _html("conversation.js", elem_id="past")
                self._current = _html("conversation.js", "current.js", elem_id="current")
                with gr.Column(elem_id="ask"):
                    with gr.Row(elem_id="line"):
                        self._question = gr.Textbox(
                            label="Your question", placeholder="Ask the archive", elem_id="question", autofocus=True,
                            lines=1, max_lines=6, max_length=MAX_QUESTION_CHARACTERS, scale=1, min_width=120,
                        )  # fmt: skip
                        self._send = gr.Button("Ask", variant="primary", elem_id="send", scale=0, min_width=80)
                        self._stop = gr.Button("Stop", visible=False, elem_id="stop", scale=0, min_width=80)
                    with gr.Accordion("Dates, outlets and wording", open=False, elem_id="limits"):
                        self._lay_out_limits()
                    self._problem = _html(elem_id="problem")
                    self._filters = _html(elem_id="filters")
            with gr.Column(elem_id="reading", scale=2, min_width=320):
                self._source = _html("source.js", value=self._fragments.no_source(), elem_id="source")

    def _lay_out_limits(self) -> None:
        written: dict[str, Any] = {"placeholder": "2025, 2025-08 or 2025-08-31", "min_width": 140, "max_length": 40}
        with gr.Row():
            self._since = gr.Textbox(label="Since", elem_id="since", **written)
            self._until = gr.Textbox(label="Until", elem_id="until", **written)
            self._outlets = gr.Dropdown(
                [], label="Outlets", multiselect=True, elem_id="outlets", min_width=200, scale=2, filterable=True
            )
        settings = self._rag.settings
        models = list(dict.fromkeys((settings.llm, NONE, *settings.llm_offered)))
        with gr.Row():
            self._llm = gr.Dropdown(
                [(QUOTATIONS if name == NONE else name, name) for name in models], value=settings.llm, label="Worded by",
                elem_id="llm", visible=len(models) > 1, min_width=200, filterable=False,
            )  # fmt: skip
            self._insist = gr.Checkbox(False, label="Answer even from weak evidence", elem_id="insist", min_width=200)

    def _connect(self, blocks: gr.Blocks) -> None:
        limits: list[Any] = [self._since, self._until, self._outlets]
        wording: list[Any] = [self._llm, self._insist]
        shown = [
            self._conversation, self._welcome, self._past, self._current, self._question, self._problem, self._send, self._stop,
        ]  # fmt: skip
        blocks.load(self._start, None, [self._masthead, self._welcome, self._outlets], queue=False, **QUIET)
        changes = [field.change for field in limits]
        gr.on(changes, self._check, limits, self._filters, queue=False, trigger_mode="always_last", **QUIET)
        given = [self._conversation, self._question, *limits, *wording]
        gr.on(
            [self._send.click, self._question.submit], self._ask, given, shown,
            trigger_mode="once", concurrency_id="ask", **QUIET,
        )  # fmt: skip
        self._welcome.ask(self._ask_example, given, shown, trigger_mode="once", concurrency_id="ask", **QUIET)
        self._stop.click(self._end, queue=False, **QUIET)
        for answers in (self._past, self._current):
            answers.cite(self._open, self._conversation, self._source, queue=False, **QUIET)
            answers.edit(self._edit, self._conversation, self._question, queue=False, **QUIET)
            answers.again(self._ask_again, given, [*shown, *limits], trigger_mode="once", concurrency_id="ask", **QUIET)

    def _start(self) -> tuple[str, str, dict[str, Any]]:
        catalog = self._rag.archive.catalog
        outlets = catalog.outlets()
        articles = catalog.counts().articles
        return (
            self._fragments.masthead(articles, len(outlets), catalog.days(), self._rag.notices),
            self._fragments.welcome(articles, self._examples or self._hints()),
            gr.update(choices=list(outlets[: self._limits.outlets])),
        )

    def _hints(self) -> list[str]:
        """Questions about the articles that came last."""
        catalog = self._rag.archive.catalog
        latest = dict.fromkeys(id for _, id in catalog.changes(max(0, catalog.sequence - 4 * HINTS), 4 * HINTS))
        articles = catalog.articles(list(latest)[-HINTS:])
        return [f"What is known about “{article.source.title}”?" for article in articles.values() if article.source.title]

    def _check(self, since: str, until: str, outlets: list[str]) -> str:
        try:
            return self._fragments.filters(make_filters(since, until, outlets or []))
        except UsageError as error:
            return self._fragments.filters(Filters(), str(error))

    async def _ask_example(
        self, conversation: Conversation, _: str, since: str, until: str, outlets: list[str], llm: str, insist: bool,
        event: gr.EventData, request: gr.Request,
    ) -> AsyncGenerator[list[Any]]:  # fmt: skip
        asked = self._ask(conversation, str(event.question), since, until, outlets, llm, insist, request)
        async with aclosing(asked) as states:
            async for state in states:
                yield state

    async def _ask_again(
        self, conversation: Conversation, _: str, since: str, until: str, outlets: list[str], llm: str, insist: bool,
        event: gr.EventData, request: gr.Request,
    ) -> AsyncGenerator[list[Any]]:  # fmt: skip
        """As `_ask`, and what becomes of the filters' fields: they show what the question is asked with."""
        fields: list[Any] = [gr.skip()] * 3
        try:
            exchange, chosen = _clicked(conversation, event)
            given = self._given(conversation, exchange.question if exchange else GONE, since, until, outlets, llm, insist)
            asked = again(exchange, chosen, given)
        except UsageError as error:
            yield [*self._shown(conversation, problem=str(error)), *fields]
            return
        if (limits := asked.filters) != given.filters:
            fields = [str(limits.since or ""), str(limits.until or ""), list(limits.outlets)]
        async with aclosing(self._states(conversation, asked, request, gr.skip())) as states:
            async for state in states:
                yield [*state, *fields]
                fields = [gr.skip()] * 3

    async def _ask(
        self, conversation: Conversation, question: str, since: str, until: str, outlets: list[str], llm: str, insist: bool,
        request: gr.Request,
    ) -> AsyncGenerator[list[Any]]:  # fmt: skip
        """What becomes of each component in `shown`, until the answer is whole. What cannot be asked stays in the box."""
        try:
            asked = self._given(conversation, question, since, until, outlets, llm, insist)
        except UsageError as error:
            yield self._shown(conversation, problem=str(error))
            return
        async with aclosing(self._states(conversation, asked, request, "")) as states:
            async for state in states:
                yield state

    def _given(
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
        return replace(asked, llm=offered(self._rag.settings, asked.llm))

    async def _states(
        self, conversation: Conversation, asked: Question, request: gr.Request, box: Any
    ) -> AsyncGenerator[list[Any]]:
        """The question's box becomes `box` once, so that the next question can be typed while this one is answered."""
        session = session_of(request)
        ended = self._asking[session] = asyncio.Event()
        try:
            async with aclosing(self._answering.states(conversation, asked, ended)) as states:
                async for state in states:
                    yield self._shown(state, box)
                    box = gr.skip()
        finally:
            ended.set()
            self._asking.pop(session, None)

    async def _end(self, request: gr.Request) -> None:
        """The answer in progress ends itself, so that nothing it still says can come after its end."""
        if ended := self._asking.get(session_of(request)):
            ended.set()

    def _shown(self, conversation: Conversation, box: Any = None, problem: str = "") -> list[Any]:
        *past, last = conversation.exchanges or (None,)
        working = last is not None and last.working
        return [
            conversation,
            gr.update(visible=last is None),
            self._fragments.exchanges([exchange for exchange in past if exchange]),
            self._fragments.exchanges([last] if last else []),
            gr.skip() if box is None else box,
            self._fragments.problem(problem),
            gr.update(visible=not working),
            gr.update(visible=working),
        ]

    def _open(self, conversation: Conversation, event: gr.EventData) -> str:
        exchange, chosen = _clicked(conversation, event)
        return self._reading.opened(exchange, chosen.get("citation"), chosen.get("passage"))

    def _edit(self, conversation: Conversation, event: gr.EventData) -> Any:
        """The question as it was understood, for the box."""
        exchange, _ = _clicked(conversation, event)
        return exchange.answer.standalone_question if exchange and exchange.answer else gr.skip()


def _clicked(conversation: Conversation, event: gr.EventData) -> tuple[Exchange | None, dict[str, Any]]:
    """The exchange that was clicked in, if it is there, and what the browser says of the click."""
    chosen = event_data(event)
    number = str(chosen.get("exchange", ""))
    return conversation.exchange(int(number)) if number.isdecimal() and len(number) < 10 else None, chosen


def _html(*scripts: str, **options: Any) -> gr.HTML:
    """A place for fragments. The scripts run in it once; they hear clicks and changes."""
    text = "\n".join((files("ui.web") / script).read_text("utf-8") for script in scripts)
    return gr.HTML(js_on_load=text or None, apply_default_css=False, **options)
