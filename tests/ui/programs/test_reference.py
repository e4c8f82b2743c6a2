"""The OpenAPI document says what the routes take and give, and its page shows it without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from rag.forms import Contrast, Coverage, Development, Figure, Row, Side, Table
from rag.request import FIELDS
from rag.types import Copy, Corroboration, Mention, Prompt, Question, Struck, Understood, Writing
from tests.ui.answers import ABSTAINED, ANSWERED, ARTICLE, SOURCE
from tests.ui.newsroom import Newsroom
from ui.render import answer_json, article_json, hits_json
from ui.web.programs.article_documents import (
    ArticleDocument,
    DaysDocument,
    HealthDocument,
    ListingDocument,
    OutletsDocument,
)
from ui.web.programs.documents import AnswerDocument, HitsDocument

DAY = date(2025, 8, 4)
PARTS = (
    Row("lead", "a", (1,), ("The Gazette",), DAY, "label"),
    Development(DAY, date(2025, 8, 5), True, "b", (1,)),
    Figure("7", "latest", "c", (1,), described=DAY, because="rose to"),
    Contrast("differ", "the port", (Side("A", ("d",), (1,)), Side("B", ("e",), (1,)))),
    Table("Outlets", ("name", "articles"), (("The Gazette", "1"),)),
    Coverage(2, 1, DAY, DAY),
)
FULL = replace(
    ANSWERED,
    citations=(
        replace(
            ANSWERED.citations[0], copies=(Copy(SOURCE, "near"),), dates=(Mention(21, 27, DAY, date(2025, 8, 5), "weekday"),)
        ),
    ),
    corroboration=Corroboration(2, 3),
    understood=Understood("rules", Newsroom().ask("What did it cost in March?").understood.scopes),
    writing=Writing("small", Prompt("s", "u", 9), "raw", (), 3, 1, "ended early", (Struck("f", "no source", "words", 1),)),
    show_struck=True,
    parts=PARTS,
)


@pytest.fixture(scope="module")
def told(address: str) -> Any:
    return httpx.get(f"{address}/openapi.json").json()


def same(kind: Any, document: Any) -> None:
    """The document has the keys of the type and no other, and values that it allows."""
    adapter = TypeAdapter(kind)
    assert adapter.dump_python(adapter.validate_python(document), mode="json") == document


@pytest.mark.parametrize("answer", [ANSWERED, ABSTAINED, FULL])
def test_an_answer_is_as_it_is_described(answer: Any) -> None:
    same(AnswerDocument, answer_json(answer))


def test_other_documents_are_as_they_are_described(address: str) -> None:
    same(HitsDocument, hits_json(Question("Who?"), ANSWERED.passages))
    same(ArticleDocument, article_json(ARTICLE))
    for route, kind in (
        ("articles", ListingDocument), ("outlets", OutletsDocument), ("days", DaysDocument), ("health", HealthDocument),
        ("articles/ferry", ArticleDocument),
    ):  # fmt: skip
        same(kind, httpx.get(f"{address}/api/{route}").json())


def test_a_key_that_nobody_described_is_found() -> None:
    with pytest.raises(AssertionError):
        same(AnswerDocument, {**answer_json(ANSWERED), "new": 1})


def test_the_body_of_a_question_has_the_fields_that_are_read(told: Any) -> None:
    for route in ("ask", "search", "ask/stream"):
        body = told["paths"][f"/api/{route}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert set(body["properties"]) == set(FIELDS)
        assert (body["required"], body["additionalProperties"]) == (["question"], False)


def test_every_route_says_what_it_gives(told: Any) -> None:
    for path, operations in told["paths"].items():
        for operation in operations.values():
            assert operation.get("description") or operation["summary"]
            assert "200" in operation["responses"]
            if path.startswith("/api/"):
                assert "422" in operation["responses"]


def test_every_reference_leads_somewhere(told: Any) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from ([value["$ref"]] if "$ref" in value else [])
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                yield from references(each)

    found = set(references(told))
    assert len(found) > 10
    assert {name.rpartition("/")[2] for name in found} <= set(told["components"]["schemas"])


def test_the_page_loads_nothing_from_elsewhere(address: str) -> None:
    page = httpx.get(f"{address}/docs")
    rules = dict(rule.split(maxsplit=1) for rule in page.headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert set(rules.values()) <= {"'none'", "'self'"}
    assert "//" not in page.text.replace("<!DOCTYPE html>", "")
    script = httpx.get(f"{address}/dateline/reference.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "http" not in script.text
    assert "innerHTML" not in script.text
