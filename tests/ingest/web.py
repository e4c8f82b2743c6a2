"""A real web server on loopback whose hosts have public-looking names, and a canary beside it that nobody may touch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

Respond = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; a page of the site answers it."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.headers["Host"], self.path, {name.lower(): value for name, value in self.headers.items()}))
        page = self.server.pages.get(self.path)
        if page is None:
            self.give(b"not here", status=404)
        elif callable(page):
            page(self)
        else:
            self.give(page)

    def give(self, body: bytes, kind: str | None = "text/html", status: int = 200, **headers: str) -> None:
        """Send a whole response; `_` in the name of a header stands for `-`."""
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test says what it expects."""


class Site(ThreadingHTTPServer):
    """`pages` are bodies or functions by path; `asked` is every request with its Host, path and headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.pages: dict[str, bytes | Respond] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many tests are about."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, host: str = "news.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [path for _, path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


@dataclass
class Names:
    """Resolves names to numbers and counts how often it was asked. Each name has the answers of successive questions."""

    numbers: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self.numbers.get(host)
        if answers is None:
            raise OSError("unknown name")
        return answers.pop(0) if len(answers) > 1 else answers[0]


def only_test_server(number: object) -> bool:
    """127.0.0.1 stands for the one public machine of a test; every other number of this machine's is refused."""
    return number == ip_address("127.0.0.1")
