"""Which sentences carry an answer, in which order, and what stands in front of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.extract.compose import Read, Statement, chosen, narrowed, statements
from rag.extract.cues import wanted
from rag.extract.reading import doubt
from rag.extract.short import short_answer, trimmed
from rag.read import Reading, Span, Text, Vote, votes
from rag.sentences import sentence_spans
from rag.types import Chunk, Passage, Quote, Source

PORT = "The port reopened on Monday. Cranes had stood still for nine days. Mayor Ada Brunn cut a ribbon."
RATES = "Rain fell. Ada Brunn, the mayor, opened the port at noon."


def passage(text: str, article: str, outlet: str | None = None, start: int = 0) -> Passage:
    source = Source(article, f"Title of {article}", outlet)
    return Passage(Chunk(source, start, start + len(text), text), 0.9)


def statement(
    text: str, held: set[int], evidence: float = 0.0, article: str = "a", start: int = 0, outlet: str = "X"
) -> Statement:
    quote = Quote(Source(article, "Title", outlet), start, start + len(text), text)
    return Statement(quote, 0, evidence, frozenset(held))


def vote(answer: str, share: float) -> Vote:
    return Vote(answer, share, ())


def test_a_sentence_has_the_answers_whose_words_it_has_and_its_place_in_the_article() -> None:
    found = [passage(PORT, "port", start=100), passage(RATES, "rates")]
    cut = [sentence_spans(PORT), sentence_spans(RATES)]
    monday, brunn = PORT.index("Monday"), PORT.index("Ada")
    readings = [
        Reading((Span(monday, monday + 6, 3.0), Span(brunn, brunn + 9, 2.0)), 0.0, (1.0, -1.0, 0.5), 1.0),
        Reading((Span(11, 20, 2.5),), 0.0, (-2.0, 2.0), 1.0),
    ]
    voted = votes(readings, [Text(PORT), Text(RATES)], [0.9, 0.9])
    assert [one.answer for one in voted] == ["Ada Brunn", "Monday"]
    made = statements(found, cut, readings, voted)
    assert [sorted(one.held) for one in made] == [[1], [], [0], [], [0]]
    assert made[0].quote.start == 100
    assert [one.quote.text for one in made][4] == RATES[11:]
    assert [one.evidence for one in made] == [1.0, -1.0, 0.5, -2.0, 2.0]
    assert [one.passage for one in made] == [0, 0, 0, 1, 1]


def test_the_first_sentence_says_the_most_believed_and_the_next_says_something_new() -> None:
    found = [
        statement("It was Monday when it rained here.", {1}, start=0),
        statement("Ada Brunn opened it.", {0}, start=40),
        statement("The opener was Ada Brunn indeed, they say.", {0}, start=80),
    ]
    assert chosen(found, [0.6, 0.3], 60, "short") == [0, 1]  # of one article, in its order
    assert chosen(found, [0.6, 0.001], 60, "short") == [1]
    assert chosen(found, [0.6, 0.3], 4, "short") == [1]


def test_the_same_answer_of_another_outlet_is_said_too() -> None:
    found = [
        statement("Ada Brunn opened the gates.", {0}, 1.0),
        statement("On the quay stood Ada Brunn at last.", {0}, article="b", outlet="X"),
        statement("Mayor Brunn, first name Ada, cut ropes; Ada Brunn smiled.", {0}, article="c", outlet="Y"),
    ]
    assert chosen(found, [0.9], 60, "short") == [0, 2]


def test_a_repetition_is_never_said() -> None:
    found = [
        statement("Ada Brunn opened the port on Monday.", {0}),
        statement("Ada Brunn opened the port Monday.", {1}, article="b"),
    ]
    assert chosen(found, [0.5, 0.4], 60, "short") == [0]


def test_an_explanation_is_what_the_reader_takes_for_evidence() -> None:
    found = [statement("Because of the storm it shut.", set(), 2.0), statement("Ada Brunn was there.", {0}, -3.0)]
    assert chosen(found, [0.9], 60, "sentences") == [0]
    assert chosen(found, [0.9], 60, "short") == [1]
    assert chosen([], [], 60, "short") == []


@given(st.lists(st.tuples(st.integers(1, 80), st.sets(st.integers(0, 5), max_size=3), st.floats(-9, 9)), max_size=12))
def test_at_most_three_sentences_and_only_the_first_may_be_too_long(made: list[tuple[int, set[int], float]]) -> None:
    found = [
        statement(" ".join(f"w{number}x{i}" for i in range(length)), held, evidence, start=1000 * number)
        for number, (length, held, evidence) in enumerate(made)
    ]
    picked = chosen(found, [0.3, 0.2, 0.2, 0.1, 0.1, 0.1], 60, "short")
    lengths = [len(found[i].quote.text.split()) for i in picked]
    assert len(picked) == len(set(picked)) <= 3
    assert bool(picked) == bool(found)
    assert sum(lengths) <= 60 or len(lengths) == 1


def test_an_endless_sentence_is_quoted_about_its_answer() -> None:
    text = " ".join(f"word{i}{',' if i == 290 else ''}" for i in range(600))
    quote = Quote(Source("a", "A"), 50, 50 + len(text), text)
    short = narrowed(quote, 60, "word300")
    assert len(short.text.split()) == 60
    assert short.text.split()[0] == "word291"
    assert text[short.start - 50 : short.end - 50] == short.text
    assert narrowed(quote, 600, "word300") == quote
    assert narrowed(quote, 60, None).text.startswith("word0 ")
    assert narrowed(quote, 60, "word599").text.endswith("word599")


def test_the_short_answer_is_one_that_the_sentences_say() -> None:
    voted = [vote("“Monday,”", 0.6), vote("Ada Brunn", 0.3)]
    quoted = [statement("Ada Brunn did.", {1})]
    assert short_answer("short", voted, quoted) == "Ada Brunn"
    assert short_answer("short", voted, [statement("On “Monday,” Ada Brunn did.", {0, 1})]) == "Monday"
    assert short_answer("sentences", voted, quoted) is None
    assert short_answer("short", voted, [statement("Nothing.", set())]) is None


def test_a_list_gets_its_items_in_their_order() -> None:
    voted = [vote("Sweden", 0.4), vote("Finland", 0.3), vote("Sweden and Finland joined", 0.2), vote("May", 0.01)]
    quoted = [statement("In May NATO invited Finland to join, then Sweden.", {0, 1, 3})]
    assert short_answer("list", voted, quoted) == "Finland, Sweden"
    whole = [vote("Finland and Sweden", 0.4), vote("Sweden", 0.3)]
    assert short_answer("list", whole, [statement("It was Finland and Sweden.", {0, 1})]) == "Finland and Sweden"


@pytest.mark.parametrize(
    ("said", "left"),
    [("“Squid Game,”", "Squid Game"), ("U.S.", "U.S."), ("Inc. (Ohio)", "Inc. (Ohio)"), ("...", ""), ("5%", "5%"), ("$5", "$5")],
)
def test_a_short_answer_has_no_signs_at_its_ends(said: str, left: str) -> None:
    assert trimmed(said) == left


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Why was the park shut?", "sentences"),
        ("How did the lawsuit end?", "sentences"),
        ("It was closed. How was it opened again?", "sentences"),
        ("How many homes burnt?", "short"),
        ("How long did it last?", "short"),
        ("Which series was asked to be mindful of how the Empire is shown?", "short"),
        ("Which two countries were invited?", "list"),
        ("What are the names of the ships?", "list"),
        ("Name the members.", "list"),
        ("Which of these shows had most?", "short"),
        ("Who won?", "short"),
        ("", "short"),
    ],
)
def test_what_kind_of_answer_is_wanted(question: str, kind: str) -> None:
    assert wanted(question) == kind


def read_of(texts: dict[str, str], scores: dict[str, tuple[str, float, float]]) -> Read:
    """The texts by article, and of each the words, the score and the silence of its one span."""
    found = [passage(text, article, outlet=f"The {article}") for article, text in texts.items()]
    cut = [sentence_spans(text) for text in texts.values()]
    readings = []
    for article, text in texts.items():
        words, score, silence = scores[article]
        span = Span(text.index(words), text.index(words) + len(words), score)
        readings.append(Reading((span,), silence, (0.0,) * len(sentence_spans(text)), 0.0))
    voted = votes(readings, [Text(text) for text in texts.values()], [0.9] * len(texts))
    made = statements(found, cut, readings, voted)
    return Read(tuple(found), tuple(readings), tuple(voted), tuple(made), (0,))


FIRES = {"Lantern": "The fire burnt 238 homes.", "Wire": "At least 260 houses have burnt."}


def test_passages_that_give_different_answers_are_told() -> None:
    reason, cause = doubt(read_of(FIRES, {"Lantern": ("238", 9.0, 1.0), "Wire": ("260", 8.5, 1.0)}))
    assert cause == "disagreement"
    assert reason == "The passages found give different answers: “238” (The Lantern) and “260” (The Wire)."


@pytest.mark.parametrize(
    "scores",
    [
        {"Lantern": ("238", 9.0, 1.0), "Wire": ("260", 3.0, 1.0)},  # the second is far less believed
        {"Lantern": ("238", 9.0, 1.0), "Wire": ("260", 8.5, 12.0)},  # the second passage rather answers nothing
        {"Lantern": ("238 homes", 9.0, 1.0), "Wire": ("burnt", 8.5, 12.0)},
    ],
)
def test_a_weaker_answer_is_no_disagreement(scores: dict[str, tuple[str, float, float]]) -> None:
    assert doubt(read_of(FIRES, scores)) == (None, "not answered")
