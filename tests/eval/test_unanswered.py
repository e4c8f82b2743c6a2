"""Questions that a paragraph does not answer, made from ones that it does, and the sets that they are made from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.reader import unanswered
from eval.reader.examples import Example, Marking, Paragraph, ReadingSet
from eval.reader.sources import Source, apart, fewer, read_source, together, usable
from eval.reader.unanswered import Mix, with_other_names, with_speakers, without_answers
from rag.errors import InputError
from rag.read import Text
from rag.sentences import sentence_spans

PORT = "The port of Brindle opened in 1990. Ada Brunn cut a ribbon. Ships came from Tarnholm."
BANK = "The bank of Velmara was founded in 1875. Ilse Kronberg heads it."


def paragraph(text: str, title: str) -> Paragraph:
    return Paragraph(Text(text, title), tuple(sentence_spans(text)))


def example(id: str, question: str, index: int, text: str, answer: str) -> Example:
    start = text.index(answer)
    return Example(id, question, index, (answer,), (Marking(start, start + len(answer), 1.0),))


@pytest.fixture
def reading() -> ReadingSet:
    return ReadingSet(
        (paragraph(PORT, "Brindle"), paragraph(BANK, "Velmara")),
        (
            example("a", "Who cut a ribbon in Brindle?", 0, PORT, "Ada Brunn"),
            example("b", "When was the bank of Velmara founded?", 1, BANK, "1875"),
            Example("c", "Who sank in 1990?", 0, (), ()),
        ),
    )


def test_another_name_of_the_same_kind_makes_a_question_unanswerable(
    reading: ReadingSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unanswered, "NEIGHBOURS", 0.0)
    made = with_other_names(reading, 1.0, seed=1)
    assert {one.question for one in made} == {"Who cut a ribbon in Velmara?", "When was the bank of Brindle founded?"}
    assert all(not one.answers and not one.marked for one in made)
    assert with_other_names(reading, 0.0, seed=1) == ()
    assert with_other_names(reading, 1.0, seed=1) == made


def test_another_name_may_be_one_of_the_same_paragraph(reading: ReadingSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unanswered, "NEIGHBOURS", 1.0)
    monkeypatch.setattr(unanswered, "TITLED", 0.0)
    made = {one.question for one in with_other_names(reading, 1.0, seed=1)}
    assert made == {"Who cut a ribbon in Tarnholm?", "When was the bank of Kronberg founded?"}  # never the answer, Ada Brunn


def test_a_paragraph_without_its_answer_is_silent(reading: ReadingSet) -> None:
    made = without_answers(reading, 1.0, seed=1)
    assert set(made) == {0}  # of the other one a single sentence would be left
    assert made[0].text.text == "The port of Brindle opened in 1990. Ships came from Tarnholm."
    assert made[0].sentences == tuple(sentence_spans(made[0].text.text))


def test_a_speaker_is_put_around_the_answer_and_is_not_it(reading: ReadingSet) -> None:
    told = with_speakers(reading, 1.0, seed=1)
    one = told.examples[0]
    text = told.paragraphs[one.paragraph].text.text
    assert text != PORT
    assert "said" in text
    assert [text[mark.start : mark.end] for mark in one.marked] == ["Ada Brunn"]
    assert told.examples[1] == reading.examples[1]  # asks neither for a person nor for a thing


def test_what_is_made_stands_beside_what_was_there(reading: ReadingSet) -> None:
    lessons, others = Mix(names=1.0, left_out=1.0, spoken=0.0).lessons(reading, [(1,), (), ()], seed=1)
    assert len(lessons.examples) == len(others) == 5
    assert others[0] == (1, 2)
    assert lessons.paragraphs[2].text.text.startswith("The port of Brindle opened")
    assert others[3:] == [(), ()]


def write(path: Path, *qas: tuple[str, str]) -> Path:
    found = [
        {"id": str(i), "question": question, "answers": [{"text": answer, "answer_start": 0}]}
        for i, (question, answer) in enumerate(qas)
    ]
    path.write_text(json.dumps({"data": [{"title": "Port", "paragraphs": [{"context": PORT, "qas": found}]}]}), "utf-8")
    return path


def test_questions_that_teach_nothing_are_left_out(tmp_path: Path) -> None:
    asked = [
        ("Who cut it?", "Ada Brunn"),
        ("Who did something?", "Ada Brunn"),
        ("What is Ada’s last name?", "Brunn"),
        ("What?", "a"),
    ]
    write(tmp_path / "set.json", *asked, ("Who is it?", "it"))
    found = read_source(Source("set", ("set.json",)), tmp_path, seed=1)
    assert [one.question for one in found.examples] == ["Who cut it?", "What?"]
    with pytest.raises(InputError, match=r"other\.json"):
        read_source(Source("set", ("other.json",)), tmp_path, seed=1)


def test_at_most_so_many_questions_of_a_paragraph_are_taken(reading: ReadingSet) -> None:
    many = reading.examples[:1] * 9 + reading.examples[1:2]
    assert [one.id for one in fewer(many, 2, seed=1)] == ["a", "a", "b"]


def test_whole_articles_are_held_back_until_there_are_enough(reading: ReadingSet) -> None:
    kept, back = apart(reading, 1, seed=1)
    titles = {reading.paragraphs[one.paragraph].text.title for one in back.examples}
    assert titles
    assert titles.isdisjoint(reading.paragraphs[one.paragraph].text.title for one in kept.examples)
    assert len(kept.examples) + len(back.examples) == 3


def test_sets_together_keep_their_own_paragraphs(reading: ReadingSet) -> None:
    both = together([reading, reading])
    assert [one.paragraph for one in both.examples] == [0, 1, 0, 2, 3, 2]
    assert both.paragraphs == reading.paragraphs * 2
    assert usable(both).examples == both.examples
