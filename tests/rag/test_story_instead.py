"""What is told in place of a plain answer: lines without a claim, premises, figures, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest

from rag import Rag
from rag.archive import Archive
from rag.forms import Figure
from rag.parts import Parts
from rag.settings import load_settings
from rag.types import Article, Cause, Claim, Draft, Passage, Question, Quote, Reading, Source, Span, Text
from rag.when import mentions
from tests.fakes import HashEmbedder
from tests.rag.stored import FINGERPRINT, make_stored

DAY = date(2024, 4, 2)


class Saying:
    """Quotes the sentence that it is told to, or is silent for the cause it is given."""

    mode = "extractive"

    def __init__(self) -> None:
        self.sentence = ""
        self.short: str | None = None
        self.disagreed = False

    def least_confidence(self, max_risk: float | None = None) -> float:
        del max_risk
        return 0.5

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        del question, passages
        found = [one for one in articles.values() if self.sentence and self.sentence in one.text]
        if not found:
            cause: Cause = "disagreement" if self.disagreed else "not answered"
            yield Draft((), 0.1, reason="The nearest articles do not answer this.", cause=cause)
            return
        start = found[0].text.index(self.sentence)
        quote = Quote(found[0].source, start, start + len(self.sentence), self.sentence)
        yield Draft((Claim(self.sentence, (quote,), 0.9),), 0.9, short_answer=self.short)


class Stating:
    """Takes each of the words that it is told for the answer, in a sentence that has it."""

    name = "stating"

    def __init__(self) -> None:
        self.words: dict[str, float] = {}

    def read(self, question: str, texts: Sequence[Text], sentences: Sequence[Sequence[tuple[int, int]]] = ()) -> list[Reading]:
        del question, sentences
        return [self._reading(text.text) for text in texts]

    def _reading(self, text: str) -> Reading:
        found = [
            Span(text.index(word), text.index(word) + len(word), score) for word, score in self.words.items() if word in text
        ]
        return Reading(tuple(found), 0.0, (0.0,), 0.0)


@pytest.fixture
def saying() -> Saying:
    return Saying()


@pytest.fixture
def stating() -> Stating:
    return Stating()


@pytest.fixture
def rag(tmp_path: Path, saying: Saying) -> Iterator[Rag]:
    with opened(tmp_path / "archive", saying) as rag:
        yield rag


@pytest.fixture
def rag_that_reads(tmp_path: Path, saying: Saying, stating: Stating) -> Iterator[Rag]:
    with opened(tmp_path / "archive", saying, stating) as rag:
        yield rag


def opened(directory: Path, saying: Saying, stating: Stating | None = None) -> Rag:
    archive = Archive.open(directory, create=True)
    archive.catalog.adopt(FINGERPRINT)
    return Rag(Parts(archive, HashEmbedder(), saying, sentence_reader=stating), load_settings(index=directory))


def keep(rag: Rag, *texts: str, title: str = "The ferry Arlo") -> None:
    """Each text as an article, a day apart, of two outlets in turn."""
    articles = [
        Article(Source(f"s{at}", title, ("Gazette", "Herald")[at % 2], published=DAY + timedelta(days=at)), text)
        for at, text in enumerate(texts)
    ]
    times = {one.source.id: mentions(one.text, one.source.day(UTC) or DAY) for one in articles}
    rag.archive.catalog.put([replace(make_stored(one), mentions=times[one.source.id]) for one in articles])


def test_what_could_be_is_answered_by_what_is_expected(rag: Rag, saying: Saying) -> None:
    saying.sentence = "If she wins, Ada Brandt would become the first woman to lead the port."
    keep(rag, saying.sentence)
    answer = rag.ask("Who could become the first woman to lead the port?")
    assert answer.status == "answered"


def test_an_answer_that_only_tells_of_what_is_expected_is_no_answer(rag: Rag, saying: Saying) -> None:
    saying.sentence = "The Rovers are expecting a hard final of the Harbour Cup against Penholm."
    keep(rag, saying.sentence)
    answer = rag.ask("Who won the final of the Harbour Cup?")
    assert answer.status == "abstained"
    assert "as of something to come" in (answer.reason or "")
    assert saying.sentence in (answer.reason or "")


def test_what_happened_stands_though_more_is_expected(rag: Rag, saying: Saying) -> None:
    saying.sentence = "The Rovers won the final of the Harbour Cup and expect a parade on Friday."
    keep(rag, saying.sentence)
    assert rag.ask("Who won the final of the Harbour Cup?").citations[0].quote == saying.sentence


def test_a_question_of_an_article_answers_none(rag: Rag, saying: Saying) -> None:
    saying.sentence = "Will the ferry Arlo sail again this summer?"
    keep(rag, saying.sentence)
    assert rag.ask("When will the ferry Arlo sail again?").status == "abstained"


def test_a_reason_that_gives_none_comes_with_the_lines_around_it(rag: Rag, saying: Saying) -> None:
    saying.sentence = "The ferry Arlo was moved to the inner harbour of Penholm that week."
    keep(rag, f"Its hull had been leaking for days, the crew said. {saying.sentence} Nobody was hurt on the ferry Arlo.")
    answer = rag.ask("Why was the ferry Arlo moved?")
    assert "Its hull had been leaking for days, the crew said." in answer.text
    assert saying.sentence in answer.text
    assert any("gives no reason" in notice for notice in answer.notices)


def test_a_name_is_no_short_answer_to_what_something_is(rag: Rag, saying: Saying) -> None:
    saying.sentence, saying.short = "The navy began Operation Northern Gull off Penholm on Monday.", "navy"
    keep(rag, saying.sentence)
    answer = rag.ask("What is Operation Northern Gull?")
    assert (answer.short_answer, answer.citations[0].quote) == (None, saying.sentence)


def test_where_passages_disagree_the_nearest_lines_are_shown_without_a_claim(rag: Rag, saying: Saying) -> None:
    saying.disagreed = True
    unclear = "The cause of the fire on the ferry Arlo is unclear, the coast guard said."
    keep(rag, unclear, "The ferry Arlo has two funnels.")
    answer = rag.ask("What was the cause of the fire on the ferry Arlo?")
    assert answer.status == "answered"
    assert answer.short_answer is None
    assert [each.quote for each in answer.citations] == [
        "The cause of the fire on the ferry Arlo is unclear, the coast guard said."
    ]


def test_the_newest_figure_stands_where_the_reader_takes_an_older_one(rag: Rag, saying: Saying) -> None:
    saying.sentence, saying.short = "The fire on the ferry Arlo killed at least six people on Tuesday.", "six"
    keep(rag, saying.sentence, "The fire on the ferry Arlo has left nine people dead, hospitals in Penholm said.")
    answer = rag.ask("How many people were killed on the ferry Arlo?")
    assert answer.short_answer == "nine"
    assert [part.state for part in answer.parts if isinstance(part, Figure)] == ["latest", "earlier"]


def test_figures_that_a_reader_of_sentences_takes_for_no_answer_are_left_out(
    rag_that_reads: Rag, saying: Saying, stating: Stating
) -> None:
    saying.sentence, saying.short = "The fire on the ferry Arlo killed at least six people on Tuesday.", "six"
    keep(rag_that_reads, saying.sentence, "The fire on the ferry Arlo has left nine people dead, hospitals in Penholm said.")
    stating.words = {"six": 7.0}
    answer = rag_that_reads.ask("How many people were killed on the ferry Arlo?")
    assert (answer.short_answer, answer.parts) == ("six", ())
    stating.words = {"six": 7.0, "nine": 3.5}
    assert rag_that_reads.ask("How many people were killed on the ferry Arlo?").short_answer == "six"  # half as sure
    stating.words = {"six": 7.0, "nine": 6.0}
    answer = rag_that_reads.ask("How many people were killed on the ferry Arlo?")
    assert answer.short_answer == "nine"
    assert [part.state for part in answer.parts if isinstance(part, Figure)] == ["latest", "earlier"]


def test_no_figure_breaks_a_silence_that_a_reader_of_sentences_does_not_take_for_the_answer(
    rag_that_reads: Rag, stating: Stating
) -> None:
    keep(rag_that_reads, "The fire on the ferry Arlo has left nine people dead, hospitals in Penholm said.")
    assert rag_that_reads.ask("How many people were killed on the ferry Arlo?").status == "abstained"
    stating.words = {"nine": 6.0}
    assert rag_that_reads.ask("How many people were killed on the ferry Arlo?").short_answer == "nine"
    stating.words = {"Penholm": 6.0}
    assert rag_that_reads.ask("How many people were killed on the ferry Arlo?").status == "abstained"


def test_how_many_died_on_a_day_is_counted_anew_by_later_reports_of_that_day(rag: Rag, saying: Saying) -> None:
    saying.sentence, saying.short = "The fire on the ferry Arlo on 1 April killed six people, police said.", "six"
    keep(rag, saying.sentence, "The fire on the ferry Arlo on 1 April left nine people dead, a memorial in Penholm said.")
    assert rag.ask("How many people were killed on the ferry Arlo?").short_answer == "nine"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Did Mara Lind become captain of the ferry Arlo?", "Mara Lind lacked the votes to become captain of the ferry Arlo."),
        ("Did the owner sell the ferry Arlo?", "The owner plans to sell the ferry Arlo, the Gazette was told."),
        ("Was the ferry Arlo repaired?", "The ferry Arlo is expected to be repaired in Penholm by May."),
        ("Has the council voted on the ferry Arlo?", "Nine votes of the council are needed for the ferry Arlo to sail."),
    ],
)
def test_what_is_wanted_or_expected_is_no_yes(rag: Rag, question: str, text: str) -> None:
    keep(rag, text)
    answer = rag.ask(question)
    assert answer.short_answer != "Yes"


def test_two_reports_of_one_time_that_contradict_each_other_are_both_told(rag: Rag) -> None:
    keep(
        rag,
        "The owner sold the ferry Arlo to a yard in Penholm, the union said.",
        "The owner did not sell the ferry Arlo to a yard in Penholm, its office said.",
    )
    answer = rag.ask("Did the owner sell the ferry Arlo?")
    assert answer.short_answer is None
    assert len(answer.citations) == 2


def test_advice_is_given_by_nobody_but_lines_are_shown(rag: Rag) -> None:
    keep(rag, "Doctors urge everyone in Penholm to take the new cough vaccine before winter.", title="The cough vaccine")
    answer = rag.ask("Should I take the new cough vaccine?")
    assert answer.form == "briefing"
    assert any("gives no advice" in notice for notice in answer.notices)
