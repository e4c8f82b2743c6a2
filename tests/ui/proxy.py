"""A small reverse proxy, as a newsroom has one in front of what it serves below one name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

from tests.ui.serving import PATIENCE

OWN = frozenset({"connection", "transfer-encoding", "content-length"})


class Proxy(ThreadingHTTPServer):
    """Passes on what comes below `root` to `behind`, with `root` taken off the front where it is `stripped`."""

    def __init__(self, behind: str, root: str, *, stripped: bool) -> None:
        super().__init__(("127.0.0.1", 0), PassingOn)
        self.behind, self.root, self.stripped = behind, root, stripped
        self.daemon_threads = True
        self.client = httpx.Client(timeout=PATIENCE, trust_env=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{self.root}"

    def target(self, path: str) -> str | None:
        if path != self.root and not path.startswith(f"{self.root}/"):
            return None
        return self.behind + (path.removeprefix(self.root) or "/" if self.stripped else path)


class PassingOn(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self) -> None:
        assert isinstance(self.server, Proxy)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.close_connection = True
        if (target := self.server.target(self.path)) is None:
            self.send_error(404)
            return
        headers = {**dict(self.headers.items()), "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": self.headers["Host"]}
        with self.server.client.stream(self.command, target, headers=headers, content=body) as answer:
            self.send_response(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name not in OWN:
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            with suppress(httpx.HTTPError, OSError):  # one of the two has hung up
                for piece in answer.iter_raw():
                    self.wfile.write(piece)
                    self.wfile.flush()

    def do_GET(self) -> None:
        self.pass_on()

    def do_POST(self) -> None:
        self.pass_on()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def passing_on(behind: str, root: str, *, stripped: bool = False) -> Iterator[str]:
    """The address at which a proxy has the server `behind` below `root`."""
    proxy = Proxy(behind, root, stripped=stripped)
    thread = Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield proxy.address
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
        proxy.client.close()
