"""The web application on a free port of this machine, served by a thread, and a visitor who speaks Gradio's protocol to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx

from rag.pipeline import Rag
from tests.ui.newsroom import Newsroom
from ui.web import create_app
from ui.web.server import Server, listen

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
PATIENCE = 40.0
"""Seconds after which something that should happen is taken not to happen."""


@contextmanager
def serving(newsroom: Newsroom, **options: Any) -> Iterator[str]:
    """The address of a server over `newsroom`."""
    with serving_rag(newsroom.rag(), **options) as address:
        try:
            yield address
        finally:
            newsroom.release.set()


@contextmanager
def serving_rag(rag: Rag, *, host: str = "127.0.0.1", **options: Any) -> Iterator[str]:
    """The address of a server over `rag`, which believes to be reached at `host`."""
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = Server(create_app(rag, host=host, port=port, **options))
    thread = Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        eventually(lambda: server.started)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.handle_exit(15, None)
        thread.join()
        listener.close()


def eventually(happened: Any) -> None:
    until = monotonic() + PATIENCE
    while not happened():
        assert monotonic() < until, "it did not happen"
        sleep(0.02)


class Visitor:
    """A browser that has the page open, without the page: it knows the numbers of the page's functions."""

    def __init__(self, address: str, session: str = "session1", client: httpx.Client | None = None) -> None:
        self.client = client or httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False)
        self.session = session
        document = self.client.get("/").text
        found = re.search(r"window\.gradio_config = (\{.*?\});</script>", document, re.DOTALL)
        assert found
        config = json.loads(found[1])
        self.functions = {each["api_name"]: each["id"] for each in config["dependencies"]}

    def ask(self, question: str, conversation: Any = None) -> httpx.Response:
        """Queues the question, as the page does; `conversation` is what the page claims to have said before."""
        data = [conversation, question, "", "", [], None, False]
        return self.post("queue/join", data, "ask")

    def post(self, route: str, data: list[Any], function: str) -> httpx.Response:
        body = {"data": data, "fn_index": self.functions[function], "session_hash": self.session, "trigger_id": None}
        return self.client.post(f"/gradio_api/{route}", json=body)

    def messages(self) -> Iterator[dict[str, Any]]:
        """What the server sends to the session, until it says that all is sent."""
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session}) as response:
            for line in response.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))
