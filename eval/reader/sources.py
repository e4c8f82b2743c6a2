"""The public question sets that the reader is trained on, each read into the same shape.

What a set has that teaches nothing is left out: pronouns as answers, questions about parts of names, paragraphs too long to be
read in one window.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.reader.examples import Example, ReadingSet, read_squad

LONGEST = 2_000
"""Characters of a paragraph that is trained on; a longer one is more than one window."""
LONGEST_ANSWER = 80
EMPTY_ANSWERS = frozenset("he her him his i it its me she that their them they this those we who you".split())  # noqa: SIM905
EMPTY_QUESTION = re.compile(r"\b(?:someone|something|somewhere|(?:first|last|sur)\s?names?)\b", re.I)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of questions in SQuAD's layout: `share` of a paragraph's questions at most `most` are taken."""

    name: str
    files: tuple[str, ...]
    most: int | None = None


SQUAD = Source("squad", ("squad/squad1_articles.json", "squad/squad2_18_articles.json"))
SEARCHES = Source("searches", ("reading/qed_train.json.gz",))
MORE = (
    Source("du", ("reading/du.json.gz",)),
    SEARCHES,
    Source("wikinews roles", ("reading/qamr_wikinews.json.gz",), most=28),
    Source("wikipedia roles", ("reading/qamr_wikipedia.json.gz",), most=6),
)
"""Beside SQuAD. Text of these sets may be trained on for weights that are given away."""


def read_source(source: Source, data: Path, seed: int) -> ReadingSet:
    """The questions of a source worth training on. Raises InputError when a file is missing or no such set."""
    reading = read_squad([data / name for name in source.files])
    if source.most is None:
        return usable(reading)
    kept = fewer(usable(reading).examples, source.most, seed)
    return ReadingSet(reading.paragraphs, kept)


def usable(reading: ReadingSet) -> ReadingSet:
    """`reading` without questions that teach nothing; its paragraphs keep their numbers."""
    return replace(reading, examples=tuple(one for one in reading.examples if _teaches(one, reading)))


def fewer(examples: Sequence[Example], most: int, seed: int) -> tuple[Example, ...]:
    """At most `most` questions of each paragraph, drawn by `seed`."""
    of_paragraph: defaultdict[int, list[Example]] = defaultdict(list)
    for example in examples:
        of_paragraph[example.paragraph].append(example)
    drawing = random.Random(seed)
    return tuple(one for some in of_paragraph.values() for one in drawing.sample(some, min(most, len(some))))


def apart(reading: ReadingSet, count: int, seed: int) -> tuple[ReadingSet, ReadingSet]:
    """What is trained on, and the questions of whole articles, about `count` of them, held back by `seed`."""
    titles = sorted({paragraph.text.title for paragraph in reading.paragraphs})
    random.Random(seed).shuffle(titles)
    rank = {title: place for place, title in enumerate(titles)}
    ordered = sorted(reading.examples, key=lambda one: rank[reading.paragraphs[one.paragraph].text.title])
    held = {reading.paragraphs[one.paragraph].text.title for one in ordered[:count]}
    inside = [reading.paragraphs[one.paragraph].text.title in held for one in reading.examples]
    kept = tuple(one for one, is_held in zip(reading.examples, inside, strict=True) if not is_held)
    back = tuple(one for one, is_held in zip(reading.examples, inside, strict=True) if is_held)
    return replace(reading, examples=kept), replace(reading, examples=back)


def with_silent_repeated(reading: ReadingSet, times: int) -> ReadingSet:
    """`reading` with the questions that people wrote without an answer `times` over: other sets have none."""
    silent = [one for one in reading.examples if not one.answers]
    again = [replace(one, id=f"{one.id} again {time}") for time in range(1, times) for one in silent]
    return replace(reading, examples=(*reading.examples, *again))


def together(readings: Sequence[ReadingSet]) -> ReadingSet:
    """All of them as one, the paragraphs numbered anew."""
    paragraphs = tuple(paragraph for reading in readings for paragraph in reading.paragraphs)
    examples: list[Example] = []
    before = 0
    for reading in readings:
        examples += (replace(one, paragraph=one.paragraph + before) for one in reading.examples)
        before += len(reading.paragraphs)
    return ReadingSet(paragraphs, tuple(examples))


def _teaches(example: Example, reading: ReadingSet) -> bool:
    if len(reading.paragraphs[example.paragraph].text.text) > LONGEST:
        return False
    if not example.answers:
        return True
    shortest = min(example.answers, key=len)
    return (
        bool(example.marked)
        and shortest.lower() not in EMPTY_ANSWERS
        and len(shortest) <= LONGEST_ANSWER
        and not EMPTY_QUESTION.search(example.question)
    )
