from __future__ import annotations

import io
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.answers import ABSTAINED, ANSWERED, ARTICLE, SOURCE
from ui.render import answer_json, article_json, hits_json
from ui.terminal import Page, plain, provenance, quote_text

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe"


def shown(document: dict[str, object], page: str) -> str:
    stream = io.StringIO()
    getattr(Page(stream), page)(document)
    return stream.getvalue()


def test_an_answer_shows_its_sentences_and_numbered_sources() -> None:
    text = shown(answer_json(ANSWERED), "answer")
    assert text.startswith("on Monday\nThe port reopened on Monday. [1]\n")
    assert "[1] The Gazette · 4 August 2025 · Port reopens" in text
    assert "“The port reopened on Monday.”" in text


@pytest.mark.parametrize(("confidence", "told"), [(0.8, "Quite sure (80%)"), (0.5, "Fairly sure (50%)"), (0.2, "Not sure (20%)")])
def test_an_answer_says_how_sure_it_is(confidence: float, told: str) -> None:
    assert told in shown(answer_json(replace(ANSWERED, confidence=confidence)), "answer").splitlines()
    assert "sure (" not in shown(answer_json(ABSTAINED), "answer")


def test_an_abstention_says_so_with_the_reason_and_each_near_article_once() -> None:
    text = shown(answer_json(ABSTAINED), "answer")
    assert "does not answer" in text
    assert "No article names a mayor." in text
    assert text.count("Port reopens") == 1
    assert "[1]" not in text


def test_hits_show_their_words_and_none_is_said() -> None:
    document = hits_json(ANSWERED.question, ANSWERED.passages)
    assert ARTICLE.text in shown(document, "hits")
    assert "Nothing" in shown({**document, "hits": []}, "hits")


def test_a_hit_does_not_repeat_the_title_that_stands_above_it() -> None:
    document = hits_json(ANSWERED.question, ANSWERED.passages)
    hit = {**document["hits"][0], "text": f"Port reopens\n\n{ARTICLE.text}"}
    text = shown({**document, "hits": [hit]}, "hits")
    assert text.count("Port reopens") == 1
    assert ARTICLE.text in text
    bare = shown({**document, "hits": [{**hit, "text": "Port reopens"}]}, "hits")
    assert bare.count("Port reopens") == 2  # a passage that is the title alone is shown


def test_a_long_line_is_whole_in_a_pipe() -> None:
    long = "word " * 60 + "end."
    article = article_json(replace(ARTICLE, text=long))
    assert long in shown(article, "article")


@pytest.mark.parametrize("page", ["answer", "article"])
def test_an_article_cannot_drive_the_terminal(page: str) -> None:
    hostile = replace(SOURCE, title=f"[red]Title[/red]{ESCAPES}", outlet=f"[link=http://evil.example]x{ESCAPES}")
    document = (
        answer_json(replace(ANSWERED, citations=(replace(ANSWERED.citations[0], source=hostile),)))
        if page == "answer"
        else article_json(replace(ARTICLE, source=hostile, text=f"Body {ESCAPES} [/bold] :smile:"))
    )
    text = shown(document, page)
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)
    assert "[red]Title[/red]" in text, "markup of the article is shown, not obeyed"


@given(st.text(st.characters(codec=None), max_size=40))
def test_plain_keeps_every_printable_character(text: str) -> None:
    result = plain(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in result)
    assert [c for c in text if c.isalnum()] == [c for c in result if c.isalnum()]


def test_report_groups_reasons() -> None:
    items: list[dict[str, object]] = [
        {"path": f"f{n}.txt", "line": None, "outcome": "failed", "reason": "no text"} for n in range(3)
    ]
    items.append({"path": "g.jsonl", "line": 7, "outcome": "skipped", "reason": "a copy"})
    counts = {"stored": 4, "unchanged": 0, "replaced": 0, "skipped": 1, "failed": 3, "seconds": 1.5, "articles": items}
    text = shown(counts, "report")
    assert "4 stored" in text
    assert "failed: no text (f0.txt and 2 more)" in text
    assert "skipped: a copy (g.jsonl, line 7)" in text


def test_facts_nest() -> None:
    run = {"id": 1, "ended": None, "counts": {"stored": 2, "failed": 0}, "failures": [{"path": "a.txt", "line": 3}]}
    document = {"articles": 3, "days": ["2025-08-04", "2025-08-05"], "disk": {"catalog": 1}, "url": None, "runs": [run]}
    assert shown(document, "facts").splitlines() == [
        "articles: 3",
        "days: 2025-08-04, 2025-08-05",
        "disk:",
        "  catalog: 1",
        "url: none",
        "runs:",
        "  - 1 · 2 stored",
        "      - a.txt · 3",
    ]


def test_a_quote_that_opens_with_a_quotation_mark_gets_no_second_one() -> None:
    assert (quote_text("Ships\ncame in."), quote_text("“We wait,” he said.")) == ("“Ships came in.”", "“We wait,” he said.")


def test_provenance_of_an_article_without_outlet_or_day() -> None:
    assert provenance({"outlet": None, "published": None, "title": "A\ntitle"}) == "unknown outlet · undated · A title"
    assert provenance({"outlet": "A", "published": "2025-08-04T23:59:00+02:00", "title": "B"}) == "A · 4 August 2025 · B"
