"""SQuAD articles as questions to read paragraphs for, and which articles are held back from training.

A paragraph is known by its words, an article by its title: the two files of SQuAD share articles, and a question that stands in
both is taken once. Where the answer's words occur several times, those occurrences count that stand in the sentence nearest to
the question, since the files give the first occurrence, wherever the answer was marked.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.datasets.records import Record, read_document
from rag.read import Text
from rag.sentences import sentence_spans

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text with its sentences, in characters."""

    text: Text
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Marking:
    """An answer's characters in its paragraph, and the share of the annotators that marked it there (all shares sum to 1)."""

    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the index of its paragraph, and its answers there; none where the paragraph does not answer it."""

    id: str
    question: str
    paragraph: int
    answers: tuple[str, ...]
    marked: tuple[Marking, ...]


@dataclass(frozen=True, slots=True)
class ReadingSet:
    """Paragraphs and the questions about them."""

    paragraphs: tuple[Paragraph, ...]
    examples: tuple[Example, ...]


def read_squad(paths: Sequence[Path]) -> ReadingSet:
    """All questions of the files, each once by its words; a question of an earlier file comes before one of a later."""
    paragraphs: dict[tuple[str, str], int] = {}
    read: list[Paragraph] = []
    examples: dict[tuple[str, str], Example] = {}
    for title, record in (found for path in paths for found in _paragraphs(path)):
        text = record.text("context")
        index = paragraphs.setdefault((title, text), len(read))
        if index == len(read):
            read.append(Paragraph(Text(text, title), tuple(sentence_spans(text))))
        for question in record.objects("qas"):
            key = (title, " ".join(question.text("question").split()))
            if key not in examples:
                examples[key] = _example(question, index, read[index])
    return ReadingSet(tuple(read), tuple(examples.values()))


def select_held_back(reading: ReadingSet, share: float, seed: int) -> frozenset[str]:
    """The titles of `share` of the articles that have questions without an answer, drawn by `seed`."""
    titles = {reading.paragraphs[one.paragraph].text.title for one in reading.examples if not one.marked}
    return frozenset(random.Random(seed).sample(sorted(titles), round(share * len(titles))))


def of_articles(reading: ReadingSet, titles: frozenset[str], *, inside: bool) -> ReadingSet:
    """The part of `reading` whose articles are in `titles`, or are not, with its paragraphs numbered anew."""
    kept = [i for i, paragraph in enumerate(reading.paragraphs) if (paragraph.text.title in titles) == inside]
    number = {old: new for new, old in enumerate(kept)}
    examples = (
        Example(one.id, one.question, number[one.paragraph], one.answers, one.marked)
        for one in reading.examples
        if one.paragraph in number
    )
    return ReadingSet(tuple(reading.paragraphs[i] for i in kept), tuple(examples))


def occurrences(answer: str, paragraph: Paragraph, question: str) -> list[tuple[int, int]]:
    """Where the words of `answer` stand in the paragraph: in the sentences that share most words with the question."""
    text = paragraph.text.text
    bounded = (r"\b" if answer[:1].isalnum() else "") + re.escape(answer) + (r"\b" if answer[-1:].isalnum() else "")
    found = [match.span() for match in re.finditer(bounded, text)]
    if not found and (start := text.find(answer)) >= 0:
        found = [(start, start + len(answer))]  # half a word: the annotator's slip, not ours to mend
    asked = {word.lower() for word in WORD.findall(question)}
    near = [_find_shared(asked, _sentence_at(start, paragraph)) for start, _ in found]
    return [place for place, shared in zip(found, near, strict=True) if shared == max(near)]


def _example(question: Record, index: int, paragraph: Paragraph) -> Example:
    impossible = question.flag("is_impossible", default=False)
    asked = question.text("question").strip()
    answers = [] if impossible else [answer.text("text") for answer in question.objects("answers")]
    return Example(
        question.text("id"), asked, index, tuple(dict.fromkeys(answers)), _find_marked(Counter(answers), paragraph, asked)
    )


def _find_marked(answers: Mapping[str, int], paragraph: Paragraph, question: str) -> tuple[Marking, ...]:
    places: defaultdict[tuple[int, int], float] = defaultdict(float)
    for answer, annotators in answers.items():
        found = occurrences(answer.strip(), paragraph, question)
        for place in found:
            places[place] += annotators / len(found)
    total = sum(places.values())
    return tuple(Marking(start, end, share / total) for (start, end), share in sorted(places.items()))


def _sentence_at(start: int, paragraph: Paragraph) -> str:
    text = paragraph.text.text
    return next((text[first:last] for first, last in paragraph.sentences if first <= start < last), "")


def _find_shared(asked: set[str], sentence: str) -> int:
    return len(asked & {word.lower() for word in WORD.findall(sentence)})


def _paragraphs(path: Path) -> Iterator[tuple[str, Record]]:
    for entry in read_document(path).objects("data"):
        title = entry.text("title").replace("_", " ")
        for paragraph in entry.objects("paragraphs"):
            yield title, paragraph
