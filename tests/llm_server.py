"""A server on loopback that speaks the chat completions of OpenAI, well or badly, word for word as a test scripts it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

Step = bytes | float | None
"""Bytes to send, seconds to wait, or None for a reset of the connection."""
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def event(text: str | None, **more: object) -> bytes:
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}], **more}).encode() + b"\n\n"


def status(code: int, body: str = "{}", *headers: str, kind: str = "application/json") -> bytes:
    head = "".join(f"{header}\r\n" for header in headers)
    fixed = f"HTTP/1.1 {code} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    return f"{fixed}{head}\r\n{body}".encode()


@dataclass
class Scripted:
    """Plays one script a request, the last one for all that follow. `requests` are the heads and bodies, `left` tells of a client
    that hung up while the server waited."""

    scripts: Sequence[Sequence[Step]]
    requests: list[bytes] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def play(self, client: socket.socket) -> None:
        with client:
            self.requests.append(_request(client))
            script = self.scripts[min(len(self.requests), len(self.scripts)) - 1]
            for step in script:
                if step is None:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    return
                if isinstance(step, bytes):
                    try:
                        client.sendall(step)
                    except OSError:
                        self.left.set()
                        return
                elif _hung_up(client, step):
                    self.left.set()
                    return


@contextmanager
def serving(*scripts: Sequence[Step]) -> Iterator[Scripted]:
    scripted = Scripted(scripts)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scripted.port = listener.getsockname()[1]
        threading.Thread(target=_accept, args=(listener, scripted), daemon=True).start()
        yield scripted


def _accept(listener: socket.socket, scripted: Scripted) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=scripted.play, args=(client,), daemon=True).start()


def _request(client: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := client.recv(65536)):
            return data
        data += more
        if data.startswith(b"\x16"):  # the greeting of TLS
            return data
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
    while len(body) < length and (more := client.recv(65536)):
        body += more
    return head + b"\r\n\r\n" + body


def _hung_up(client: socket.socket, seconds: float) -> bool:
    """Waits, and tells at once when the other side closes."""
    client.settimeout(0.05)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if client.recv(1) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False
