"""Which sentences are said, in which order, and what stands in front of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.english.kinds import find_wanted
from rag.extract.compose import choose, narrow_quote, with_before
from rag.extract.evidence import NAMES, Read, Statement, quotable, weigh
from rag.extract.features import QuestionWords
from rag.extract.reading import Selection, doubt, find_agreement
from rag.extract.short import short_answer, trim
from rag.read import Reading, Span, Vote
from rag.sentences import sentence_spans
from rag.types import Article, Chunk, Passage, Quote, Source
from tests.fakes import MemoryLexical

PORT = "The port reopened on Monday. Cranes had stood still for nine days. Mayor Ada Brunn cut a ribbon."
RATES = "TARNHOLM (Wire) – Rain fell all day. Ada Brunn, the mayor, opened the port at noon."


def passage(text: str, article: str, outlet: str | None = None, start: int = 0) -> Passage:
    source = Source(article, f"Title of {article}", outlet)
    return Passage(Chunk(source, start, start + len(text), text), 0.9)


def statement(text: str, vote: int | None, article: str = "a", start: int = 0, outlet: str = "X") -> Statement:
    quote = Quote(Source(article, "Title", outlet), start, start + len(text), text)
    return Statement(quote, 0, None if vote is None else (0, 1), vote)


def read(found: Sequence[Statement], votes: Sequence[Vote] = ()) -> Read:
    return Read((), (), tuple(votes), tuple(found), np.zeros((len(found), len(NAMES))))


def vote(answer: str, share: float) -> Vote:
    return Vote(answer, share, ())


def weighed(question: str, passages: Sequence[Passage], readings: Sequence[Reading]) -> Read:
    cut = [tuple(sentence_spans(one.chunk.text)) for one in passages]
    return weigh(question, QuestionWords(question, MemoryLexical()), passages, cut, readings, {})


def span(text: str, words: str, score: float) -> Span:
    return Span(text.index(words), text.index(words) + len(words), score)


def test_every_sentence_has_its_best_answer_and_what_tells_for_it() -> None:
    passages = [passage(PORT, "port", start=100), passage(RATES, "rates")]
    readings = [
        Reading((span(PORT, "Ada Brunn", 5.0), span(PORT, "Monday", 3.0), span(PORT, "nine", 1.0)), 0.0, (1.0, -1.0, 0.5), 1.0),
        Reading((span(RATES, "Ada Brunn", 4.0),), 2.0, (-2.0, 2.0), -1.0),
    ]
    found = weighed("Who opened the port?", passages, readings)
    assert [one.quote.text for one in found.found] == [
        "The port reopened on Monday.",
        "Cranes had stood still for nine days.",
        "Mayor Ada Brunn cut a ribbon.",
        "Rain fell all day.",
        "Ada Brunn, the mayor, opened the port at noon.",
    ]
    assert [found.short(i) for i in range(5)] == ["Monday", "nine days", "Ada Brunn", None, "Ada Brunn"]
    assert found.found[0].quote.start == 100
    rows = {name: found.rows[:, column].tolist() for column, name in enumerate(NAMES)}
    assert rows["evidence"] == [1.0, -1.0, 0.5, -2.0, 2.0]
    assert rows["answers"] == [1.0, 1.0, 1.0, -1.0, -1.0]
    assert rows["margin"] == [3.0, 1.0, 5.0, -8.0, 2.0]
    assert rows["agree"] == [0.0, 0.0, pytest.approx(np.log(2)), 0.0, pytest.approx(np.log(2))]
    assert rows["kind"] == [1.0, 0.0, 1.0, 0.5, 1.0]
    assert rows["rank"] == [1.0, 1.0, 1.0, 0.5, 0.5]


def test_a_number_of_another_unit_and_a_speaker_are_marked_as_such() -> None:
    text = "The bank cut its rate for the second time in three years, said Ilse Kronberg, its governor. It was cut twice."
    readings = [
        Reading((span(text, "three", 5.0), span(text, "Ilse Kronberg", 1.0), span(text, "twice", 2.0)), 0.0, (2.0, 1.0), 1.0)
    ]
    counted = weighed("How many times did the bank cut its rate?", [passage(text, "bank")], readings)
    assert counted.short(0) == "three years"
    assert counted.rows[:, NAMES.index("unit")].tolist() == [0.0, 0.5]
    person = [Reading((span(text, "Ilse Kronberg", 5.0),), 0.0, (2.0, 1.0), 1.0)]
    speaker = NAMES.index("speaker")
    assert weighed("Who cut the rate?", [passage(text, "bank")], person).rows[0, speaker] == 1.0
    assert weighed("Who said that the rate was cut?", [passage(text, "bank")], person).rows[0, speaker] == 0.0


def test_headings_captions_and_list_marks_are_not_quoted() -> None:
    text = (
        "What we know so far\nPhoto: the quay on Monday morning.\n2. The port reopened on Monday.\nRead more: ten ports to see."
    )
    one = passage(text, "port", start=40)
    assert [text[a:b] for a, b in quotable(one, sentence_spans(text))] == ["The port reopened on Monday."]
    bare = passage("Port reopened\nNine days", "bare")
    assert len(quotable(bare, sentence_spans(bare.chunk.text))) == 2  # where nothing is prose, all of it may be quoted


def test_a_second_sentence_says_another_answer_or_is_not_said() -> None:
    found = [
        statement("Ada Brunn opened the gates.", 0),
        statement("On the quay stood Ada Brunn at last.", 0, article="b", outlet="Y"),
        statement("Others hold that Tom Reed did it.", 1, article="c"),
        statement("It rained at noon in Brindle.", 2, article="d"),
    ]
    assert choose(read(found), np.array([0.6, 0.55, 0.5, 0.1]), 60, "short") == [0, 2]
    assert choose(read(found), np.array([0.6, 0.55, 0.25, 0.1]), 60, "short") == [0]
    assert choose(read(found), np.array([0.6, 0.55, 0.4, 0.1]), 60, "list") == [0, 2]
    assert choose(read(found), np.array([0.6, 0.55, 0.5, 0.1]), 6, "short") == [0]
    assert choose(read([]), np.zeros(0), 60, "short") == []


def test_sentences_of_one_article_stand_in_its_order() -> None:
    found = [statement("Ada Brunn opened it.", 0, start=90), statement("It was Monday when it rained.", 1, start=0)]
    assert choose(read(found), np.array([0.6, 0.5]), 60, "list") == [1, 0]


def test_a_repetition_is_never_said() -> None:
    found = [statement("Ada Brunn opened the port on Monday.", 0), statement("Ada Brunn opened the port Monday.", 1, article="b")]
    assert choose(read(found), np.array([0.5, 0.5]), 60, "list") == [0]


@given(st.lists(st.tuples(st.integers(1, 80), st.integers(0, 5), st.floats(0.01, 1)), max_size=12))
def test_at_most_three_sentences_and_only_the_first_may_be_too_long(made: list[tuple[int, int, float]]) -> None:
    found = [
        statement(" ".join(f"w{number}x{i}" for i in range(length)), held, start=1000 * number)
        for number, (length, held, _) in enumerate(made)
    ]
    picked = choose(read(found), np.array([chance for *_, chance in made]), 60, "list")
    lengths = [len(found[i].quote.text.split()) for i in picked]
    assert len(picked) == len(set(picked)) <= 3
    assert bool(picked) == bool(found)
    assert sum(lengths) <= 60 or len(lengths) == 1


def test_a_quote_that_begins_with_a_pronoun_brings_the_sentence_before() -> None:
    text = "Ada Brunn came on Monday. She opened the port at noon.\n\nHe left."
    article = Article(Source("a", "A"), text)

    def quoted(words: str) -> Quote:
        return Quote(article.source, text.index(words), text.index(words) + len(words), words)

    whole = with_before(quoted("She opened the port at noon."), article)
    assert whole.text == "Ada Brunn came on Monday. She opened the port at noon."
    assert text[whole.start : whole.end] == whole.text
    assert with_before(quoted("He left."), article) == quoted("He left.")  # another paragraph
    assert with_before(quoted("Ada Brunn came on Monday."), article) == quoted("Ada Brunn came on Monday.")
    assert with_before(quoted("She opened the port at noon."), None) == quoted("She opened the port at noon.")


def test_an_endless_sentence_is_quoted_about_its_answer() -> None:
    text = " ".join(f"word{i}{',' if i == 290 else ''}" for i in range(600))
    quote = Quote(Source("a", "A"), 50, 50 + len(text), text)
    short = narrow_quote(quote, 60, "word300")
    assert len(short.text.split()) == 60
    assert short.text.split()[0] == "word291"
    assert text[short.start - 50 : short.end - 50] == short.text
    assert narrow_quote(quote, 600, "word300") == quote
    assert narrow_quote(quote, 60, None).text.startswith("word0 ")
    assert narrow_quote(quote, 60, "word599").text.endswith("word599")


def test_the_short_answer_is_that_of_the_first_sentence() -> None:
    readings = [Reading((span(PORT, "Monday", 3.0),), 0.0, (1.0, 0.0, 0.0), 1.0)]
    found = weighed("When did the port reopen?", [passage(PORT, "port")], readings)
    assert short_answer("short", found, [0], 0) == "Monday"
    assert short_answer("sentences", found, [0], 0) is None
    assert short_answer("short", found, [1], 1) is None


def test_a_list_gets_its_items_in_their_order() -> None:
    text = "In May NATO invited Finland to join, then Sweden."
    readings = [Reading((span(text, "Sweden", 4.0), span(text, "Finland", 3.5), span(text, "May", -30.0)), 0.0, (1.0,), 1.0)]
    found = weighed("Which two countries were invited?", [passage(text, "nato")], readings)
    assert short_answer("list", found, [0], 0) == "Finland, Sweden"


@pytest.mark.parametrize(
    ("said", "left"),
    [("“Squid Game,”", "Squid Game"), ("U.S.", "U.S."), ("Inc. (Ohio)", "Inc. (Ohio)"), ("...", ""), ("5%", "5%"), ("$5", "$5")],
)
def test_a_short_answer_has_no_signs_at_its_ends(said: str, left: str) -> None:
    assert trim(said) == left


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
    assert find_wanted(question) == kind


FIRES = {"Lantern": ("The fire burnt 238 homes.", "238"), "Wire": ("At least 260 houses have burnt.", "260")}


def fires(chances: tuple[float, float], same: bool = False) -> tuple[Read, Selection]:
    texts = {outlet: (text.replace("260", "238") if same else text) for outlet, (text, _) in FIRES.items()}
    passages = [passage(text, outlet, f"The {outlet}") for outlet, text in texts.items()]
    readings = [
        Reading((span(text, "238" if same else FIRES[outlet][1], 5.0),), 0.0, (1.0,), 1.0) for outlet, text in texts.items()
    ]
    return weighed("How many homes burnt?", passages, readings), Selection((0,), 0, np.array(chances))


def test_passages_that_give_different_answers_are_told() -> None:
    reason, cause = doubt(*fires((0.6, 0.5)))
    assert cause == "disagreement"
    assert reason == "The passages found give different answers: “238” (The Lantern) and “At least 260” (The Wire)."


def test_a_weaker_answer_is_no_disagreement() -> None:
    assert doubt(*fires((0.6, 0.2))) == (None, "not answered")
    assert doubt(*fires((0.2, 0.2))) == (None, "not answered")
    assert doubt(*fires((0.6, 0.5), same=True)) == (None, "not answered")


def test_an_office_is_no_other_answer_than_who_holds_it() -> None:
    told = {
        "Lantern": ("Karsovia’s President was sworn in.", "Karsovia’s President"),
        "Wire": ("Ada Brunn took over.", "Ada Brunn"),
    }
    passages = [passage(text, outlet, f"The {outlet}") for outlet, (text, _) in told.items()]
    readings = [Reading((span(text, words, 5.0),), 0.0, (1.0,), 1.0) for text, words in told.values()]
    read = weighed("Who replaced the president?", passages, readings)
    assert doubt(read, Selection((0,), 0, np.array((0.6, 0.5)))) == (None, "not answered")


def test_only_sentences_that_state_the_same_answer_agree() -> None:
    assert [one.id for one in find_agreement(*fires((0.6, 0.5), same=True))] == ["Lantern", "Wire"]
    assert [one.id for one in find_agreement(*fires((0.6, 0.2), same=True))] == ["Lantern"]
    assert [one.id for one in find_agreement(*fires((0.6, 0.5)))] == ["Lantern"]
