"""Amounts, prose and speakers: what the words around a short answer say of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.english.amounts import find_counted, unit_fits, whole, with_currency
from rag.english.kinds import Kind, find_kind, kind_fits
from rag.english.prose import find_beginning, is_prose, leans
from rag.english.speakers import asks_about_saying, is_speaker


@pytest.mark.parametrize(
    ("text", "marked", "meant"),
    [
        ("The ships cost $3.61 billion in all.", "3.61", "$3.61 billion"),
        ("It was carried by 267 to 157 on Monday.", "267", "267 to 157"),
        ("There were about 1,000 people.", "1,000", "about 1,000"),
        ("It was signed on April 4, 2022, in Brindle.", "2022", "April 4, 2022"),
        ("It was signed on 4 April 2022.", "April", "4 April 2022"),
        ("They left at 5 a.m. on Monday.", "5", "5 a.m."),
        ("He is banned for six years.", "six", "six years"),
        ("The rate rose by 0.75 percentage points.", "0.75", "0.75 percentage points"),
        ("A deal of US$5m was struck.", "5", "US$5m"),
        ("Between 20 and 30 percent of them left.", "20", "20 and 30 percent"),
        ("Mayor Ada Brunn cut it.", "Ada", "Ada"),
        ("It burnt 238 homes.", "238", "238"),
        ("A ticket costs 1 250 crowns now.", "250", "1 250 crowns"),
        ("It cost €12\u202f300 in all.", "300", "€12\u202f300"),
        ("In 2023 400 crews sailed.", "400", "400"),
    ],
)
def test_an_amount_is_taken_whole(text: str, marked: str, meant: str) -> None:
    start = text.index(marked)
    first, last = whole(text, start, start + len(marked))
    assert text[first:last] == meant


@given(st.text("0123456789.,$ abn-", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_span_only_grows(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    first, last = whole(text, start, end)
    assert 0 <= first <= start <= end <= last <= len(text)


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("How many times did it rain?", "times"),
        ("How many different Arctic ships are there?", "ships"),
        ("How many people, all told, came?", "people"),
        ("Who came?", None),
    ],
)
def test_what_is_counted(question: str, noun: str | None) -> None:
    assert find_counted(question) == noun


def test_a_number_of_another_unit_counts_something_else() -> None:
    text = "It was cut 2 times in three years, by 5% of 40 ships."
    asked = "How many times was it cut?"
    fits = {words: unit_fits(asked, text, text.index(words), text.index(words) + len(words)) for words in ("2", "three", "40")}
    assert fits == {"2": 1.0, "three": 0.0, "40": 0.5}
    assert unit_fits(asked, text, text.index("5"), text.index("5") + 1) == 0.0
    assert unit_fits("When was it cut?", text, 11, 12) == 0.5


@pytest.mark.parametrize(
    ("kind", "answer", "fits"),
    [
        ("person", "Ada Brunn", 1.0),
        ("person", "three years", 0.0),
        ("person", "Karsovia’s President", 0.5),
        ("person", "the Mayor of Holm", 0.5),
        ("person", "President Ada Brunn", 1.0),
        ("name", "the Mayor of Holm", 1.0),
        ("person", "band said they sold their Harbour Songs", 0.0),
        ("place", "the hills", 0.5),
        ("time", "last spring", 1.0),
        ("time", "the mayor", 0.0),
        ("number", "nine", 1.0),
        ("money", "$5", 1.0),
        ("money", "214", 0.5),
        ("money", "the bank", 0.0),
        ("any", "the bank", 0.5),
    ],
)
def test_what_kind_of_thing_an_answer_is(kind: Kind, answer: str, fits: float) -> None:
    assert kind_fits(kind, answer) == fits


@pytest.mark.parametrize(
    ("line", "prose"),
    [
        ("The port reopened on Monday.", True),
        ("“We are open,” she said", False),
        ("“It is over.”", True),
        ("Port reopens after nine days", False),
        ("When does the port open again?", False),
        ("“Is it over?” she asked the crew.", True),
        ("Photo: A crane stands still on Monday.", False),
        ("A crane stands still on Monday. (AP Photo/J. Writer)", False),
        ("Read more: what the port means for us.", False),
        ("Sign up for our morning letter.", False),
        ("AI-assisted summary", False),
        ("PORT REOPENS AT LAST.", False),
        ("The photo of the port was taken on Monday.", True),
        ("The port, which had been shut for nine days by the wind and by the strike, is open again for all ships", True),
    ],
)
def test_what_is_a_sentence(line: str, prose: bool) -> None:
    assert is_prose(line) is prose


@pytest.mark.parametrize(
    ("line", "first", "begins"),
    [
        ("TARNHOLM (Wire) – Rain fell.", True, "Rain fell."),
        ("TARNHOLM, Velmara, March 3 (Wire) — Rain fell.", True, "Rain fell."),
        ("(Reuters) - Rain fell.", True, "Rain fell."),
        ("NATO - the alliance - met.", False, "NATO - the alliance - met."),
        ("2. Rain fell.", False, "Rain fell."),
        ("• Rain fell.", False, "Rain fell."),
        ("2.5 inches of rain fell.", False, "2.5 inches of rain fell."),
    ],
)
def test_where_a_sentence_begins(line: str, first: bool, begins: str) -> None:
    assert line[find_beginning(line, first=first) :] == begins


@pytest.mark.parametrize(
    ("sentence", "leaning"),
    [
        ("He left.", True),
        ("But they stayed.", True),
        ("These are open.", True),
        ("It is not clear why.", False),
        ("Ada left.", False),
    ],
)
def test_what_leans_on_the_sentence_before(sentence: str, leaning: bool) -> None:
    assert leans(sentence) is leaning


@pytest.mark.parametrize(
    ("sentence", "name", "speaks"),
    [
        ("Thieves took it, said Samir Cole, the detective.", "Samir Cole", True),
        ("Thieves took it, Samir Cole said on Monday.", "Samir Cole", True),
        ("Samir Cole, who led the inquiry, said that thieves took it.", "Samir Cole", True),
        ("According to Samir Cole, thieves took it.", "Samir Cole", True),
        ("Colin Strake took it, said Samir Cole.", "Colin Strake", False),
        ("Samir Cole said that Colin Strake took it.", "Colin Strake", False),
        ("“Colin Strake took it,” she said.", "Colin Strake", False),
    ],
)
def test_who_is_quoted(sentence: str, name: str, speaks: bool) -> None:
    start = sentence.index(name)
    assert is_speaker(sentence, start, start + len(name)) is speaks


def test_whether_a_question_is_about_saying() -> None:
    assert asks_about_saying("Who said so?")
    assert asks_about_saying("Who warned of rain?")
    assert not asks_about_saying("Who took the clock?")


@pytest.mark.parametrize(
    ("asked", "text", "words", "fits"),
    [
        ("How long was the strike?", "Up to 47,600 nurses stayed away", "47,600", 0.0),
        ("How long was the strike?", "a four-day strike", "four", 1.0),
        ("How long was the strike?", "the 96-hour walkout", "96", 1.0),
        ("How long is the bridge?", "a bridge of 2.4 miles", "2.4", 1.0),
        ("How tall is the mast?", "a 322-foot mast", "322", 1.0),
        ("How tall is the mast?", "a mast that cost $322", "$322", 0.0),
        ("How fast was the train?", "at 120 miles an hour", "120", 1.0),
        ("How far did it drive?", "it drove 120 miles per hour", "120", 0.0),
        ("What percentage voted?", "about 44.3% voted", "44.3", 1.0),
        ("What percentage voted?", "about 3,000 people voted", "3,000", 0.0),
        ("How many people were hurt?", "it cost 5 million dollars", "5", 0.0),
        ("How many people were hurt?", "it cost $5 million", "5", 0.0),
        ("How old is she?", "the 34-year-old", "34", 1.0),
    ],
)
def test_a_number_fits_what_the_question_measures(asked: str, text: str, words: str, fits: float) -> None:
    start = text.index(words)
    assert unit_fits(asked, text, start, start + len(words)) == fits


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("it cost 1.9 million dinars in all", "1.9 million", "1.9 million dinars"),
        ("it cost 300 dinars", "300", "300 dinars"),
        ("it cost $300 thousands say", "$300", "$300"),
        ("it paid 300 years ago", "300", "300"),
        ("it cost 40 euros each", "40 euros", "40 euros"),
        ("it cost a fortune always", "a fortune", "a fortune"),
    ],
)
def test_a_sum_has_its_currency_whatever_that_is_called(text: str, words: str, found: str) -> None:
    start, end = with_currency(text, text.index(words), text.index(words) + len(words))
    assert text[start:end] == found


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much was a ticket for the fair?", "money"),
        ("How large was the bonus that she gave up?", "money"),
        ("How big a loss did the fair make?", "money"),
        ("What is the price of a single dose?", "money"),
        ("What were the repairs expected to cost in May?", "money"),
        ("What did letting the balloon go cost?", "money"),
        ("How much did prices rise?", "number"),
        ("How much does the bell weigh?", "number"),
        ("How high is the tower?", "number"),
        ("What was the cause of the fire?", "any"),
        ("What eased the cost of living?", "any"),
    ],
)
def test_a_question_for_a_sum_is_known_by_what_is_counted_in_money(question: str, kind: Kind) -> None:
    assert find_kind(question) == kind


def test_of_an_age_a_bare_number_may_be_meant_but_no_sum() -> None:
    text = "The 154-year-old inn at 1701 Mill Lane was sold for $5 by Ann Lee, 64."
    fits = {
        words: unit_fits("How old is the inn?", text, text.index(words), text.index(words) + len(words))
        for words in ("154", "1701", "$5", "64")
    }
    assert fits == {"154": 1.0, "1701": 0.5, "$5": 0.0, "64": 0.5}


def test_a_sum_is_asked_for_by_what_is_paid() -> None:
    text = "The mill cost $88 million and has 240 workers in 12 hours."
    fits = {
        words: unit_fits("How much did the mill cost?", text, text.index(words), text.index(words) + len(words))
        for words in ("88", "240", "12")
    }
    assert fits == {"88": 1.0, "240": 0.5, "12": 0.0}
