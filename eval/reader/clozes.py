"""Clozes: questions that nobody had to write, to read before the written ones.

A sentence with a name or a number left out is asked of another paragraph that has the same name or number and most to do with the
sentence otherwise (Glass et al., "Span Selection Pre-training for Question Answering", ACL 2020). What the reader learns of it is
to find what a description in other words is about.
"""

from __future__ import annotations

import calendar
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from eval.reader.examples import WORD, Example, Marking, Paragraph, ReadingSet

NAME = re.compile(r"(?<![.!?“\"] )(?<!^)\b[A-Z][\w’'-]+(?: (?:(?:of|the|and|de) )?[A-Z][\w’'-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*(?: (?:million|billion|percent|per cent|years|miles|people))?\b%?")
MONTHS = frozenset(calendar.month_name[1:])
SHARED = 2
"""Rare words that sentence and paragraph must share besides what is left out."""
COMMON = 0.03
"""The share of paragraphs above which a word is not rare."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A name or number in a sentence of the paragraph with the index `paragraph`, and the sentence without it."""

    paragraph: int
    words: str
    question: str
    rest: frozenset[str]


def clozes(reading: ReadingSet, count: int, seed: int) -> ReadingSet:
    """`reading`'s paragraphs with at most `count` clozes about each, instead of its questions."""
    bags = [frozenset(word.lower() for word in WORD.findall(one.text.text)) for one in reading.paragraphs]
    frequency = Counter(word for bag in bags for word in bag)
    rare = frozenset(word for word, n in frequency.items() if n <= COMMON * len(bags))
    holders: defaultdict[str, list[Gap]] = defaultdict(list)
    for index, paragraph in enumerate(reading.paragraphs):
        for gap in gaps(index, paragraph, rare):
            holders[gap.words].append(gap)
    examples = [
        example
        for index, paragraph in enumerate(reading.paragraphs)
        for example in _select_about(index, paragraph, bags[index], holders, count)
    ]
    random.Random(seed).shuffle(examples)
    return ReadingSet(reading.paragraphs, tuple(examples))


def gaps(index: int, paragraph: Paragraph, rare: frozenset[str]) -> Iterator[Gap]:
    """Every name and number of the paragraph, left out of its sentence; those of its title are known to all and are none."""
    text = paragraph.text.text
    title = paragraph.text.title.lower()
    for start, end in paragraph.sentences:
        sentence = text[start:end]
        for match in (*NAME.finditer(sentence), *NUMBER.finditer(sentence)):
            words = match[0].rstrip(".,")
            if words.lower() in title or (len(words) < 2) or words in MONTHS:
                continue
            asked = "how many" if words[0].isdigit() and not re.fullmatch(r"1\d{3}|20\d\d", words) else "which"
            question = f"{sentence[: match.start()]}{asked}{sentence[match.start() + len(words) :]}".rstrip(". ") + "?"
            own = {word.lower() for word in WORD.findall(words)}
            rest = frozenset(word.lower() for word in WORD.findall(sentence)) & rare
            yield Gap(index, words, question, rest - own)


def _select_about(
    index: int, paragraph: Paragraph, bag: frozenset[str], holders: dict[str, list[Gap]], count: int
) -> Iterator[Example]:
    """The clozes from other paragraphs that this one answers best, each thing that is left out once."""
    text = paragraph.text.text
    found: dict[str, tuple[int, Gap]] = {}
    for words in dict.fromkeys(gap_words(paragraph)):
        for gap in holders.get(words, ()):
            shared = len(gap.rest & bag)
            if gap.paragraph != index and shared >= SHARED and shared > found.get(words, (0, gap))[0]:
                found[words] = (shared, gap)
    best = sorted(found.items(), key=lambda item: -item[1][0])[:count]
    for words, (_, gap) in best:
        places = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
        if places:
            marked = tuple(Marking(start, end, 1 / len(places)) for start, end in places)
            yield Example(f"cloze {index} {words}", gap.question, index, (words,), marked)


def gap_words(paragraph: Paragraph) -> Iterator[str]:
    """The names and numbers of a paragraph, as `gaps` leaves them out."""
    for start, end in paragraph.sentences:
        sentence = paragraph.text.text[start:end]
        for match in (*NAME.finditer(sentence), *NUMBER.finditer(sentence)):
            yield match[0].rstrip(".,")
