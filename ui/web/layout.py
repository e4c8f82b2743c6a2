"""Where everything stands on the page: the list of conversations, the talk with its composer, the sources beside it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import gradio as gr

from rag.settings import MAX_QUESTION_CHARACTERS, NONE, Settings
from ui.web.adding_view import AddingView
from ui.web.conversation import Conversation

QUOTATIONS = "the articles’ own words"
SESSION_SECONDS = 12 * 3600


class Layout:
    """The components of the page, made inside the `gr.Blocks` that is open."""

    def __init__(self, settings: Settings, adding: AddingView) -> None:
        self.conversation = gr.State(Conversation(), time_to_live=SESSION_SECONDS)
        self._lay_out_rail()
        self.masthead = _html(elem_id="masthead")
        self.added = adding.lay_out()
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", scale=3, min_width=320):
                self.welcome = _html(elem_id="welcome")
                self.past = _html("copy.js", "conversation.js", elem_id="past")
                self.current = _html("copy.js", "conversation.js", "current.js", elem_id="current")
                self.next = _html("questions.js", elem_id="next")
                self._lay_out_composer(settings)
                self.offered = _html("questions.js", elem_id="examples")
            with gr.Column(elem_id="reading", scale=2, min_width=320):
                self.source = _html("source.js", elem_id="source")
                self.sources = _html("copy.js", "conversation.js", elem_id="sources")

    @property
    def limits(self) -> list[Any]:
        """The fields that a question is limited with."""
        return [self.since, self.until, self.outlets]

    @property
    def given(self) -> list[Any]:
        """What a question is made of."""
        return [self.conversation, self.question, *self.limits, self.llm, self.insist]

    @property
    def talk(self) -> list[Any]:
        """What shows a conversation."""
        return [self.conversation, self.welcome, self.offered, self.past, self.current, self.sources]

    @property
    def shown(self) -> list[Any]:
        """All that a question changes, in the order in which `ui.web.shown` gives it."""
        return [*self.talk, self.source, self.next, self.question, self.problem, self.send, self.stop, self.listed]

    def _lay_out_rail(self) -> None:
        with gr.Sidebar(open=False, width=300, elem_id="rail"):
            self.new = gr.Button("New conversation", elem_id="new")
            self.find = gr.Textbox(label="Find a conversation", placeholder="Find a conversation", elem_id="find", max_length=200)
            self.listed = _html("rail.js", elem_id="conversations")

    def _lay_out_composer(self, settings: Settings) -> None:
        with gr.Column(elem_id="ask"):
            self.filters = _html("filters.js", elem_id="filters")
            with gr.Row(elem_id="line"):
                self.question = gr.Textbox(
                    label="Your question", placeholder="Ask the archive", elem_id="question", autofocus=True,
                    lines=1, max_lines=6, max_length=MAX_QUESTION_CHARACTERS, scale=1, min_width=120,
                )  # fmt: skip
                self.send = gr.Button("Ask", variant="primary", elem_id="send", scale=0, min_width=80)
                self.stop = gr.Button("Stop", visible=False, elem_id="stop", scale=0, min_width=80)
            with gr.Accordion("Dates, outlets and wording", open=False, elem_id="limits"):
                self._lay_out_limits(settings)
            self.problem = _html("copy.js", "told.js", elem_id="problem")

    def _lay_out_limits(self, settings: Settings) -> None:
        written: dict[str, Any] = {"placeholder": "2025 or 2025-08-31", "min_width": 140, "max_length": 40}
        with gr.Row():
            self.since = gr.Textbox(label="Since", elem_id="since", **written)
            self.until = gr.Textbox(label="Until", elem_id="until", **written)
            self.outlets = gr.Dropdown(
                [], label="Outlets", multiselect=True, elem_id="outlets", min_width=200, scale=2, filterable=True
            )
        self.days = _html("days.js", elem_id="days")
        models = list(dict.fromkeys((settings.llm, NONE, *settings.llm_offered)))
        with gr.Row():
            self.llm = gr.Dropdown(
                [(QUOTATIONS if name == NONE else name, name) for name in models], value=settings.llm, label="Worded by",
                elem_id="llm", visible=len(models) > 1, min_width=200, filterable=False,
            )  # fmt: skip
            self.insist = gr.Checkbox(False, label="Answer even from weak evidence", elem_id="insist", min_width=200)


def _html(*scripts: str, **options: Any) -> gr.HTML:
    """A place for fragments. The scripts run in it once; they hear clicks and changes."""
    text = "\n".join((files("ui.web") / script).read_text("utf-8") for script in scripts)
    return gr.HTML(js_on_load=text or None, apply_default_css=False, **options)
