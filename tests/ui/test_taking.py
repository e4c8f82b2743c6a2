"""Files and links over HTTP: whose they are."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.ui.answers import ANSWERED
from tests.ui.newsroom import Newsroom
from tests.ui.serving import serving
from ui.web.conversation import Conversation
from ui.web.store import Store
from ui.web.visitors import COOKIE, visitor_of

SECRET = "s" * 43
OWNER = {COOKIE: SECRET}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture(scope="module")
def address(store: Store) -> Iterator[str]:
    with serving(Newsroom(), store=store) as address:
        yield address


@pytest.fixture(scope="module")
def conversation(store: Store) -> Conversation:
    visitor = visitor_of(OWNER)
    assert visitor is not None
    return store.keep(visitor, Conversation().with_question("When did it reopen?", 20).with_answer(ANSWERED))


@pytest.mark.parametrize(
    ("kind", "type"), [("md", "text/markdown"), ("html", "text/html"), ("csv", "text/csv")]
)  # fmt: skip
def test_the_owner_gets_each_file(address: str, conversation: Conversation, kind: str, type: str) -> None:
    for path in (f"exchange/{conversation.exchanges[0].key}", f"conversation/{conversation.id}"):
        response = httpx.get(f"{address}/dateline/{path}.{kind}", cookies=OWNER)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(type)
        assert response.headers["content-disposition"].startswith("attachment")
        assert "The port reopened on Monday." in response.text


def test_nobody_else_does(address: str, conversation: Conversation) -> None:
    for cookies in ({}, {COOKIE: "t" * 43}, {COOKIE: "short"}):
        for path in (f"exchange/{conversation.exchanges[0].key}.md", f"conversation/{conversation.id}.csv"):
            assert httpx.get(f"{address}/dateline/{path}", cookies=cookies).status_code == 404


def test_other_kinds_and_keys_are_not_there(address: str, conversation: Conversation) -> None:
    for path in (f"exchange/{conversation.exchanges[0].key}.exe", "exchange/999.md", "exchange/x.md", "answer/nothing"):
        assert httpx.get(f"{address}/dateline/{path}", cookies=OWNER).status_code == 404


def test_a_link_opens_for_anybody_and_runs_nothing(address: str, store: Store, conversation: Conversation) -> None:
    name = store.link(conversation.exchanges[0])
    response = httpx.get(f"{address}/dateline/answer/{name}")
    assert response.status_code == 200
    assert "The port reopened on Monday." in response.text
    assert "As Dateline answered on" in response.text
    assert response.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_cookie_is_secret_lasting_and_not_what_the_store_knows(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        handed = client.get("/").headers["set-cookie"]
        value = client.cookies[COOKIE]
        again = client.get("/").headers["set-cookie"]
    assert "HttpOnly" in handed
    assert "Max-Age=" in handed
    assert f"{COOKIE}={value}" in again
    visitor = visitor_of({COOKIE: value})
    assert visitor is not None
    assert value not in visitor
    assert visitor_of({}) is None
