"""Who answers a question: this process, or the one that already has the archive open and serves it."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from rag.errors import ArchiveInUse, DatelineError, StorageError, UsageError
from ui.cli.output import say
from ui.render import Json, answer_json, hits_json

if TYPE_CHECKING:
    import httpx

    from rag.pipeline import Rag
    from rag.settings import Settings
    from rag.types import Question

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 120.0


class Desk(Protocol):
    """Answers and hits as documents of the contract. `trace` is where the trace of an answer goes."""

    def ask(self, question: Question, trace: Path | None = None) -> Json: ...
    def search(self, question: Question) -> Json: ...


class OwnDesk:
    """Answers with the archive that this process has open."""

    def __init__(self, rag: Rag) -> None:
        self._rag = rag

    def ask(self, question: Question, trace: Path | None = None) -> Json:
        from rag.trace import trace_json, write_trace

        answer = self._rag.ask(question)
        if trace:
            try:
                write_trace(json.dumps(trace_json(answer), indent=1), trace)
            except OSError as error:
                raise StorageError(f"the trace cannot be written to {trace}: {error.strerror or error}") from error
        return answer_json(answer)

    def search(self, question: Question) -> Json:
        return hits_json(question, self._rag.search(question))


class ServedDesk:
    """Passes questions on to the process that serves the archive at `url`, which must be on this machine."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self._url = url
        self._client = client

    def ask(self, question: Question, trace: Path | None = None) -> Json:
        if trace:
            raise UsageError(
                f"--trace: the archive is served at {self._url}; set DATELINE_TRACES for the process that serves it, or stop it"
            )
        return self._post("ask", question)

    def search(self, question: Question) -> Json:
        return self._post("search", question)

    def _post(self, name: str, question: Question) -> Json:
        import httpx

        from rag.request import question_fields

        try:
            response = self._client.post(f"{self._url}/api/{name}", json=question_fields(question))
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


def open_rag(settings: Settings) -> Rag:
    """The archive of the settings, or where another process on this machine has it open and serves it, that one over HTTP."""
    from rag.pipeline import Rag

    try:
        return Rag.open(settings=settings)
    except ArchiveInUse as error:
        if error.url is None or not _on_this_machine(error.url):
            raise
        say(f"another process (pid {error.pid}) has the archive open; asking it at {error.url}")
        return Rag.open(error.url, settings)


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    from rag.pipeline import Rag

    try:
        rag = Rag.open(settings=settings)
    except ArchiveInUse as error:
        if error.url is None or not _on_this_machine(error.url):
            raise
        import httpx

        _tell_once(f"another process (pid {error.pid}) has the archive open; asking it at {error.url}")
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        key = settings.api_key
        headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
        with httpx.Client(timeout=timeout, trust_env=False, headers=headers) as client:
            yield ServedDesk(error.url.rstrip("/"), client)
    else:
        with rag:
            yield OwnDesk(rag)


def _tell_once(told: str) -> None:
    """Says who answers instead, once for each process that does: it is no news with every question."""
    from platformdirs import user_cache_path

    told_before = user_cache_path("dateline", appauthor=False) / "told"
    try:
        if told_before.is_file() and told_before.read_text("utf-8") == told:
            return
        told_before.parent.mkdir(parents=True, exist_ok=True)
        told_before.write_text(told, "utf-8")
    except (OSError, ValueError):
        pass  # said once too often
    say(told)


def _on_this_machine(url: str) -> bool:
    try:
        return ipaddress.ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False
