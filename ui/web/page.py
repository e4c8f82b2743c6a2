"""The page: its parts, and which function each event calls. Where they stand is `Layout`'s, what they show is `Shown`'s."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui.web.adding import Adding
from ui.web.adding_view import AddingView
from ui.web.answering import Answering, Reading
from ui.web.conversation import Conversation
from ui.web.deeds import Deeds
from ui.web.dialogue import Dialogue, find_clicked
from ui.web.filter_fields import FilterFields
from ui.web.gradio_protocol import bound_sessions, event_data
from ui.web.html import Fragments
from ui.web.layout import Layout
from ui.web.library import Library
from ui.web.limits import Limits
from ui.web.rail import Rail, visitor
from ui.web.rates import Rates
from ui.web.roles import may_edit_in_page
from ui.web.shown import Shown
from ui.web.store import Store
from ui.web.suggestions import Aside, Suggestions

if TYPE_CHECKING:
    from rag.pipeline import Rag

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
AT_ONCE: dict[str, Any] = {"queue": False, **QUIET}
IN_ORDER: dict[str, Any] = {"concurrency_limit": None, **QUIET}
"""Through the queue, so that the page hears of it after whatever was queued before."""


class Page:
    """The chat over one archive. `examples` are questions offered at the start; without any, the archive's articles make some."""

    def __init__(
        self, rag: Rag, limits: Limits, store: Store, examples: Sequence[str], adding: Adding, rates: Rates, root: str = ""
    ) -> None:
        self._rag = rag
        self._limits = limits
        self._examples = tuple(examples)
        self._fragments = Fragments(root)
        self._shown = Shown(rag, self._fragments)
        self._rail = Rail(store, self._fragments, limits)
        self._dialogue = Dialogue(rag.settings, limits, Answering(rag, limits), self._shown, store, self._rail, rates)
        self._filter_fields = FilterFields(self._fragments)
        self._reading = Reading(rag, self._fragments)
        self._deeds = Deeds(store, self._fragments)
        self._library = Library(rag)
        self._adding_steps = adding
        self._adding = AddingView(adding, self._fragments, may_edit_in_page)
        self._suggestions = Suggestions(rag)
        self._aside = Aside()

    def close(self) -> None:
        """Gives up what is made beside the questions, so that a server that stops need not wait for it."""
        self._adding_steps.close()
        self._suggestions.end()
        self._aside.close()

    def blocks(self) -> gr.Blocks:
        blocks = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600))
        with blocks:
            self._connect(blocks, Layout(self._rag.settings, self._adding))
        blocks.queue(api_open=False, max_size=self._limits.waiting, default_concurrency_limit=self._limits.at_once)
        bound_sessions(blocks, self._limits.sessions)
        return blocks

    def _connect(self, blocks: gr.Blocks, parts: Layout) -> None:
        archive = [parts.masthead, parts.outlets, parts.days, parts.added, self._adding.retry, parts.welcome]
        blocks.load(self._start, None, [*archive[:5], *parts.talk, parts.listed], **AT_ONCE)
        blocks.load(self._examine, None, parts.offered, **AT_ONCE)
        self._adding.connect(self._refresh, archive)
        self._connect_filters(parts)
        self._connect_asking(parts)
        self._connect_answers(parts)
        self._connect_rail(parts)

    def _connect_filters(self, parts: Layout) -> None:
        fields = parts.limits
        gr.on(
            [field.change for field in fields], self._filter_fields.check, fields, [parts.filters, parts.problem],
            trigger_mode="always_last", **AT_ONCE,
        )  # fmt: skip
        parts.filters.drop(self._filter_fields.drop, fields, fields, **AT_ONCE)
        parts.days.pick(self._filter_fields.pick, None, fields[:2], **AT_ONCE)

    def _connect_asking(self, parts: Layout) -> None:
        # A click while an answer is in progress is asked when that is whole; with "once", Gradio would lose it without a word.
        waits: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_id": "ask", **QUIET}
        given, shown = parts.given, parts.shown
        asking = [gr.on([parts.send.click, parts.question.submit], self._dialogue.ask, given, shown, **waits)]
        asking += [chosen.ask(self._dialogue.ask_example, given, shown, **waits) for chosen in (parts.offered, parts.next)]
        answers = (parts.past, parts.current, parts.sources)
        asking += [each.again(self._dialogue.ask_again, given, shown, **waits) for each in answers]
        for asked in asking:
            asked.then(self._suggest, parts.conversation, parts.next, **AT_ONCE)
        parts.stop.click(self._dialogue.end, **AT_ONCE)

    def _connect_answers(self, parts: Layout) -> None:
        for answers in (parts.past, parts.current, parts.sources):
            answers.cite(self._open, parts.conversation, parts.source, **AT_ONCE)
            answers.deed(self._do, parts.conversation, parts.problem, **AT_ONCE)
            answers.edit(self._edit, parts.conversation, parts.question, **AT_ONCE)
        parts.source.deed(self._do, parts.conversation, parts.problem, **AT_ONCE)
        parts.source.close(lambda: "", None, parts.source, **AT_ONCE)

    def _connect_rail(self, parts: Layout) -> None:
        given = [parts.conversation, parts.find]
        parts.new.click(self._begin, parts.find, parts.shown, **IN_ORDER)
        parts.find.change(self._rail.listed, given, parts.listed, trigger_mode="always_last", **AT_ONCE)
        parts.listed.manage(self._manage, given, parts.shown, **IN_ORDER)

    def _start(self, request: gr.Request) -> list[Any]:
        conversation = self._rail.latest(request)
        listed = self._rail.listed(conversation, "", request)
        return [*self._refresh(request)[:5], *self._shown.talk(conversation, request), listed]

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
        count = self._dialogue.count(request)
        found = await self._aside.run(partial(self._suggestions.next, last.answer, asked))
        if self._dialogue.count(request) != count:
            return gr.skip()
        return self._fragments.questions("Ask next", found or ())

    async def _begin(self, words: str, request: gr.Request) -> list[Any]:
        return await self._dialogue.turned(Conversation(), words, request)

    async def _manage(self, conversation: Conversation, words: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        changed = await asyncio.to_thread(self._rail.changed, conversation, event_data(event), request)
        if changed is conversation:
            return self._shown.list_alone(await asyncio.to_thread(self._rail.listed, conversation, words, request))
        return await self._dialogue.turned(changed, words, request)

    def _open(self, conversation: Conversation, event: gr.EventData) -> str:
        exchange, chosen = find_clicked(conversation, event)
        return self._reading.opened(exchange, chosen.get("citation"), chosen.get("passage"))

    def _do(self, conversation: Conversation, event: gr.EventData, request: gr.Request) -> str:
        """Makes a link to an answer, or keeps what is thought of it; says so beside the composer."""
        exchange, chosen = find_clicked(conversation, event)
        return self._deeds.done(exchange, chosen, visitor(request))

    def _edit(self, conversation: Conversation, event: gr.EventData) -> Any:
        """The question for the box: as it was typed, or as it was understood."""
        exchange, chosen = find_clicked(conversation, event)
        if exchange and chosen.get("wish") == "reword":
            return exchange.question
        return exchange.answer.standalone_question if exchange and exchange.answer else gr.skip()
