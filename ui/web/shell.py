"""The page around the chat: Gradio's own document, less its social cards, with our stylesheet and a strict content policy."""

from __future__ import annotations

import base64
import hashlib

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.gradio_protocol import INLINE_SCRIPT, clean_document

HEAD = """<meta name="description" content="Questions to a news archive, answered in its own words with exact sources.">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{root}/favicon.ico">
<link rel="stylesheet" href="{root}/dateline/chat.css">
<script src="{root}/dateline/theme.js"></script>
</head>"""
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Inline scripts run by their hash alone, inline handlers never. 'unsafe-eval' is for Gradio's HTML component, which compiles its
template with `Function`; the template is ours and constant, and a value is never compiled."""


class Shell:
    """Rewrites the document at `/`; everything else passes."""

    def __init__(self, app: ASGIApp, root: str = "") -> None:
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]  # it must come readable
        start: Message = {}
        body = bytearray()

        async def rewrite(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if message.get("more_body", False):
                return
            document = tidy_document(body.decode("utf-8"), self._root)
            content = document.encode("utf-8")
            answer = MutableHeaders(scope=start)
            answer["Content-Length"] = str(len(content))
            answer["Content-Security-Policy"] = policy(document)
            answer["Cache-Control"] = "no-store"
            await send(start)
            await send({"type": "http.response.body", "body": content})

        await self._app({**scope, "headers": headers, "query_string": b""}, receive, rewrite)


def tidy_document(document: str, root: str = "") -> str:
    return clean_document(document).replace("</head>", HEAD.replace("{root}", root), 1)


def policy(document: str) -> str:
    """The content policy that lets exactly the inline scripts of `document` run."""
    digests = (hashlib.sha256(script.encode("utf-8")).digest() for script in INLINE_SCRIPT.findall(document))
    return POLICY.format(hashes=" ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests))
