"""The page as Gradio lays it out: what is typed, what is shown, and which function each event calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.days import make_filters
from rag.errors import StorageError, UsageError
from rag.request import read_question
from rag.settings import MAX_QUESTION_CHARACTERS, NONE
from rag.types import Filters, Question
from ui.web.adding import Adding
from ui.web.adding_view import AddingView
from ui.web.again import GONE, again
from ui.web.answering import Answering, Reading, check_offered
from ui.web.conversation import Conversation, Exchange
from ui.web.deeds import Deeds
from ui.web.gradio_protocol import bound_sessions, event_data, scope_of, session_of
from ui.web.html import Fragments
from ui.web.library import Library
from ui.web.limits import Limits
from ui.web.rail import Rail, visitor
from ui.web.rates import Rates, caller_of
from ui.web.roles import may_edit_in_page
from ui.web.store import Store
from ui.web.suggestions import Aside, Suggestions
from ui.web.turns import Turns

if TYPE_CHECKING:
    from rag.pipeline import Rag

QUOTATIONS = "the articles’ own words"
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
IN_ORDER: dict[str, Any] = {"concurrency_limit": None, **QUIET}
"""Through the queue, so that the page hears of it after whatever was queued before."""
SHOWN = 13
SESSION_SECONDS = 12 * 3600


logger = logging.getLogger(__name__)


class Page:
    """The chat over one archive. `examples` are questions offered at the start; without any, the archive's articles make some."""

    def __init__(
        self, rag: Rag, limits: Limits, store: Store, examples: Sequence[str], adding: Adding, rates: Rates, root: str = ""
    ) -> None:
        self._rag = rag
        self._limits = limits
        self._store = store
        self._examples = tuple(examples)
        self._fragments = Fragments(root)
        self._answering = Answering(rag, limits)
        self._reading = Reading(rag, self._fragments)
        self._deeds = Deeds(store, self._fragments)
        self._rail = Rail(store, self._fragments, limits)
        self._library = Library(rag)
        self._adding_steps = adding
        self._adding = AddingView(adding, self._fragments, may_edit_in_page)
        self._suggestions = Suggestions(rag)
        self._aside = Aside()
        self._turns = Turns(limits.sessions)
        self._rates = rates

    def close(self) -> None:
        """Gives up what is made beside the questions, so that a server that stops need not wait for it."""
        self._adding_steps.close()
        self._suggestions.end()
        self._aside.close()

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
        with gr.Sidebar(open=False, width=300, elem_id="rail"):
            self._new = gr.Button("New conversation", elem_id="new")
            self._find = gr.Textbox(
                label="Find a conversation", placeholder="Find a conversation", elem_id="find", max_length=200
            )
            self._listed = _html("rail.js", elem_id="conversations")
        self._masthead = _html(elem_id="masthead")
        self._added = self._adding.lay_out()
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", scale=3, min_width=320):
                self._welcome = _html(elem_id="welcome")
                self._past = _html("conversation.js", elem_id="past")
                self._current = _html("conversation.js", "current.js", elem_id="current")
                self._next = _html("questions.js", elem_id="next")
                self._lay_out_composer()
                self._offered = _html("questions.js", elem_id="examples")
            with gr.Column(elem_id="reading", scale=2, min_width=320):
                self._source = _html("source.js", elem_id="source")
                self._sources = _html("conversation.js", elem_id="sources")

    def _lay_out_composer(self) -> None:
        with gr.Column(elem_id="ask"):
            self._filters = _html("filters.js", elem_id="filters")
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

    def _lay_out_limits(self) -> None:
        written: dict[str, Any] = {"placeholder": "2025 or 2025-08-31", "min_width": 140, "max_length": 40}
        with gr.Row():
            self._since = gr.Textbox(label="Since", elem_id="since", **written)
            self._until = gr.Textbox(label="Until", elem_id="until", **written)
            self._outlets = gr.Dropdown(
                [], label="Outlets", multiselect=True, elem_id="outlets", min_width=200, scale=2, filterable=True
            )
        self._days = _html("days.js", elem_id="days")
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
        given = [self._conversation, self._question, *limits, self._llm, self._insist]
        talk = [self._conversation, self._welcome, self._offered, self._past, self._current, self._sources]
        shown: list[Any] = [*talk, self._source, self._next, self._question, self._problem, self._send, self._stop, self._listed]
        archive = [self._masthead, self._outlets, self._days, self._added, self._adding.retry, self._welcome]
        start = [*archive[:5], *talk, self._listed]
        blocks.load(self._start, None, start, queue=False, **QUIET)
        blocks.load(self._examine, None, self._offered, queue=False, **QUIET)
        gr.on(
            [field.change for field in limits], self._check, limits, [self._filters, self._problem],
            queue=False, trigger_mode="always_last", **QUIET,
        )  # fmt: skip
        self._filters.drop(self._drop, limits, limits, queue=False, **QUIET)
        self._days.pick(self._pick, None, limits[:2], queue=False, **QUIET)
        once: dict[str, Any] = {"trigger_mode": "once", "concurrency_id": "ask", **QUIET}
        waits: dict[str, Any] = {**once, "trigger_mode": "always_last"}  # asked when the answer in progress is whole, not lost
        asking = [gr.on([self._send.click, self._question.submit], self._ask, given, shown, **waits)]
        asking += [chosen.ask(self._ask_example, given, shown, **once) for chosen in (self._offered, self._next)]
        self._stop.click(self._end, queue=False, **QUIET)
        for answers in (self._past, self._current, self._sources):
            answers.cite(self._open, self._conversation, self._source, queue=False, **QUIET)
            answers.deed(self._do, self._conversation, self._problem, queue=False, **QUIET)
            answers.edit(self._edit, self._conversation, self._question, queue=False, **QUIET)
            asking.append(answers.again(self._ask_again, given, shown, **once))
        for asked in asking:
            asked.then(self._suggest, self._conversation, self._next, queue=False, **QUIET)
        self._source.deed(self._do, self._conversation, self._problem, queue=False, **QUIET)
        self._source.close(lambda: "", None, self._source, queue=False, **QUIET)
        self._adding.connect(self._refresh, archive)
        self._connect_rail(shown)

    def _connect_rail(self, turned: list[Any]) -> None:
        given = [self._conversation, self._find]
        self._new.click(self._begin, self._find, turned, **IN_ORDER)
        self._find.change(self._rail.listed, given, self._listed, queue=False, trigger_mode="always_last", **QUIET)
        self._listed.manage(self._manage, given, turned, **IN_ORDER)

    def _start(self, request: gr.Request) -> list[Any]:
        conversation = self._rail.latest(request)
        listed = self._rail.listed(conversation, "", request)
        return [*self._refresh(request)[:5], *self._talk(conversation, request), listed]

    def _refresh(self, request: gr.Request) -> list[Any]:
        """What depends on the articles in the archive, and on whether whoever asks may add some."""
        catalog, editor = self._rag.archive.catalog, may_edit_in_page(request)
        counts = catalog.counts().articles
        outlets = self._library.outlets(self._limits.outlets)
        return [
            self._fragments.masthead(counts, len(catalog.outlets()), catalog.days(), self._rag.notices, editor),
            gr.update(choices=[(f"{name} ({count:,})", name) for name, count in outlets]),
            self._fragments.page("days.html", days=catalog.days()),
            gr.update(visible=editor),
            gr.update(visible=editor and bool(catalog.sources.dead_letters())),
            self._fragments.welcome(counts, editor),
        ]

    async def _examine(self) -> str:
        """The examples, which may take a while to find."""
        found = self._examples or await self._aside.run(self._suggestions.examples)
        return self._fragments.questions("For example", found or ())

    async def _suggest(self, conversation: Conversation, request: gr.Request) -> Any:
        """What can be asked next, once an answer is whole and for as long as the page shows it."""
        last = conversation.exchanges[-1] if conversation.exchanges else None
        if last is None or last.working or last.answer is None or not last.answer.citations:
            return ""
        asked = [exchange.question for exchange in conversation.exchanges]
        session = session_of(request)
        count = self._turns.count(session)
        found = await self._aside.run(partial(self._suggestions.next, last.answer, asked))
        if self._turns.count(session) != count:
            return gr.skip()
        return self._fragments.questions("Ask next", found or ())

    async def _begin(self, words: str, request: gr.Request) -> list[Any]:
        return await self._turned(Conversation(), words, request)

    async def _manage(self, conversation: Conversation, words: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        changed = await asyncio.to_thread(self._rail.changed, conversation, event_data(event), request)
        if changed is conversation:
            return [*[gr.skip()] * (SHOWN - 1), await asyncio.to_thread(self._rail.listed, conversation, words, request)]
        return await self._turned(changed, words, request)

    async def _turned(self, conversation: Conversation, words: str, request: gr.Request) -> list[Any]:
        """The page turned to another conversation, by an answer in progress if there is one: it ends."""
        listed = await asyncio.to_thread(self._rail.listed, conversation, words, request)
        if self._turns.turn(session_of(request), conversation, words):
            return [gr.skip()] * SHOWN
        return self._render(conversation, gr.skip(), listed, request, clear=True)

    def _talk(self, conversation: Conversation, request: gr.Request) -> list[Any]:
        """What each component of `talk` shows of a conversation."""
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

    def _drop(self, since: str, until: str, outlets: list[str], event: gr.EventData) -> list[Any]:
        """The fields without the filter that was taken away."""
        part = str(event_data(event).get("part", ""))
        kept = [outlet for outlet in outlets or [] if f"outlet {outlet}" != part]
        return ["" if part == "since" else since, "" if part == "until" else until, kept]

    def _pick(self, event: gr.EventData) -> list[Any]:
        """The fields with the day that was chosen in the calendar."""
        chosen = event_data(event)
        day = str(chosen.get("day", ""))[:40]
        return [day if chosen.get("part") == part else gr.skip() for part in ("since", "until")]

    def _check(self, since: str, until: str, outlets: list[str]) -> tuple[str, str]:
        """What the filters mean; what was said of them before is no longer so."""
        try:
            return self._fragments.filters(make_filters(since, until, outlets or [])), ""
        except UsageError as error:
            return self._fragments.filters(Filters(), str(error)), ""

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
        """As `_ask`. The filters' fields stay as they are: what this question is limited to is no matter of the next one."""
        try:
            exchange, chosen = _find_clicked(conversation, event)
            given = self._read_fields(conversation, exchange.question if exchange else GONE, since, until, outlets, llm, insist)
            asked = again(exchange, chosen, given)
            self._rates.count(caller_of(scope_of(request)))
        except UsageError as error:
            yield self._said(str(error))
            return
        async with aclosing(self._states(conversation, asked, request, gr.skip())) as states:
            async for state in states:
                yield state

    async def _ask(
        self, conversation: Conversation, question: str, since: str, until: str, outlets: list[str], llm: str, insist: bool,
        request: gr.Request,
    ) -> AsyncGenerator[list[Any]]:  # fmt: skip
        """What becomes of each component in `shown`, until the answer is whole. What cannot be asked stays in the box."""
        if question == "":  # Enter was pressed twice, and the first time has emptied the box
            yield [gr.skip()] * SHOWN
            return
        try:
            asked = self._read_fields(conversation, question, since, until, outlets, llm, insist)
            self._rates.count(caller_of(scope_of(request)))
        except UsageError as error:
            yield self._said(str(error))
            return
        async with aclosing(self._states(conversation, asked, request, "")) as states:
            async for state in states:
                yield state

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
        return replace(asked, llm=check_offered(self._rag.settings, asked.llm))

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
                        yield self._render(state, box, listed, request, clear=first)
                        box, first = gr.skip(), False
            while turned := progress.take():
                yield await self._turn(*turned, request)
        finally:
            self._turns.finish(session, progress)
        yield [gr.skip()] * SHOWN  # what Gradio sends once more at the end must not be the answer

    async def _turn(self, conversation: Conversation, words: str, request: gr.Request) -> list[Any]:
        listed = await asyncio.to_thread(self._rail.listed, conversation, words, request)
        return self._render(conversation, gr.skip(), listed, request, clear=True)

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

    async def _end(self, request: gr.Request) -> None:
        """The answer in progress ends itself, so that nothing it still says can come after its end."""
        self._turns.stop(session_of(request))

    def _render(self, conversation: Conversation, box: Any, listed: Any, request: gr.Request, clear: bool) -> list[Any]:
        """With `clear`, what belonged to the question before goes."""
        working = bool(conversation.exchanges) and conversation.exchanges[-1].working
        gone = "" if clear else gr.skip()
        buttons = [gr.update(visible=not working), gr.update(visible=working)]
        return [*self._talk(conversation, request), gone, gone, box, "", *buttons, listed]

    def _said(self, problem: str) -> list[Any]:
        """Nothing but the problem changes."""
        return [*[gr.skip()] * (SHOWN - 4), self._fragments.problem(problem), *[gr.skip()] * 3]

    def _open(self, conversation: Conversation, event: gr.EventData) -> str:
        exchange, chosen = _find_clicked(conversation, event)
        return self._reading.opened(exchange, chosen.get("citation"), chosen.get("passage"))

    def _do(self, conversation: Conversation, event: gr.EventData, request: gr.Request) -> str:
        """Makes a link to an answer, or keeps what is thought of it; says so beside the composer."""
        exchange, chosen = _find_clicked(conversation, event)
        return self._deeds.done(exchange, chosen, visitor(request))

    def _edit(self, conversation: Conversation, event: gr.EventData) -> Any:
        """The question for the box: as it was typed, or as it was understood."""
        exchange, chosen = _find_clicked(conversation, event)
        if exchange and chosen.get("wish") == "reword":
            return exchange.question
        return exchange.answer.standalone_question if exchange and exchange.answer else gr.skip()


def _find_clicked(conversation: Conversation, event: gr.EventData) -> tuple[Exchange | None, dict[str, Any]]:
    """The exchange that was clicked in, if it is there, and what the browser says of the click."""
    chosen = event_data(event)
    number = str(chosen.get("exchange", ""))
    return conversation.exchange(int(number)) if number.isdecimal() and len(number) < 10 else None, chosen


def _html(*scripts: str, **options: Any) -> gr.HTML:
    """A place for fragments. The scripts run in it once; they hear clicks and changes."""
    text = "\n".join((files("ui.web") / script).read_text("utf-8") for script in scripts)
    return gr.HTML(js_on_load=text or None, apply_default_css=False, **options)
