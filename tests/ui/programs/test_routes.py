"""The routes of the HTTP API besides ask and search, and what is told of those that are not there."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.ui.newsroom import ACCOUNTS, FERRY, Newsroom
from tests.ui.serving import PATIENCE, serving
from ui.render import answer_json
from ui.web.limits import Limits


def events(text: str) -> list[tuple[str, Any]]:
    """Name and data of each event."""
    parts = [part.split("\n") for part in text.split("\n\n") if part.startswith("event: ")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in parts]


class TestStream:
    def test_ever_longer_answers_end_with_the_whole(self, address: str, newsroom: Newsroom) -> None:
        question = {"question": "What did the strike cost?", "id": 7}
        response = httpx.post(f"{address}/api/ask/stream", json=question)
        told = events(response.text)
        assert response.headers["content-type"].startswith("text/event-stream")
        assert [name for name, _ in told] == ["answer", "answer", "done"]
        assert [len(answer["sentences"]) for _, answer in told] == [1, 2, 2]
        assert told[-1][1] == {**answer_json(newsroom.ask("What did the strike cost?")), "id": 7}

    def test_what_goes_wrong_on_the_way_is_an_event(self, address: str) -> None:
        ((name, told),) = events(httpx.post(f"{address}/api/ask/stream", json={"question": "damage"}).text)
        assert (name, told["status"]) == ("error", 503)
        assert "secret" not in told["detail"]

    def test_what_cannot_be_asked_is_refused_before_it_begins(self, address: str) -> None:
        response = httpx.post(f"{address}/api/ask/stream", json={"question": "Who?", "sinse": "2024"})
        assert (response.status_code, response.json()["detail"]) == (422, "unknown field 'sinse': did you mean 'since'?")

    def test_a_full_server_turns_away(self) -> None:
        with serving(Newsroom(), limits=Limits(at_once=0, waiting=0)) as address:
            assert httpx.post(f"{address}/api/ask/stream", json={"question": "Who?"}).status_code == 503

    def test_hanging_up_ends_the_answer(self) -> None:
        held = Newsroom()
        with serving(held) as address:
            with httpx.stream("POST", f"{address}/api/ask/stream", json={"question": "hold"}, timeout=PATIENCE) as response:
                next(response.iter_lines())
            assert held.ended.wait(PATIENCE)


class TestStories:
    @pytest.mark.parametrize(("route", "form"), [("brief", "briefing"), ("timeline", "timeline"), ("compare", "comparison")])
    def test_a_topic_is_told_of(self, address: str, route: str, form: str) -> None:
        document = httpx.post(f"{address}/api/{route}", json={"topic": "the strike"}).json()
        assert (document["form"], document["status"]) == (form, "answered")

    def test_a_timeline_is_as_long_as_it_is_wanted(self, address: str) -> None:
        document = httpx.post(f"{address}/api/timeline", json={"topic": "the strike", "lines": 1}).json()
        assert len(document["sentences"]) == 1

    @pytest.mark.parametrize(
        ("route", "fields", "told"),
        [
            ("brief", {}, "topic: is missing"),
            ("brief", {"topic": " "}, "the question is empty"),
            ("brief", {"topic": "x", "lines": 3}, "unknown field 'lines'"),
            ("timeline", {"topic": "x", "lines": 0}, "lines: give a whole number from 1 to 100"),
            ("compare", {"topic": "x", "outlet": ["A"]}, "unknown field 'outlet': did you mean 'outlets'?"),
            ("compare", {"topic": "x", "outlets": 7}, "outlets: write a list of texts"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(self, address: str, route: str, fields: dict[str, Any], told: str) -> None:
        response = httpx.post(f"{address}/api/{route}", json=fields)
        assert response.status_code == 422
        assert response.json()["detail"].startswith(told)


class TestListing:
    def test_articles_come_a_page_at_a_time(self, address: str) -> None:
        first = httpx.get(f"{address}/api/articles", params={"limit": 1}).json()
        rest = httpx.get(f"{address}/api/articles", params={"limit": 1, "after": first["next"]}).json()
        assert [each["article_id"] for each in (*first["articles"], *rest["articles"])] == ["ferry", "accounts"]
        assert first["articles"][0]["authors"] == list(FERRY.source.authors)
        assert rest["next"] is None

    def test_outlets_may_be_several(self, address: str) -> None:
        params = {"outlet": [str(ACCOUNTS.source.outlet), "Another"]}
        listed = httpx.get(f"{address}/api/articles", params=params).json()["articles"]
        assert [each["article_id"] for each in listed] == ["accounts"]

    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ("lmit=1", "unknown parameter 'lmit': did you mean 'limit'?"),
            ("limit=x", "limit: give a whole number"),
            ("limit=501", "limit: give a whole number from 1 to 500"),
            ("since=soon", "since: 'soon' is not a day"),
            ("after=x", "after: give the `next`"),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(self, address: str, query: str, told: str) -> None:
        response = httpx.get(f"{address}/api/articles?{query}")
        assert response.status_code == 422
        assert response.json()["detail"].startswith(told)

    def test_outlets_and_days_are_counted(self, address: str) -> None:
        assert httpx.get(f"{address}/api/outlets").json()["outlets"][1]["name"] == "Kestrel Bay News"
        assert httpx.get(f"{address}/api/days", params={"limit": 5}).json() == {"days": [{"day": "2024-03-04", "articles": 1}]}


class TestUnknown:
    @pytest.mark.parametrize(
        ("method", "path", "allowed", "told"),
        [
            ("GET", "/api/ask", "POST", "use POST with a JSON object as its body"),
            ("DELETE", "/api/articles/a/b", "GET", "use GET"),
            ("POST", "/api/health", "GET", "use GET"),
            ("PUT", "/api/brief", "POST", "use POST"),
        ],
    )
    def test_a_method_that_is_not_taken_is_told_the_one_that_is(
        self, address: str, method: str, path: str, allowed: str, told: str
    ) -> None:
        response = httpx.request(method, address + path)
        assert (response.status_code, response.headers["allow"]) == (405, allowed)
        assert told in response.json()["detail"]

    def test_a_misspelt_route_is_told_the_nearest(self, address: str) -> None:
        response = httpx.post(f"{address}/api/timelime", json={"topic": "x"})
        assert (response.status_code, response.json()["detail"]) == (
            404, "there is no /api/timelime: did you mean /api/timeline? /docs lists what there is",
        )  # fmt: skip

    def test_openai_s_clients_are_told_in_their_form(self, address: str) -> None:
        response = httpx.post(f"{address}/v1/embeddings", json={})
        assert response.status_code == 404
        assert response.json()["error"]["type"] == "invalid_request_error"
        assert httpx.get(f"{address}/v1/chat/completions").status_code == 405
