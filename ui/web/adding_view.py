"""The view in which articles are added: what is given, what would be stored of it, and how the storing goes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from importlib.resources import files
from typing import Any

import gradio as gr

from rag.errors import UsageError
from ui.web.adding import Adding, Job
from ui.web.gradio_protocol import session_of
from ui.web.html import Fragments

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
Given = tuple[tuple[str, ...], str]
"""What is to be read, and the outlet of articles that name none."""
NOT_YOURS = "You may read here, and not add. Whoever looks after the archive can give you a link for editing."
SKIP = gr.skip


class AddingView:
    """Lays itself out in the page and connects its own events. `may_add` says whether whoever asks may add articles."""

    def __init__(self, adding: Adding, fragments: Fragments, may_add: Callable[[gr.Request], bool]) -> None:
        self._adding = adding
        self._fragments = fragments
        self._may_add = may_add
        self._jobs: dict[str, Job] = {}

    def lay_out(self) -> Any:
        """The column of the view, which the page shows to editors."""
        with gr.Column(elem_id="adding", visible=False) as view:
            head, script = self._fragments.page("adding.html"), (files("ui.web") / "adding.js").read_text("utf-8")
            gr.HTML(head, js_on_load=script, apply_default_css=False, elem_id="adding-head")
            self._files = gr.File(label="Files", file_count="multiple", type="filepath", elem_id="files", height=160)
            self._addresses = gr.Textbox(
                label="Addresses of pages or feeds, one a line", placeholder="https://", lines=3, max_lines=10,
                max_length=100_000, elem_id="addresses",
            )  # fmt: skip
            self._outlet = gr.Textbox(label="Outlet of articles that name none", max_length=200, elem_id="outlet-given")
            with gr.Row(elem_id="adding-line"):
                self._look = gr.Button("See what would be stored", elem_id="look", scale=0, min_width=220)
                self._store = gr.Button("Store", variant="primary", visible=False, elem_id="store", scale=0, min_width=160)
                self.retry = gr.Button("Try again what failed", visible=False, elem_id="retry", scale=0, min_width=180)
                self._stop = gr.Button("Stop", visible=False, elem_id="end", scale=0, min_width=80)
            self._told = gr.HTML(apply_default_css=False, elem_id="told")
            self._given: gr.State = gr.State(None)
        return view

    def connect(self, refresh: Callable[..., Any], refreshed: Sequence[Any]) -> None:
        """`refresh` gives anew what of the page, `refreshed`, depends on what is in the archive."""
        given: list[Any] = [self._files, self._addresses, self._outlet]
        shown = [self._told, self._given, self._look, self._store, self.retry, self._stop]
        fields = [self._files, self._addresses]
        once: dict[str, Any] = {"trigger_mode": "once", "concurrency_limit": 4, "concurrency_id": "add", **QUIET}
        self._look.click(self._look_at, given, shown, **once)
        stored = self._store.click(self._store_it, self._given, [*shown, *fields], **once)
        again = self.retry.click(self._try_again, None, [*shown, *fields], **once)
        for done in (stored, again):
            done.then(refresh, None, list(refreshed), queue=False, **QUIET)
        self._stop.click(self._end, queue=False, **QUIET)
        gr.on(
            [field.change for field in given], lambda: (None, gr.update(visible=False)), None, [self._given, self._store],
            queue=False, **QUIET,
        )  # fmt: skip

    async def _look_at(
        self, files: list[str] | None, addresses: str, outlet: str, request: gr.Request
    ) -> AsyncGenerator[list[Any]]:
        try:
            self._require(request)
            given = self._adding.check(files or (), addresses or "")
            jobs = self._adding.look(given, outlet or "")
            async with aclosing(self._follow(jobs, request)) as states:
                async for job in states:
                    yield self._draw(job, (given, outlet or ""))
        except UsageError as error:
            yield self._say(str(error))

    async def _store_it(self, given: Given | None, request: gr.Request) -> AsyncGenerator[list[Any]]:
        try:
            self._require(request)
            if given is None:
                raise UsageError("what is given has changed: look first at what would be stored")
            async with aclosing(self._follow(self._adding.store(*given), request)) as states:
                async for job in states:
                    done = job.report is not None and not job.report.interrupted
                    yield [*self._draw(job, given), *([None, ""] if done else [SKIP(), SKIP()])]
        except UsageError as error:
            yield [*self._say(str(error)), SKIP(), SKIP()]

    async def _try_again(self, request: gr.Request) -> AsyncGenerator[list[Any]]:
        try:
            self._require(request)
            async with aclosing(self._follow(self._adding.retry(), request)) as states:
                async for job in states:
                    yield [*self._draw(job, None), SKIP(), SKIP()]
        except UsageError as error:
            yield [*self._say(str(error)), SKIP(), SKIP()]

    async def _follow(self, jobs: AsyncGenerator[Job], request: gr.Request) -> AsyncGenerator[Job]:
        """The job as it goes on; meanwhile the visitor's Stop button stops it."""
        session = session_of(request)
        async with aclosing(jobs) as states:
            try:
                async for job in states:
                    self._jobs[session] = job
                    yield job
            finally:
                self._jobs.pop(session, None)

    def _end(self, request: gr.Request) -> None:
        if job := self._jobs.get(session_of(request)):
            job.stop.set()

    def _require(self, request: gr.Request) -> None:
        if not self._may_add(request):
            raise UsageError(NOT_YOURS)

    def _draw(self, job: Job, given: Given | None) -> list[Any]:
        """What each component of `shown` becomes."""
        working = job.report is None and job.error is None
        wanted = job.report.counts["stored"] + job.report.counts["replaced"] if job.report else 0
        offered = job.kind == "look" and bool(wanted) and not (job.report and job.report.interrupted)
        failed = bool(job.report and job.kind != "look" and job.report.failed)
        store = gr.update(visible=offered, value=f"Store {wanted:,} article{'s' * (wanted != 1)}")
        return [
            self._fragments.adding(job),
            given if offered or working or job.error else None,
            gr.update(visible=not working),
            store,
            gr.update(visible=failed),
            gr.update(visible=working),
        ]

    def _say(self, problem: str) -> list[Any]:
        """Nothing but the problem changes."""
        return [self._fragments.problem(problem), *[SKIP()] * 5]
