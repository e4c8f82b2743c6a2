"""Every touch of what Gradio does not document: the paths of its page, whose session a request is of, and how it is ended.

A new Gradio may change any of it. It is touched here alone, and `tests/ui/test_gradio_protocol.py` fails first and says what.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    import gradio
    from fastapi import FastAPI

PREFIX = "/gradio_api/"
CLIENT_PATHS = (
    r"/(theme\.css|favicon\.ico|manifest\.json|robots\.txt)?"
    r"|/(assets|static)/[^/].*"
    r"|/gradio_api/(queue/(join|data)|run/predict|cancel|reset|startup-events|heartbeat/\w+)"
)
"""What Gradio's page asks for. Its downloads, proxies, API pages and monitors are not among it."""
UPLOAD = "/gradio_api/upload"
UPLOAD_PATHS = rf"{UPLOAD}(_progress)?"
"""What the page asks for where files may be added."""
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
SOCIAL_CARD = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
BASE = re.compile(r"<base\s[^>]*>")
FRAME_SCRIPT = re.compile(r"<script>\s*\(\(\) => \{\s*const root = (?:(?!</script>).)*iframeResizer.*?</script>", re.DOTALL)

_HEARTBEAT = re.compile(r"/gradio_api/heartbeat/(\w+)")
_BODIES_WITH_SESSION = frozenset({"/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/cancel"})
_STREAM = "/gradio_api/queue/data"
_SESSION = "session_hash"

Rename = Callable[[str], str]
"""From the name that a page gives its session to the one that Gradio sees."""


def has_session_in_body(path: str) -> bool:
    return path in _BODIES_WITH_SESSION


def rename_session(path: str, query: str, rename: Rename) -> tuple[str, str]:
    """A request's path and query with the session that they name renamed."""
    if match := _HEARTBEAT.fullmatch(path):
        return f"{PREFIX}heartbeat/{rename(match[1])}", query
    if path == _STREAM:
        given = dict(parse_qsl(query))
        return path, urlencode({**given, _SESSION: rename(given.get(_SESSION, ""))})
    return path, query


def rename_session_in_body(body: bytes, rename: Rename) -> bytes | None:
    """A request's body with the session that it names renamed; None for a body that names none."""
    try:
        given = json.loads(body)
        given[_SESSION] = rename(str(given[_SESSION]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return json.dumps(given).encode("ascii")


def clean_document(document: str) -> str:
    """Gradio's page without its social cards, its base address, and the script for frames."""
    for unwanted in (SOCIAL_CARD, BASE, FRAME_SCRIPT):
        document = unwanted.sub("", document)
    return document


def event_data(event: gradio.EventData) -> dict[str, Any]:
    """What the browser says of a click."""
    return event._data if isinstance(event._data, dict) else {}


def session_of(request: gradio.Request) -> str:
    return request.session_hash or ""


def scope_of(request: gradio.Request) -> MutableMapping[str, Any]:
    """The request as the server got it, with what stands in front of Gradio has noted in it."""
    assert request.request is not None  # only calls that come from no browser have none
    return request.request.scope


def bound_sessions(blocks: gradio.Blocks, sessions: int) -> None:
    """Keep the state of so many sessions; the one that was used longest ago goes first."""
    blocks.state_session_capacity = sessions


def find_mounted_chat(app: FastAPI) -> Any:
    """The application that Gradio has mounted at the root of `app`."""
    return next(route.app for route in app.routes if getattr(route, "path", None) == "" and hasattr(route, "app"))


def end_streams(chat: Any) -> None:
    """End the event streams of open pages, which would otherwise hold the server up."""
    chat.stop_event.set()
