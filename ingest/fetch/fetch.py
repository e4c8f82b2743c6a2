"""Asking for pages: politely, within limits, following a few redirects, each checked like the first address."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from types import TracebackType
from typing import TypeAlias
from urllib.parse import SplitResult, urljoin

import httpcore

from ingest.fetch.address import PORTS, Allowed, NotAllowed, Resolver, check_address, is_public, system_resolver, without_secrets
from ingest.fetch.body import PIECE, media_type, suffix_of, unpack
from ingest.fetch.connection import CheckedBackend, Deadline
from ingest.fetch.errors import FetchFailed, FetchRefused
from ingest.fetch.page import FetchedPage, Unchanged
from ingest.fetch.robots import AGENT, Robots

Headers: TypeAlias = dict[str, str]

MOVED = frozenset({301, 302, 303, 307, 308})
MAX_ROBOTS = 500_000
"""Bytes of a robots.txt that count (RFC 9309)."""
_STATE = re.compile(r"[\x20-\x7e]{1,1000}")
"""What a header can carry; servers have named states that none can."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, between two parts of a response, and for all of it; unpacked bytes; redirects; and the seconds
    between two requests to a host. `wait` is the longest that a server's Retry-After is waited for at once."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 30.0
    size: int = 20_000_000
    redirects: int = 5
    between: float = 1.0
    wait: float = 10.0


class Fetcher:
    """Fetches pages into files that are gone when it is closed. Not for several threads at once.

    It can be used again after that, and still knows what each robots.txt says.

    `resolve` and `allow` say which machine a name means and which may be connected to.
    """

    def __init__(
        self,
        resolve: Resolver = system_resolver,
        *,
        limits: Limits | None = None,
        allow: Allowed = is_public,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits or Limits()
        self._sleep = sleep
        self._deadline = Deadline()
        backend = CheckedBackend(resolve, allow, self._deadline)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpcore.default_ssl_context(), max_connections=4, keepalive_expiry=30.0, network_backend=backend
        )
        self._robots = Robots(self._robots_text)
        self._asked: dict[str, float] = {}
        self._folder: TemporaryDirectory[str] | None = None

    def fetch(self, url: str, etag: str | None = None, last_modified: str | None = None) -> FetchedPage | Unchanged:
        """The page at `url`, or that it is still in the state that `etag` and `last_modified` name.

        Raises FetchRefused for what is not asked for or not taken, and FetchFailed for what cannot be had now.
        """
        parts = check_address(url)
        state = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in state.items() if value and _STATE.fullmatch(value)}
        for _ in range(self._limits.redirects + 1):
            found = self._visit(parts, headers)
            if not isinstance(found, SplitResult):
                return found
            parts = _follow(parts, found)
        raise FetchRefused(f"{without_secrets(url)}: more than {self._limits.redirects} redirects")

    def close(self) -> None:
        self._pool.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _visit(self, parts: SplitResult, headers: Headers) -> FetchedPage | Unchanged | SplitResult:
        """What one address gives: a page, or where to go on."""
        url = parts.geturl()
        if not self._robots.allows(parts):
            raise FetchRefused(f"{url}: its site asks programs not to read it (robots.txt)")
        for last in (False, True):
            with self._response(parts, headers) as (response, given):
                wait = _retry_after(given.get("retry-after")) if response.status in (429, 503) else None
                if wait is None or last or wait > self._limits.wait:
                    return self._read(parts, response, given, wait, conditional=bool(headers))
            self._sleep(wait)
        raise AssertionError("the second time there is an answer or an error")

    def _read(
        self, parts: SplitResult, response: httpcore.Response, given: Headers, wait: float | None, conditional: bool
    ) -> FetchedPage | Unchanged | SplitResult:
        url = parts.geturl()
        if response.status == 304 and conditional:
            return Unchanged(url)
        if response.status in MOVED and given.get("location"):
            return check_address(urljoin(url, given["location"]))
        if response.status != 200:
            raise FetchFailed(f"{url}: its server says {response.status}", wait)
        kind, charset = media_type(given.get("content-type", ""))
        suffix = suffix_of(kind, url)
        if (length := given.get("content-length", "")).isdecimal() and int(length) > self._limits.size:
            raise FetchRefused(f"{url}: larger than {self._limits.size:,} bytes")
        body = self._store(self._bytes(response, given, self._limits.size, url), suffix)
        return FetchedPage(url, body, kind or None, charset, given.get("etag"), given.get("last-modified"))

    def _store(self, content: Iterator[bytes], suffix: str) -> Path:
        self._folder = self._folder or TemporaryDirectory(prefix="dateline-pages-")
        handle, name = mkstemp(f".{suffix.lstrip('.')}" if suffix else "", dir=self._folder.name)
        try:
            with os.fdopen(handle, "wb") as file:
                for part in content:
                    file.write(part)
        except BaseException:
            Path(name).unlink()
            raise
        return Path(name)

    def _robots_text(self, parts: SplitResult) -> str:
        """A site without the file allows everything; one that cannot answer for it is left alone for now (RFC 9309)."""
        for _ in range(self._limits.redirects + 1):
            with self._response(parts, {}, polite=False) as (response, given):
                url = parts.geturl()
                if response.status in MOVED and given.get("location"):
                    parts = _follow(parts, check_address(urljoin(url, given["location"])))
                    continue
                if response.status >= 500 or response.status == 429:
                    wait = _retry_after(given.get("retry-after"))
                    raise FetchFailed(
                        f"{url}: its server says {response.status}, so that nothing of the site is read for now", wait
                    )
                if response.status != 200:
                    return ""
                return self._start(self._bytes(response, given, MAX_ROBOTS + 2 * PIECE, url)).decode("utf-8", "replace")
        return ""

    @staticmethod
    def _start(parts: Iterator[bytes]) -> bytes:
        """The whole lines that count."""
        content = b""
        for part in parts:
            content += part
            if len(content) > MAX_ROBOTS:
                return content[:MAX_ROBOTS].rpartition(b"\n")[0]
        return content

    def _bytes(self, response: httpcore.Response, given: Headers, limit: int, url: str) -> Iterator[bytes]:
        return unpack(response.iter_stream(), given.get("content-encoding", "").lower(), limit, url)

    @contextmanager
    def _response(self, parts: SplitResult, headers: Headers, polite: bool = True) -> Iterator[tuple[httpcore.Response, Headers]]:
        """An answer whose body is still to be read, and its headers by their names in small letters."""
        if polite:
            self._wait_for(parts)
        sent: list[tuple[bytes | str, bytes | str]] = [
            ("Host", parts.netloc),
            ("User-Agent", f"{AGENT}/{_version()} (a news archive on its user's machine)"),
            ("Accept", "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,*/*;q=0.5"),
            ("Accept-Encoding", "gzip, deflate"),
            *headers.items(),
        ]
        limits = self._limits
        timeouts = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
        self._deadline.start(limits.total)
        try:
            with self._pool.stream("GET", parts.geturl(), headers=sent, extensions={"timeout": timeouts}) as response:
                yield response, {name.decode("latin-1").lower(): _text(value) for name, value in response.headers}
        except NotAllowed as error:
            raise FetchRefused(f"{parts.geturl()}: not fetched; {error}") from error
        except httpcore.TimeoutException as error:
            raise FetchFailed(f"{parts.geturl()}: its server does not answer in time") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            reason = str(error) or type(error).__name__
            raise FetchFailed(f"{parts.geturl()}: it cannot be fetched ({reason})") from error
        finally:
            self._asked[parts.netloc] = time.monotonic()

    def _wait_for(self, parts: SplitResult) -> None:
        """Until the host has had its rest since the last request."""
        pause = max(self._limits.between, self._robots.delay(parts))
        rested = time.monotonic() - self._asked.get(parts.netloc, -pause)
        if rested < pause:
            self._sleep(pause - rested)


def _follow(old: SplitResult, new: SplitResult) -> SplitResult:
    """Where a redirect leads. Raises FetchRefused where it gives up a secure connection or goes to an odd port."""
    if old.scheme == "https" and new.scheme == "http":
        raise FetchRefused(f"{old.geturl()}: it redirects to an address without https")
    if new.port not in (None, PORTS[new.scheme], old.port):
        raise FetchRefused(f"{old.geturl()}: it redirects to another port, {new.port}")
    return new


def _text(value: bytes) -> str:
    """Headers should be ASCII; where they are not, they mostly are UTF-8."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _retry_after(written: str | None) -> float | None:
    """Seconds to wait; None where nothing that can be read is said."""
    if not written:
        return None
    if written.strip().isdecimal():
        return float(written)
    try:
        return max(0.0, (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _version() -> str:
    try:
        return version("dateline")
    except PackageNotFoundError:
        return "0"
