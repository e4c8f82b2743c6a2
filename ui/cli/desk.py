"""Who answers a question: this process, or the one that already has the archive open and serves it."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

from rag.errors import ArchiveInUse, DatelineError, StorageError, UsageError
from ui.cli.output import say
from ui.render import Json, answer_json, hits_json

if TYPE_CHECKING:
    import httpx

    from rag.pipeline import Rag
    from rag.settings import Settings

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the command line or a line of a batch gives it; days are still text."""

    question: str
    since: str | None = None
    until: str | None = None
    outlets: tuple[str, ...] = ()
    as_of: str | None = None
    history: tuple[tuple[str, str], ...] = ()
    """Pairs of role and content, oldest first."""
    max_risk: float | None = None
    llm: str | None = None
    insist: bool = False
    literal: bool = False
    ignored: tuple[str, ...] = ()
    trace: Path | None = None
    """Where the trace of the answer goes."""


class Desk(Protocol):
    """Answers and hits as documents of the contract."""

    def ask(self, query: Query) -> Json: ...
    def search(self, query: Query, k: int) -> Json: ...


class OwnDesk:
    """Answers with the archive that this process has open."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag

    def ask(self, query: Query) -> Json:
        from rag.trace import trace_json, write_trace
        from rag.types import Role, Turn

        answer = self._rag.ask(
            query.question,
            history=tuple(Turn(cast("Role", role), content) for role, content in query.history),
            since=query.since,
            until=query.until,
            outlets=query.outlets,
            as_of=query.as_of,
            max_risk=query.max_risk,
            llm=query.llm,
            insist=query.insist,
            literal=query.literal,
            ignored=query.ignored,
        )
        if query.trace:
            try:
                write_trace(json.dumps(trace_json(answer), indent=1), query.trace)
            except OSError as error:
                raise StorageError(f"the trace cannot be written to {query.trace}: {error.strerror or error}") from error
        return answer_json(answer)

    def search(self, query: Query, k: int) -> Json:
        from rag.days import make_filters

        filters = make_filters(query.since, query.until, query.outlets)
        passages = self._rag.search(
            query.question, k=k, since=query.since, until=query.until, outlets=query.outlets, as_of=query.as_of,
            literal=query.literal, ignored=query.ignored,
        )  # fmt: skip
        return hits_json(query.question, filters, passages)


class ServedDesk:
    """Passes questions on to the process that serves the archive at `url`, which must be on this machine."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self._url = url
        self._client = client

    def ask(self, query: Query) -> Json:
        history = [{"role": role, "content": content} for role, content in query.history]
        if query.trace:
            raise UsageError(
                f"--trace: the archive is served at {self._url}; set DATELINE_TRACES for the process that serves it, or stop it"
            )
        asked = {"max_risk": query.max_risk, "llm": query.llm, "insist": query.insist}
        return self._post("ask", {**_limits(query), "history": history, **asked})

    def search(self, query: Query, k: int) -> Json:
        return self._post("search", {**_limits(query), "k": k})

    def _post(self, name: str, payload: Json) -> Json:
        import httpx

        try:
            response = self._client.post(f"{self._url}/api/{name}", json=payload)
            document = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise StorageError(
                f"the archive is served at {self._url}, which does not answer: {error or type(error).__name__}"
            ) from error
        if response.is_success and isinstance(document, dict):
            return document
        detail = document.get("detail", document) if isinstance(document, dict) else document
        refusal: type[DatelineError] = UsageError if response.is_client_error else StorageError
        raise refusal(f"{self._url} answers {response.status_code}: {detail}")


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    from rag.pipeline import Rag

    try:
        rag = Rag.open(settings=settings)
    except ArchiveInUse as error:
        if error.url is None or not _on_this_machine(error.url):
            raise
        import httpx

        say(f"another process (pid {error.pid}) has the archive open; asking it at {error.url}")
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        with httpx.Client(timeout=timeout, trust_env=False) as client:  # no proxy: the question stays on this machine
            yield ServedDesk(error.url.rstrip("/"), client)
    else:
        with rag:
            yield OwnDesk(rag)


def _limits(query: Query) -> Json:
    return {
        "question": query.question,
        "since": query.since,
        "until": query.until,
        "outlets": list(query.outlets),
        "as_of": query.as_of,
        "literal": query.literal,
        "ignored": list(query.ignored),
    }


def _on_this_machine(url: str) -> bool:
    try:
        return ipaddress.ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False
