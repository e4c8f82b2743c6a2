"""A `Rag` whose archive another process serves: each method is a request, and gives what it gives there."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Unpack
from urllib.parse import quote, urlsplit

import httpx

from rag.archive import Archive
from rag.browse import PAGE
from rag.errors import DatelineError, StorageError, UsageError
from rag.forms import Form
from rag.history import History
from rag.pipeline import Rag
from rag.remote.documents import Json, read_answer, read_article, read_days, read_outlets, read_page, read_passage
from rag.request import LINES, AskOptions, SearchOptions, make_question, question_fields
from rag.settings import Settings
from rag.types import Answer, Article, ArticlePage, DayTally, OutletTally, Passage, Question

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 120.0
ROUTES: Mapping[Form, str] = {"briefing": "brief", "timeline": "timeline", "comparison": "compare"}
NO_ID = {"id", "k"}
"""Fields that are not sent: an id comes back with the question as it is, and an answer has no `k`."""


class RemoteRag(Rag):
    """Asks the server at `url`. Safe to use from many threads.

    Raises UsageError for what the server refuses, and StorageError when it cannot be reached or cannot answer.
    """

    def __init__(self, url: str, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        self.settings = settings
        self._url = url.rstrip("/")
        key = settings.api_key.get_secret_value() if settings.api_key else None
        self._client = httpx.Client(
            base_url=f"{self._url}/api/", timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS), transport=transport,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            trust_env=not _is_loopback(self._url),  # what is asked of this machine goes through no proxy
        )  # fmt: skip

    @property
    def archive(self) -> Archive:  # type: ignore[override]  # it is not here
        raise UsageError(f"the archive is at {self._url}, not in this process; ask for what its HTTP API gives")

    def stream(
        self,
        question: str | Question,
        history: History = (),
        *,
        cancelled: Callable[[], bool] | None = None,
        **options: Unpack[AskOptions],
    ) -> Iterator[Answer]:
        if not isinstance(options.get("llm"), str | None):
            raise UsageError(f"llm: {self._url} takes the name of a model that it offers, and no model of yours")
        asked = make_question(question, history, options)
        return self._receive(asked, cancelled)

    def search(self, question: str | Question, k: int | None = None, **options: Unpack[SearchOptions]) -> tuple[Passage, ...]:
        asked = make_question(question, (), {**options, **({} if k is None else {"k": k})})
        sent = {**_list_sent(asked), "k": asked.k if k is None else k}
        return tuple(read_passage(each) for each in self._had("POST", "search", json=sent)["hits"])

    def _account(
        self, topic: str, form: Form, since: date | str | None, until: date | str | None, outlets: Sequence[str],
        as_of: date | str | None, lines: int = LINES,
    ) -> Answer:  # fmt: skip
        asked = make_question(topic, (), {"since": since, "until": until, "outlets": tuple(outlets), "as_of": as_of})
        given = _filters(since, until, outlets) | ({"as_of": asked.as_of.isoformat()} if asked.as_of else {})
        lines_wanted = {"lines": lines} if form == "timeline" else {}
        return read_answer(self._had("POST", ROUTES[form], json={"topic": asked.text, **given, **lines_wanted}), asked)

    def article(self, article_id: str) -> Article | None:
        told = self._had("GET", f"articles/{quote(article_id, safe='', errors='replace')}", missing=404)
        return read_article(told) if told else None

    def articles(
        self,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        limit: int = PAGE,
        after: str | None = None,
    ) -> ArticlePage:
        beside = {"limit": limit, **({"after": after} if after else {})}
        return read_page(self._had("GET", "articles", params={**_query(since, until, outlets), **beside}))

    def tally_outlets(self) -> tuple[OutletTally, ...]:
        return read_outlets(self._had("GET", "outlets"))

    def tally_days(
        self,
        since: date | str | None = None,
        until: date | str | None = None,
        outlets: Sequence[str] = (),
        limit: int | None = None,
    ) -> tuple[DayTally, ...]:
        beside = {"limit": limit} if limit is not None else {}
        return read_days(self._had("GET", "days", params={**_query(since, until, outlets), **beside}))

    @property
    def notices(self) -> tuple[str, ...]:
        return tuple(self._had("GET", "health")["notices"])

    def close(self) -> None:
        self._client.close()

    def _receive(self, asked: Question, cancelled: Callable[[], bool] | None) -> Iterator[Answer]:
        last = None
        for name, told in self._events(_list_sent(asked), cancelled):
            if name == "error":
                raise _refusal(self._url, told.get("status", 503), told.get("detail"))
            if last is not None and name == "answer":
                yield last
            last = read_answer(told, asked)
        if last is None:
            raise StorageError(f"{self._url} ended without an answer; ask again")
        yield last

    def _events(self, sent: Json, cancelled: Callable[[], bool] | None) -> Iterator[tuple[str, Json]]:
        """The server's events, until it says that all is sent or nobody waits any more."""
        try:
            with self._client.stream("POST", "ask/stream", json=sent) as response:
                if not response.is_success:
                    response.read()
                    raise _refusal(self._url, response.status_code, _detail(response))
                name = ""
                for line in response.iter_lines():
                    if cancelled is not None and cancelled():
                        return
                    if line.startswith("event: "):
                        name = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        yield name, json.loads(line.removeprefix("data: "))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise _unreachable(self._url, error) from error

    def _had(self, method: str, route: str, missing: int | None = None, **options: Any) -> Any:
        """The document of a request; None for the status `missing`."""
        try:
            response = self._client.request(method, route, **options)
            if response.status_code == missing:
                return None
            if response.is_success:
                return response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise _unreachable(self._url, error) from error
        raise _refusal(self._url, response.status_code, _detail(response))


def _list_sent(asked: Question) -> dict[str, Any]:
    """The fields of a question that differ from one that says nothing but its text."""
    plain, given = question_fields(Question(asked.text)), question_fields(asked)
    return {name: value for name, value in given.items() if name == "question" or (value != plain[name] and name not in NO_ID)}


def _filters(since: date | str | None, until: date | str | None, outlets: Sequence[str]) -> dict[str, Any]:
    given = {"since": str(since) if since else None, "until": str(until) if until else None, "outlets": list(outlets)}
    return {name: value for name, value in given.items() if value}


def _query(since: date | str | None, until: date | str | None, outlets: Sequence[str]) -> dict[str, Any]:
    given = _filters(since, until, outlets)
    return {("outlet" if name == "outlets" else name): value for name, value in given.items()}


def _detail(response: httpx.Response) -> object:
    try:
        return response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return response.text[:200]


def _refusal(url: str, status: int, detail: object) -> DatelineError:
    if status == 401:
        return UsageError(f"{url} wants a key: set DATELINE_API_KEY to one of its keys")
    kind: type[DatelineError] = UsageError if 400 <= status < 500 else StorageError
    return kind(f"{url} answers {status}: {detail}")


def _unreachable(url: str, error: Exception) -> StorageError:
    told = str(error) or type(error).__name__
    return StorageError(f"{url} cannot be asked: {told}; check that `dateline serve` runs there")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
