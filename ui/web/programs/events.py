"""Server-sent events: what is sent while an answer is made."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable

from fastapi.responses import StreamingResponse

from ui.render import Json

STILL_THERE = ": still there\n\n"
"""A comment, which no reader takes for an event: it keeps connections open that would be closed for silence."""
QUIET_TICKS = 20
"""Every so many ticks without an answer (see `ui.web.stream`) the comment is sent."""


def event(data: Json | str, name: str | None = None) -> str:
    """One event; JSON is in ASCII, so that no lone surrogate of an article can spoil it."""
    text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n" if name else f"data: {text}\n\n"


class EventStream(StreamingResponse):
    """Sends events as they come; nothing on the way is to keep them."""

    def __init__(self, events: AsyncIterable[str]) -> None:
        super().__init__(events, media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
