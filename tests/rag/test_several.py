"""Several questions in one: where a text is parted, and how the answers become one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag import Rag
from rag.archive import Archive
from rag.forms import Row
from rag.parts import Parts
from rag.settings import load_settings
from rag.several import join_answers
from rag.types import (
    Answer,
    Article,
    Citation,
    Claim,
    Draft,
    Filters,
    Passage,
    Prompt,
    Question,
    Quote,
    Scope,
    Sentence,
    Source,
    Struck,
    Understood,
    Writing,
)
from rag.understand import questions_in
from tests.fakes import HashEmbedder
from tests.rag.stored import FINGERPRINT, make_stored

TEXT = "Ada Brandt won the regatta at Holm. The final was rowed on Sunday."


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Who won and when was the final?", ("Who won?", "When was the final?")),
        ("Who won? And when was the final?", ("Who won?", "When was the final?")),
        ("How strong was the quake, how many died and did it reach Holm?",
         ("How strong was the quake?", "How many died?", "Did it reach Holm?")),
        ("Who heads the union, and what did it cost in March?", ("Who heads the union?", "What did it cost in March?")),
        ("Who owns the ferry? Is it banned?", ("Who owns the ferry?", "Is it banned?")),
        ("Which bridge fell and how many people were hurt", ("Which bridge fell?", "How many people were hurt?")),
    ],
)  # fmt: skip
def test_questions_are_parted(text: str, questions: Sequence[str]) -> None:
    assert questions_in(text) == questions


@pytest.mark.parametrize(
    "text",
    [
        "Who won?",
        "When and where was the clock stolen?",
        "Do we know who did it and why they left?",
        "How many people were hurt and where?",
        "When he left, what did he say?",
        "Is it true that the ferry sank and the bridge fell?",
        "Did he say “who are you and what do you want?”",
        "Thanks! Who won?",
        "ferry strike, Holm and Arlo",
        "Who won? Who lost? Who rowed? Who fell? Who paid?",
        "",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert questions_in(text) == (text,)


KNOWN = {"won": ("Ada Brandt won the regatta at Holm.", "Ada Brandt"), "final": ("The final was rowed on Sunday.", "Sunday")}


class ByWord:
    """Quotes the sentence that has the answer of a question, by a word of the question; keeps what it was asked."""

    mode = "extractive"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def least_confidence(self, max_risk: float | None = None) -> float:
        del max_risk
        return 0.5

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        del passages
        self.asked.append(question.text)
        found = next((said for word, said in KNOWN.items() if word in question.text), None)
        if found is None:
            yield Draft((), 0.1, reason="The nearest articles do not answer this.")
            return
        sentence, short = found
        article = articles["s"]
        start = article.text.index(sentence)
        quote = Quote(article.source, start, start + len(sentence), sentence)
        yield Draft((Claim(sentence, (quote,), 0.9),), 0.9 if "won" in question.text else 0.7, short_answer=short)


@pytest.fixture
def answerer() -> ByWord:
    return ByWord()


@pytest.fixture
def rag(tmp_path: Path, answerer: ByWord) -> Iterator[Rag]:
    archive = Archive.open(tmp_path / "archive", create=True)
    archive.catalog.adopt(FINGERPRINT)
    archive.catalog.put([make_stored(Article(Source("s", "Regatta", "Gazette", published=date(2024, 4, 2)), TEXT))])
    with Rag(Parts(archive, HashEmbedder(), answerer), load_settings(index=tmp_path / "archive")) as opened:
        yield opened


def test_each_question_is_answered_with_its_own_citations(rag: Rag) -> None:
    answer = rag.ask("Who won the regatta at Holm, and when was the final?")
    assert [one.number for one in answer.citations] == [1, 2]
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (2,)]
    assert [part.label for part in answer.parts if isinstance(part, Row)] == [
        "Who won the regatta at Holm?",
        "When was the final?",
    ]
    assert answer.short_answer == "Ada Brandt; Sunday"
    assert (answer.form, answer.confidence) == ("list", 0.7)
    assert all(TEXT[one.start : one.end] == one.quote for one in answer.citations)


def part_answer(number: int, *, mode: str = "extractive", writing: Writing | None = None, **understood: Any) -> Answer:
    """What the question with this number gets, of one sentence."""
    source = Source(f"s{number}", "Regatta")
    asked = f"Question {number}?"
    return Answer(
        Question(asked), asked, "answered", None, (Sentence(f"Line {number}.", (1,), 0.9),), None,
        (Citation(1, source, 0, 7, f"Line {number}."),), 0.9, (), mode, writing=writing, understood=Understood(**understood),
        show_struck=writing is not None,
    )  # fmt: skip


def test_what_was_understood_and_struck_of_each_question_is_kept() -> None:
    march = Scope(Filters(since=date(2024, 3, 1)), ("in March",))
    gazette = Scope(Filters(outlets=("Gazette",)), ("the Gazette",))
    writing = Writing("model", Prompt("", "", 9), "It sank.", (), 3, 0, struck=(Struck("It sank.", "no source", "words", 0),))
    answers = [
        part_answer(1, scopes=(march,)),
        part_answer(2, mode="llm:model", writing=writing, rewritten_by="rules", scopes=(march, gazette)),
    ]
    whole = Answer(Question("Both?"), "Both?", "abstained", None, (), None, (), 0.0, (), "extractive")
    joined = join_answers(whole, ["Question 1?", "Question 2?"], answers)
    assert joined.understood == Understood("rules", (march, gazette))
    assert joined.standalone_question == "Question 1? Question 2?"
    assert (joined.mode, joined.show_struck) == ("llm:model", True)
    assert [(one.text, one.after) for one in joined.struck] == [("It sank.", 1)]


def test_what_is_not_answered_is_said(rag: Rag) -> None:
    answer = rag.ask("Who won the regatta at Holm and how much did the boat cost?")
    assert answer.status == "answered"
    assert answer.short_answer is None
    assert any("“How much did the boat cost?” is not answered" in notice for notice in answer.notices)


def test_nothing_answered_is_an_abstention(rag: Rag) -> None:
    answer = rag.ask("Who paid for the boat and how much did it cost?")
    assert answer.status == "abstained"
    assert "Who paid for the boat?" in (answer.reason or "")
    assert not answer.citations


def test_a_literal_question_is_not_parted(rag: Rag, answerer: ByWord) -> None:
    rag.ask("Who won the regatta at Holm and when was the final?", literal=True)
    assert answerer.asked == ["Who won the regatta at Holm and when was the final?"]
