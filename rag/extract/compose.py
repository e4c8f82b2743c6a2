"""Composing an answer: the few sentences that carry it, from what the reader made of the passages.

A sentence is worth the belief in the short answers whose words it has and in no sentence chosen before it, so that the next one
chosen either says what the first left out or is not taken at all (greedy maximum coverage under a budget of words: Khuller, Moss
and Naor, 1999).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.extract.cues import Wanted
from rag.read import Reading, Vote
from rag.read.votes import same_answer
from rag.types import Passage, Quote

MAX_SENTENCES = 3
ANSWERS = 20
"""Short answers that count, the most believed first."""
REPEATED = 0.6
ENOUGH, EXPLAINING = 0.05, 0.3
"""The part of the first sentence's worth that a further one adds at least; the second where an explanation is asked for."""
CORROBORATED = 0.2
"""What the first answer counts again, of its belief, in a sentence of another outlet."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the passage with the index `passage`.

    `evidence` is the reader's logit of its answering, and `held` are the indices of the voted answers whose words it has.
    """

    quote: Quote
    passage: int
    evidence: float
    held: frozenset[int]


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of the passages: their readings, the answers voted for, every sentence, and the indices of those chosen."""

    passages: tuple[Passage, ...]
    readings: tuple[Reading, ...]
    voted: tuple[Vote, ...]
    found: tuple[Statement, ...]
    chosen: tuple[int, ...]

    @property
    def quoted(self) -> str:
        """The sentences chosen, joined by spaces."""
        return " ".join(self.found[i].quote.text for i in self.chosen)


def statements(
    passages: Sequence[Passage], cut: Sequence[Sequence[tuple[int, int]]], readings: Sequence[Reading], voted: Sequence[Vote]
) -> list[Statement]:
    """The sentences of the passages, in order; `cut` has the characters of each passage's sentences."""
    answers = [f" {same_answer(vote.answer)} " for vote in voted[:ANSWERS]]
    found = []
    for number, (passage, spans, reading) in enumerate(zip(passages, cut, readings, strict=True)):
        chunk = passage.chunk
        for (start, end), evidence in zip(spans, reading.sentences, strict=True):
            text = chunk.text[start:end]
            words = f" {same_answer(text)} "
            held = frozenset(i for i, answer in enumerate(answers) if answer.strip() and answer in words)
            quote = Quote(chunk.source, chunk.start + start, chunk.start + end, text)
            found.append(Statement(quote, number, evidence, held))
    return found


def chosen(found: Sequence[Statement], shares: Sequence[float], max_words: int, kind: Wanted) -> list[int]:
    """Indices of at most three sentences in the order in which they are to be said.

    The first is the best that there is, whatever its length; others follow while words are left and they add enough to it: an
    answer not yet said, or the first answer from another outlet. `shares` are those of the voted answers.
    """
    picked: list[int] = []
    least, words_left = 0.0, max_words
    while len(picked) < MAX_SENTENCES:
        said = [found[i] for i in picked]
        worths = [_explaining(one) if kind == "sentences" else _worth(one, shares, said) for one in found]
        order = sorted(range(len(found)), key=lambda i: -worths[i])
        best = next((i for i in order if _fits(i, found, picked, words_left)), None)
        if best is None or (picked and worths[best] < least):
            break
        least = least or worths[best] * (EXPLAINING if kind == "sentences" else ENOUGH)
        picked.append(best)
        words_left -= len(found[best].quote.text.split())
    return _readable(found, picked)


def _worth(one: Statement, shares: Sequence[float], said: Sequence[Statement]) -> float:
    """Belief in the answers that the sentence has and none said before it, by how much of an answer it is."""
    covered = frozenset().union(*(other.held for other in said))
    new = sum(shares[i] for i in one.held - covered)
    outlets = {other.quote.source.outlet or other.quote.source.id for other in said}
    if covered and 0 in one.held and (one.quote.source.outlet or one.quote.source.id) not in outlets:
        new += CORROBORATED * shares[0]
    return new * (1 + probability(one.evidence))


def _explaining(one: Statement) -> float:
    return probability(one.evidence)


def _fits(i: int, found: Sequence[Statement], picked: Sequence[int], words_left: int) -> bool:
    """Whether the sentence may follow those picked: new, not mostly their words, and short enough."""
    if not picked:
        return True
    words = found[i].quote.text.split()
    return i not in picked and len(words) <= words_left and not any(repeats(words, found[j].quote.text.split()) for j in picked)


def repeats(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether most of the shorter sentence's words stand in the other (overlap coefficient, Szymkiewicz-Simpson)."""
    one, other = ({word.lower().strip(".,;:“”\"'") for word in side} for side in (words, others))
    return len(one & other) >= REPEATED * min(len(one), len(other))


def _readable(found: Sequence[Statement], picked: Sequence[int]) -> list[int]:
    """Sentences of one article together and in its order, the article of the first one picked first."""
    articles = list(dict.fromkeys(found[i].quote.source.id for i in picked))
    return sorted(picked, key=lambda i: (articles.index(found[i].quote.source.id), found[i].quote.start))


def narrowed(quote: Quote, max_words: int, around: str | None) -> Quote:
    """The quote itself, or of one that is longer than `max_words` the words about its answer, from a comma where there is one."""
    words = list(re.finditer(r"\S+", quote.text))
    if len(words) <= max_words:
        return quote
    at = quote.text.find(around) if around else 0
    middle = next((i for i, word in enumerate(words) if word.end() > max(0, at)), 0)
    first = min(max(0, middle - max_words // 2), len(words) - max_words)
    after_comma = [i + 1 for i in range(first, middle) if words[i][0].endswith((",", ";", ":", "—", "–"))]
    first = after_comma[0] if after_comma and first else first
    last = min(len(words), first + max_words) - 1
    start, end = words[first].start(), words[last].end()
    return replace(quote, start=quote.start + start, end=quote.start + end, text=quote.text[start:end])


def probability(logit: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(logit, -50, 50))))
