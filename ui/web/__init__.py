"""The web chat and the HTTP API. `create_app(rag, …)` makes the application, `serve(rag, host, port)` runs it until stopped."""

from __future__ import annotations

from ui.web.limits import Limits
from ui.web.server import create_app, serve

__all__ = ["Limits", "create_app", "serve"]
