"""The page of one article, to which the links of citations lead."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from rag.types import Article, Source
from tests.ui.newsroom import FERRY, Newsroom, hostile
from tests.ui.serving import serving
from tests.ui.test_web import Reader

STRANGE = Article(Source("https://a.example/b?c", "Odd"), "Half a \ud800 character.")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Newsroom([FERRY, STRANGE, hostile("http://evil.example")])) as address:
        yield address


def test_it_shows_the_whole_article(address: str) -> None:
    response = httpx.get(f"{address}/a/ferry")
    assert Reader(response.text).text == FERRY.text
    assert FERRY.source.title in response.text


def test_an_id_may_be_an_address_and_a_text_may_have_half_a_character(address: str) -> None:
    response = httpx.get(f"{address}/a/https%3A%2F%2Fa.example%2Fb%3Fc")
    assert (response.status_code, Reader(response.text).text) == (200, "Half a ? character.")


def test_it_runs_our_script_and_loads_nothing_from_elsewhere(address: str) -> None:
    response = httpx.get(f"{address}/a/hostile")
    rules = dict(rule.split(maxsplit=1) for rule in response.headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"]) == ("'self'", "'self'")
    tags = Reader(response.text).tags
    assert not {"img", "form", "svg", "iframe", "input"} & set(tags)
    assert (tags.count("script"), tags.count("link")) == (1, 1)


@pytest.mark.parametrize(("name", "kind"), [("article.css", "text/css"), ("article.js", "text/javascript")])
def test_its_script_and_style_are_served(address: str, name: str, kind: str) -> None:
    response = httpx.get(f"{address}/dateline/{name}")
    assert (response.status_code, response.headers["content-type"].split(";")[0]) == (200, kind)


def test_an_article_that_is_not_there_is_said_to_be_gone(address: str) -> None:
    response = httpx.get(f"{address}/a/nothing")
    assert response.status_code == 404
    assert "There is no such article" in response.text
