from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from rag.types import Answer, Citation, Filters, Question
from tests.ui.answers import ABSTAINED, ANSWERED, ARTICLE, CHUNK, QUESTION, SOURCE
from ui.render import answer_json, article_json, filters_json, hits_json, plain_json

ANSWER_KEYS = [
    "id", "question", "standalone_question", "status", "reason", "text", "short_answer", "sentences", "citations", "confidence",
    "as_of", "filters", "passages", "mode", "notices", "timings_ms",
]  # fmt: skip
CITATION_KEYS = ["number", "article_id", "title", "outlet", "url", "published", "start", "end", "quote"]
HIT_KEYS = ["article_id", "title", "outlet", "published", "start", "end", "score", "text"]


@pytest.mark.parametrize("answer", [ANSWERED, ABSTAINED], ids=["answered", "abstained"])
def test_an_answer_has_every_key_of_the_contract(answer: Answer) -> None:
    document = json.loads(json.dumps(answer_json(answer)))
    assert set(ANSWER_KEYS) <= set(document)
    assert set(document["filters"]) == {"since", "until", "outlets"}
    assert all(set(CITATION_KEYS) <= set(citation) for citation in document["citations"])
    assert all(set(HIT_KEYS) <= set(passage) for passage in document["passages"])


def test_an_answer_says_what_it_holds() -> None:
    document = answer_json(ANSWERED)
    assert document["text"] == "The port reopened on Monday."
    assert document["sentences"] == [{"text": "The port reopened on Monday.", "citations": [1], "support": 0.9}]
    citation = document["citations"][0]
    assert ARTICLE.text[citation["start"] : citation["end"]] == citation["quote"]
    assert citation["published"] == "2025-08-04T06:30:00+00:00"
    assert document["as_of"] == "2025-08-05"
    assert (document["short_answer"], document["cause"]) == ("on Monday", None)
    assert document["timings_ms"] == {"retrieve": 12.346}


def test_what_is_not_known_is_null() -> None:
    bare = replace(SOURCE, outlet=None, url=None, published=None)
    citation = answer_json(replace(ANSWERED, citations=(Citation(1, bare, 0, 28, ARTICLE.text[:28]),)))["citations"][0]
    assert (citation["outlet"], citation["url"], citation["published"]) == (None, None, None)
    assert answer_json(ABSTAINED)["as_of"] is None


def test_filters_have_both_ends_inclusive() -> None:
    assert filters_json(QUESTION.filters) == {"since": "2025-08-01", "until": "2025-08-31", "outlets": ["The Gazette"]}
    assert filters_json(Filters()) == {"since": None, "until": None, "outlets": []}


def test_the_id_is_the_question_s() -> None:
    named = replace(ANSWERED, question=replace(QUESTION, id="q1"))
    assert answer_json(named)["id"] == "q1"
    assert answer_json(ANSWERED)["id"] is None


def test_hits_keep_their_order() -> None:
    document = hits_json(Question("trade", id="q1"), ABSTAINED.passages)
    assert (document["id"], document["question"]) == ("q1", "trade")
    assert [hit["score"] for hit in document["hits"]] == [0.2, 0.1]
    assert all(hit["text"] == ARTICLE.text[hit["start"] : hit["end"]] for hit in document["hits"])


def test_an_article_carries_all_that_is_known_of_it() -> None:
    document = article_json(ARTICLE)
    assert document["text"] == ARTICLE.text
    assert (document["id"], document["authors"], document["versions"]) == ("a1", ["A. Writer"], [])


@dataclass(frozen=True)
class Finding:
    where: Path
    days: tuple[date, ...]


def test_any_report_becomes_plain_json() -> None:
    found = {"findings": [Finding(Path("catalog"), (date(2025, 8, 4),))]}
    assert plain_json(found) == {"findings": [{"where": "catalog", "days": ["2025-08-04"]}]}
    assert plain_json(CHUNK)["source"]["published_from"] == "record"
