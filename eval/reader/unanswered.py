"""Questions that a paragraph about the same thing does not answer, made from questions that it does.

Two ways, both with the words of the set alone. *Another name*: a name, year or number of the question is exchanged for one of the
same kind, from another article (the rule-made half of Rajpurkar et al., ACL 2018, found by Jia and Liang, EMNLP 2017, to mislead
readers most) or from the paragraph itself, where something else is said of it. *Left out*: the sentences that hold the answer are
taken out of the paragraph, so that the rest is about the matter and silent on the question.

A third thing is made here for the opposite reason: a sentence that answers is given a speaker, who is no answer.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.metrics.answers import contains_answer
from eval.reader.examples import Example, Marking, Paragraph, ReadingSet
from rag.read import Text
from rag.sentences import sentence_spans

NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w’'.-]*[a-z](?: (?:(?:of|the|de|and) )?[A-Z][\w’'-]*[a-z])*")
YEAR = re.compile(r"\b(?:1[5-9]\d\d|20\d\d)\b")
NUMBER = re.compile(r"\b\d{1,3}\b(?![,.]\d)")
KINDS = (YEAR, NUMBER, NAME)
FIRST = """
    Adaora Anders Bianca Carlos Dmitri Elena Farid Greta Hamish Ines Jonas Kavita Lukas Mara Nils Oona Pavel Rosa Samir Tove
""".split()  # noqa: SIM905
LAST = """
    Abiola Brandt Castellan Dunmore Eriksen Fontaine Grady Hollis Ibarra Jansky Kessler Lindqvist Moreau Nakata Okafor
""".split()  # noqa: SIM905
OFFICES = (
    "a police spokesman", "the detective who led the inquiry", "a company spokeswoman", "the union's president",
    "an analyst at a bank", "the ministry's spokesman", "a professor of history", "the club's director", "a witness",
    "the council's leader",
)  # fmt: skip
TITLED = 0.5
"""How often the title of the article, where the question has it, is what is exchanged."""
NEIGHBOURS = 0.4
"""How often the other name is one of the same paragraph, if it has one."""
ASKED = re.compile(r"\b(?:who|whom|whose|which|what)\b", re.I)


def with_other_names(reading: ReadingSet, share: float, seed: int) -> tuple[Example, ...]:
    """Unanswerable variants of `share` of the answerable questions: one name, year or number of the question is another's."""
    drawing = random.Random(f"names {seed}")
    pools = _pools(reading)
    return tuple(
        Example(f"{example.id} other name", question, example.paragraph, (), ())
        for example in reading.examples
        if example.marked and drawing.random() < share and (question := _exchange(example, reading, pools, drawing))
    )


def without_answers(reading: ReadingSet, share: float, seed: int) -> dict[int, Paragraph]:
    """By number of `share` of the answerable questions: their paragraph without the sentences that hold an answer."""
    drawing = random.Random(f"left out {seed}")
    made: dict[int, Paragraph] = {}
    for number, example in enumerate(reading.examples):
        if not example.marked or drawing.random() >= share:
            continue
        paragraph = reading.paragraphs[example.paragraph]
        text = paragraph.text.text
        kept = [text[a:b] for a, b in paragraph.sentences if not any(a <= mark.start < b for mark in example.marked)]
        rest = " ".join(kept)
        if len(kept) > 1 and not contains_answer(rest, example.answers):
            made[number] = _paragraph(rest, paragraph.text.title)
    return made


def with_speakers(reading: ReadingSet, share: float, seed: int) -> ReadingSet:
    """`reading` in which the sentence that answers `share` of the questions for a person or thing is somebody's words."""
    drawing = random.Random(f"speakers {seed}")
    paragraphs, examples = list(reading.paragraphs), list(reading.examples)
    for number, example in enumerate(reading.examples):
        if len(example.marked) != 1 or not ASKED.search(example.question) or drawing.random() >= share:
            continue
        if (told := _describe(reading.paragraphs[example.paragraph], example.marked[0], drawing)) is not None:
            examples[number] = replace(example, paragraph=len(paragraphs), marked=(told[1],))
            paragraphs.append(told[0])
    return ReadingSet(tuple(paragraphs), tuple(examples))


def _describe(paragraph: Paragraph, mark: Marking, drawing: random.Random) -> tuple[Paragraph, Marking] | None:
    text = paragraph.text.text
    inside = [(a, b) for a, b in paragraph.sentences if a <= mark.start and mark.end <= b]
    if not inside or text[inside[0][1] - 1] != ".":
        return None
    start, end = inside[0]
    speaker = f"{drawing.choice(FIRST)} {drawing.choice(LAST)}"
    office = drawing.choice(OFFICES)
    if drawing.random() < 0.5:
        before, after = "", f", said {speaker}, {office}."
        sentence = text[start : end - 1]
    else:
        before, after = f"{speaker}, {office}, said: ", ""
        sentence = text[start:end]
    told = f"{text[:start]}{before}{sentence}{after}{text[end:]}"
    moved = Marking(mark.start + len(before), mark.end + len(before), mark.share)
    if mark.end > start + len(sentence):
        return None
    return _paragraph(told, paragraph.text.title), moved


def _exchange(example: Example, reading: ReadingSet, pools: dict[int, list[str]], drawing: random.Random) -> str | None:
    paragraph = reading.paragraphs[example.paragraph].text
    known = f"{paragraph.title}\n{paragraph.text}".lower()
    if (
        (at := example.question.lower().find(paragraph.title.lower())) >= 0
        and len(paragraph.title) > 3
        and drawing.random() < TITLED
    ):
        other = drawing.choice(reading.paragraphs).text.title
        if other and other.lower() not in known:
            return f"{example.question[:at]}{_match_case(other, example.question)}{example.question[at + len(paragraph.title) :]}"
    kinds = list(range(len(KINDS)))
    drawing.shuffle(kinds)
    for kind in kinds:
        found = [match for match in KINDS[kind].finditer(example.question) if match[0].lower() in known]
        others = pools[kind]
        if not found or not others:
            continue
        match = drawing.choice(found)
        neighbours = _neighbours(kind, paragraph.text, example) if drawing.random() < NEIGHBOURS else []
        for _ in range(5):
            other = drawing.choice(neighbours or others)
            if (neighbours or other.lower() not in known) and _alike(other, match[0]):
                return f"{example.question[: match.start()]}{other}{example.question[match.end() :]}"
    return None


def _neighbours(kind: int, text: str, example: Example) -> list[str]:
    """Names of that kind in the paragraph that neither the question nor an answer shares a word with."""
    taken = {word.lower() for part in (example.question, *example.answers) for word in part.split()}
    found = {match[0] for match in KINDS[kind].finditer(text)}
    return sorted(name for name in found if taken.isdisjoint(name.lower().split()))


def _alike(other: str, name: str) -> bool:
    return other != name and abs(len(other.split()) - len(name.split())) <= 1


def _match_case(name: str, question: str) -> str:
    return name.lower() if question == question.lower() else name


def _pools(reading: ReadingSet) -> dict[int, list[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for example in reading.examples:
        for kind, pattern in enumerate(KINDS):
            found[kind].update(match[0] for match in pattern.finditer(example.question))
    return {kind: sorted(found[kind]) for kind in range(len(KINDS))}


def _paragraph(text: str, title: str) -> Paragraph:
    return Paragraph(Text(text, title), tuple(sentence_spans(text)))


@dataclass(frozen=True, slots=True)
class Mix:
    """The shares of the answerable questions that are asked about another name, read with their answer left out, or given a
    speaker."""

    names: float = 0.3
    left_out: float = 0.5
    spoken: float = 0.12

    def lessons(
        self, reading: ReadingSet, hardest: Sequence[tuple[int, ...]], seed: int
    ) -> tuple[ReadingSet, list[tuple[int, ...]]]:
        """`reading` with what is made of it, and for each of its questions the paragraphs that do not answer it.

        A paragraph with the answer left out is drawn as often as all that retrieval found together.
        """
        silent = without_answers(reading, self.left_out, seed)
        told = with_speakers(reading, self.spoken, seed)
        paragraphs = list(told.paragraphs)
        others = [tuple(found) for found in hardest]
        for number, paragraph in silent.items():
            others[number] += (len(paragraphs),) * max(1, len(others[number]))
            paragraphs.append(paragraph)
        made = with_other_names(reading, self.names, seed)
        return ReadingSet(tuple(paragraphs), told.examples + made), [*others, *((),) * len(made)]
