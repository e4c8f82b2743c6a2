"""Request bodies: read whole before anything else sees them, and only as far as the limit."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.gradio_protocol import UPLOAD
from ui.web.limits import Limits


class BodyLimit:
    """Answers 413 to a body over the limit, announced or arrived, and 408 to one that takes too long."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] == UPLOAD:
            await self._pass_through(scope, receive, send)
            return
        status, detail = 413, f"the request is too long; send at most {self._limits.body_bytes:,} bytes"
        body: bytes | None = None
        if self._get_announced(scope) <= self._limits.body_bytes:
            try:
                async with asyncio.timeout(self._limits.body_seconds):
                    body = await self._read(receive)
            except TimeoutError:
                status, detail = 408, "the request took too long to arrive"
        if body is None:
            await JSONResponse({"detail": detail}, status, {"Connection": "close"})(scope, receive, send)
        else:
            await self._app(scope, replay(body, receive), send)

    async def _pass_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Files, which Gradio writes to the disk as they come, and bounds each: here is bounded what comes at once."""
        most, read = self._limits.upload_bytes * self._limits.uploads_at_once, 0

        async def receive_some() -> Message:
            nonlocal read
            async with asyncio.timeout(self._limits.body_seconds):
                message = await receive()
            read += len(message.get("body", b""))
            return message if read <= most else {"type": "http.disconnect"}

        if self._get_announced(scope) > most:
            detail = f"the files are too large together; send at most {most:,} bytes at once"
            await JSONResponse({"detail": detail}, 413, {"Connection": "close"})(scope, receive, send)
            return
        await self._app(scope, receive_some, send)

    def _get_announced(self, scope: Scope) -> int:
        length = Headers(scope=scope).get("content-length", "0")
        return int(length) if length.isdecimal() else 0

    async def _read(self, receive: Receive) -> bytes | None:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return bytes(body)
            body += message.get("body", b"")
            if len(body) > self._limits.body_bytes:
                return None
            if not message.get("more_body", False):
                return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives `body` once and then what comes after it, which is the end of the connection."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
