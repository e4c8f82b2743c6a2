"""The fields that a question is limited with: what they mean, and how a chip or a calendar changes them."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.days import make_filters
from rag.errors import UsageError
from rag.types import Filters
from ui.web.gradio_protocol import event_data
from ui.web.html import Fragments


class FilterFields:
    def __init__(self, fragments: Fragments) -> None:
        self._fragments = fragments

    def drop(self, since: str, until: str, outlets: list[str], event: gr.EventData) -> list[Any]:
        """The fields without the filter that was taken away."""
        part = str(event_data(event).get("part", ""))
        kept = [outlet for outlet in outlets or [] if f"outlet {outlet}" != part]
        return ["" if part == "since" else since, "" if part == "until" else until, kept]

    def pick(self, event: gr.EventData) -> list[Any]:
        """The fields with the day that was chosen in the calendar."""
        chosen = event_data(event)
        day = str(chosen.get("day", ""))[:40]
        return [day if chosen.get("part") == part else gr.skip() for part in ("since", "until")]

    def check(self, since: str, until: str, outlets: list[str]) -> tuple[str, str]:
        """What the filters mean; what was said of them before is no longer so."""
        try:
            return self._fragments.filters(make_filters(since, until, outlets or [])), ""
        except UsageError as error:
            return self._fragments.filters(Filters(), str(error)), ""
