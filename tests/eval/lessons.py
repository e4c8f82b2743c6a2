"""A few questions to train a reader on."""

from __future__ import annotations

from eval.reader.examples import Example, Marking, Paragraph, ReadingSet
from eval.reader.training import Lessons, Step
from rag.read import Text
from rag.sentences import sentence_spans

BELL = "The ferry sank in 1990. Divers found the bell in 1990 and the wreck in 2001."


def paragraph(text: str, title: str = "Ferry") -> Paragraph:
    return Paragraph(Text(text, title), tuple(sentence_spans(text)))


def untold(_step: Step) -> None:
    """Nobody follows the training."""


def make_lessons() -> Lessons:
    """Six questions on four paragraphs, one of them without an answer."""
    texts = [BELL, "The bank kept its rate at 5 percent.", "The mayor opened the pier on Monday.", "Rain fell on Brindle."]
    asked = [
        ("When did the ferry sink?", 0, "1990"),
        ("What did divers find?", 0, "the bell"),
        ("What is the rate?", 1, "5 percent"),
        ("Who opened the pier?", 2, "The mayor"),
        ("When did it rain?", 3, ""),
        ("What fell?", 3, "Rain"),
    ]
    paragraphs = tuple(paragraph(text) for text in texts)
    examples = []
    for number, (question, index, answer) in enumerate(asked):
        start = texts[index].find(answer)
        marked = (Marking(start, start + len(answer), 1.0),) if answer else ()
        examples.append(Example(str(number), question, index, (answer,) if answer else (), marked))
    hardest = [tuple(i for i in range(4) if i != one.paragraph) if one.marked else () for one in examples]
    return Lessons(ReadingSet(paragraphs, tuple(examples)), hardest)
