"""What is taken away of an answer."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from rag.forms import Contrast, Development, Figure, Side
from rag.types import Answer
from tests.ui.answers import ABSTAINED, ANSWERED
from tests.ui.newsroom import DAY, Newsroom, hostile
from ui.export import COLUMNS, markdown, page, table, text
from ui.render import answer_json

ANSWER = Newsroom().ask("What did the strike cost?")


def attacking() -> Answer:
    words = hostile("http://evil.example").text
    citation = replace(ANSWERED.citations[0], quote=words, source=replace(ANSWERED.citations[0].source, title=f"=cmd {words}"))
    return replace(ANSWERED, sentences=(replace(ANSWERED.sentences[0], text=words),), citations=(citation,), short_answer=words)


def test_text_has_the_numbers_and_what_they_stand_for() -> None:
    lines = text(answer_json(ANSWER)).splitlines()
    assert lines[0] == "$3.2 million"
    assert lines[1] == "Strand Line put the cost of the strike at $3.2 million. [1]"
    assert (
        "[1] The Amberline Courier · 4 March 2024 · Strike halts all Port Maravel ferries · https://courier.example/ferry"
        in lines
    )


def test_silence_is_told_with_its_reason() -> None:
    assert text(answer_json(ABSTAINED)) == "The articles do not say. No article names a mayor."
    assert "No article names a mayor" in markdown([answer_json(ABSTAINED)])
    assert "No article names a mayor." in page([answer_json(ABSTAINED)], "Who?")
    assert list(csv.reader(io.StringIO(table([answer_json(ABSTAINED)])))) == [list(COLUMNS)]


def test_markdown_has_each_quote_and_the_story_in_its_parts() -> None:
    whole = markdown([answer_json(ANSWER), answer_json(replace(ANSWER, parts=(Development(DAY, DAY, True, "It began.", (1,)),)))])
    assert whole.count("## What did the strike cost?") == 2
    assert "> Strand Line put the cost of the strike at $3.2 million." in whole
    assert "It began. [1]" in whole
    assert "\n- Strand Line put the cost" in whole


def test_figures_that_differ_are_told_once() -> None:
    quote = ANSWERED.citations[0].quote
    figures = tuple(Figure(value, "disputed", quote, (1,)) for value in ("3", "4"))
    sides = Contrast("differ", "the count", (Side("The Gazette", (quote,), (1,)),))
    told = markdown([answer_json(replace(ANSWERED, parts=(*figures, sides), short_answer="3 / 4"))])
    assert told.count("disputed") == 0
    assert "### Where they differ" in told
    alone = markdown([answer_json(replace(ANSWERED, parts=figures, short_answer="3 / 4"))])
    assert alone.count("disputed") == 2


def test_the_table_has_a_line_for_each_citation_that_can_be_read_back() -> None:
    rows = list(csv.DictReader(io.StringIO(table([answer_json(ANSWER)]))))
    assert [row["number"] for row in rows] == ["1", "2"]
    assert rows[0]["quote"] == "Strand Line put the cost of the strike at $3.2 million."
    assert rows[0]["article_id"] == "ferry"


def test_no_cell_is_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(table([answer_json(attacking())]))))
    assert rows[0]["title"].startswith("'=cmd")


@pytest.mark.parametrize("tag", ["img", "script", "svg", "form", "iframe", "link", "a "])
def test_the_page_has_no_markup_of_an_article(tag: str) -> None:
    assert f"<{tag}" not in page([answer_json(attacking())], attacking().question.text)


def test_markdown_has_no_markup_of_an_article() -> None:
    whole = markdown([answer_json(attacking())])
    assert "\\<img" in whole
    assert not re.search(r"(?<!\\)!\[|(?<!\\)\]\(|(?<!\\)<", whole)
