"""How the page draws the parts of an answer, and its sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from rag.forms import Contrast, Coverage, Development, Figure, Part, Place, Row, Side, Table
from rag.types import Answer, Chunk, Citation, Passage, Question, Sentence, Source
from tests.ui.newsroom import ACCOUNTS, DAY, FERRY, cited
from ui import story
from ui.render import answer_json
from ui.web.conversation import Exchange
from ui.web.forms import amount, coverage, in_order, own_words, sections, shares
from ui.web.html import Fragments
from ui.web.sources import bare, bare_parts, cards, snippet
from ui.web.wording import parted

COST = "Strand Line put the cost of the strike at $3.2 million."


def answer(*parts: Part) -> Answer:
    told = cited(
        Question("What did it cost?"), [(FERRY, COST), (ACCOUNTS, ACCOUNTS.text), (FERRY, "Crossings resumed on Thursday.")]
    )
    return replace(told, parts=parts)


def figure(value: str, state: str, day: date | None, *numbers: int) -> Figure:
    return Figure(value, state, f"It was {value}.", numbers, described=day)  # type: ignore[arg-type]  # a word of the three


def shown(*parts: Part) -> str:
    """The exchange as it is seen, without what *Copy* would copy of it."""
    html = Fragments().exchanges([Exchange(1, "What did it cost?", answer(*parts), working=False)])
    whole = html[: html.index('class="deeds"')]
    return whole.replace('<span class="cites">', "")  # around the last word of each sentence and its numbers


def test_neighbours_of_one_kind_stand_under_one_heading() -> None:
    rows = (Row("lead", "A.", (1,)), Row("development", "B.", (1,)), Row("development", "C.", (2,)), Row("open", "D?", (2,)))
    told = sections(answer(*rows, Coverage(2, 2)))
    assert [(section.heading, len(section.parts)) for section in told] == [
        ("", 1), ("Developments", 2), ("What is still open", 1),
    ]  # fmt: skip
    assert [section.lead for section in told] == [True, False, False]


def test_what_answers_several_questions_stands_under_each() -> None:
    rows = tuple(
        Row("answer", quote, (1,), label=question) for quote, question in (("A.", "Who?"), ("B.", "Who?"), ("C.", "When?"))
    )
    told = sections(answer(*rows))
    assert [(section.heading, len(section.parts)) for section in told] == [("Who?", 2), ("When?", 1)]
    lines = story.sections(answer_json(answer(*rows)))
    assert [(heading, len(some)) for heading, some in lines] == [("Who?", 2), ("When?", 1)]


@pytest.mark.parametrize("place", get_args(Place))
def test_every_place_of_a_line_is_drawn_and_told(place: Place) -> None:
    told = answer(Row(place, COST, (1,), label="Who?"))
    assert COST in shown(*told.parts)
    assert [lines for _, lines in story.sections(answer_json(told))]


def test_a_timeline_is_a_list_of_days_with_their_numbers() -> None:
    html = shown(Development(date(2024, 3, 4), date(2024, 3, 5), True, COST, (1,)), Development(DAY, DAY, False, "Later.", (2,)))
    assert '<ol class="timeline">' in html
    assert html.index("4 March 2024") < html.index(COST)
    assert html.count("(reported)") == 1
    assert 'aria-label="Source 1"' in html


def test_figures_stand_oldest_first_with_bars_in_proportion() -> None:
    figures = (figure("$4.7 million", "latest", date(2024, 9, 9), 2), figure("$2,350,000", "earlier", date(2024, 3, 7), 1))
    assert [(each.value, share) for each, share in in_order(figures)] == [("$2,350,000", 0.5), ("$4.7 million", 1.0)]
    html = shown(*figures)
    assert "The figure over time" in html
    assert html.index("$2,350,000") < html.index("$4.7 million")


@pytest.mark.parametrize(
    ("value", "number"),
    [("$3.2 million", 3_200_000), ("1,300", 1300), ("6.4 percent", 6.4), ("nine", None), ("3 to 4", None), ("", None)],
)
def test_the_amount_of_a_value(value: str, number: float | None) -> None:
    assert amount(value) == number


def test_what_cannot_be_compared_gets_no_bars() -> None:
    assert shares(["12", "nine"]) == [None, None]
    assert shares(["12"]) == [None]
    assert shares(["0", "0"]) == [None, None]
    assert shares([]) == []


def test_figures_that_differ_are_shown_side_by_side_and_not_twice() -> None:
    disputed = (figure("214", "disputed", DAY, 1), figure("260", "disputed", DAY, 2))
    contrast = Contrast(
        "differ", "214 / 260", (Side("The Courier", ("It was 214.",), (1,)), Side("farmers", ("It was 260.",), (2,)))
    )
    assert [section.shape for section in sections(answer(*disputed, contrast))] == ["contrast"]
    assert [section.shape for section in sections(answer(*disputed))] == ["figures"]
    html = shown(*disputed, contrast)
    assert html.count('<p dir="auto">It was 214.') == html.count("It was 214.") == 1
    assert "<strong>260</strong>" in html


def test_a_table_beside_the_answers_own_words_leaves_them() -> None:
    table = Table("Articles by outlet", ("outlet", "articles"), (("The Courier", "4"), ("News", "1")))
    assert not own_words(answer(table))
    html = shown(table)
    assert COST in html
    assert 'value="0.250"' in html


def test_quotes_do_not_run_into_a_count_of_the_archive() -> None:
    table = Table("Articles by outlet", ("outlet", "articles"), (("The Courier", "4"), ("News", "1")))
    told = answer(table)
    counted = replace(told, sentences=(Sentence("Two outlets wrote of it.", (), 1.0), *told.sentences))
    html = Fragments().exchanges([Exchange(1, "Which outlets?", counted, working=False)])
    reply = html[html.index('class="reply') : html.index('class="facts"')]
    assert 'class="answer" dir="auto">Two outlets wrote of it. </p>' in reply
    assert reply.count("<li dir=") == len(told.sentences)


def test_no_line_ends_between_a_sentence_and_its_numbers() -> None:
    html = Fragments().exchanges([Exchange(1, "What did it cost?", answer(), working=False)])
    assert '<span class="cites">million.\u00a0<span class="cited">' in html


@pytest.mark.parametrize("word", ["one", "https://gazette.example/a-long-address", ""])
def test_the_last_word_is_no_long_one(word: str) -> None:
    before, last = parted(f"The {word}")
    assert before + last == f"The {word}"
    assert len(last) < 25


def test_an_account_says_what_it_rests_on_where_its_outlets_are_counted() -> None:
    html = shown(Row("verdict", COST, (1,)), Coverage(1, 1, DAY, None))
    facts = html[html.index('class="facts"') :]
    assert "Rests on 1 article of 1 outlet, 4 March 2024<" in facts
    assert html.count("Rests on") == 1


def test_what_nobody_measured_is_called_so() -> None:
    unmeasured = replace(answer(), calibrated=False)
    html = Fragments().exchanges([Exchange(1, "What did it cost?", unmeasured, working=False)])
    assert "Sureness not measured" in html
    assert "<meter" not in html


def test_what_the_parts_say_is_not_said_again() -> None:
    html = shown(Row("verdict", COST, (1,)), Coverage(3, 2, DAY, DAY))
    answers = html[html.index('class="reply') : html.index('class="facts"')]
    words = answers.replace(answers[answers.index('<span class="preview"') : answers.index("</span></span>")], "")
    assert words.count(COST) == 1
    assert "Rests on 3 articles of 2 outlets" in html
    assert coverage(answer(Row("verdict", COST, (1,)))) is None


def test_words_of_articles_stay_words_in_every_form() -> None:
    attack = "<img src=x onerror=alert(1)>"
    parts: tuple[Part, ...] = (
        Row("quotation", attack, (1,), label=attack), Development(DAY, DAY, True, attack, (1,)),
        Figure(attack, "latest", attack, (1,), label=attack), Contrast("only", attack, (Side(attack, (attack,), (1,)),)),
        Table(attack, (attack,), ((attack,),)),
    )  # fmt: skip
    assert "<img" not in shown(*parts)


def test_an_article_is_one_card_with_its_quotes() -> None:
    told = cards(answer())
    assert [(card.source.id, [each.number for each in card.citations]) for card in told] == [("ferry", [1, 3]), ("accounts", [2])]
    assert Fragments().sources(Exchange(1, "What?", answer(), working=False)).count('class="card"') == 2
    assert Fragments().sources(None) == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("TARNHOLM (Meridian Wire) – Lena Vasko was sworn in.", "Lena Vasko was sworn in."),
        ("PORT MARAVEL, March 4 (Reuters) - Crews walked off.", "Crews walked off."),
        ("Crews walked off.", "Crews walked off."),
        ("TARNHOLM – ", "TARNHOLM – "),
        ("", ""),
    ],
)
def test_a_dateline_is_not_shown_before_a_quote(text: str, left: str) -> None:
    assert bare(text) == left


def test_a_quote_in_parts_loses_its_dateline_too() -> None:
    quote = "TARNHOLM (Meridian Wire) – Lena Vasko was sworn in."
    source = Source("a", "Vasko sworn in")
    assert bare_parts(Citation(1, source, 5, 5 + len(quote), quote)) == [("Lena Vasko was sworn in.", None)]


def test_a_snippet_does_not_repeat_its_title() -> None:
    source = Source("a", "Vasko sworn in")
    passage = Passage(Chunk(source, 0, 60, "Vasko sworn in\n\nTARNHOLM (Meridian Wire) – Lena Vasko is mayor."), 1.0)
    assert snippet(passage) == "Lena Vasko is mayor."
    long = Passage(Chunk(source, 0, 900, "word " * 180), 1.0)
    assert snippet(long).endswith(" …")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source("a", "T", "The Gazette", published=DAY), "<bdi>The Gazette</bdi> · 4 March 2024"),
        (Source("a", "T", url="https://www.gazette.example/x"), "<bdi>gazette.example</bdi>"),
        (Source("a", "T", published=DAY), "4 March 2024"),
        (Source("a", "T", url="javascript:alert(1)"), ""),
        (Source("a", "T"), ""),
    ],
)
def test_what_is_not_known_of_a_source_is_not_said(source: Source, words: str) -> None:
    quoted = (Citation(1, source, 0, 4, "Text"),)
    html = Fragments().sources(Exchange(1, "What?", replace(answer(), citations=quoted), working=False))
    assert (f'<p class="where">{words}</p>' in html) == bool(words)
    assert "Unnamed" not in html
    assert "no date" not in html
