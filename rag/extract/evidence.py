"""Evidence: every sentence of the passages read, with numbers that tell whether it states an answer to the question.

One row a sentence. A sentence is judged together with its best short answer, since that is what it would be shown for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.english.amounts import unit_fits, whole, with_currency
from rag.english.kinds import Kind, find_kind, kind_fits
from rag.english.prose import find_beginning, is_prose
from rag.english.speakers import asks_about_saying, is_speaker
from rag.extract.features import QuestionWords
from rag.read import Reading, Span, Text, Vote, votes
from rag.read.votes import same_answer
from rag.types import Article, Passage, Quote

Matrix = NDArray[np.float64]
NAMES = (
    "evidence", "answers", "margin", "share", "agree", "rival", "kind", "unit", "speaker", "echo", "coverage", "around",
    "missing", "fit", "rank", "lead", "length", "explains", "foreign", "stranger",
)  # fmt: skip
"""The columns of a row, in order; nothing in them depends on the day of asking:

evidence  the reader's logit of the sentence answering
answers   its logit of the passage answering
margin    the score of the sentence's best span less that of there being no answer in the passage
share     ln of the belief in that span's words, over all passages
agree     ln of 1 + the number of other articles whose best span has the same words
rival     the belief in the best answer with other words
kind      whether the span is a thing of the kind that is asked for: 1, .5 where that is unknown, 0
unit      whether a number counts what is asked about: 1, .5, 0
speaker   whether the span is the one who says the sentence, and the question is not about saying
echo      the share of the span's words that the question has
coverage  the share of the question's words, weighted by how rare they are, that the sentence has
around    the same for the passage with its title
missing   how rare the rarest word of the question is that the passage and its title lack, as a share of the rarest of all
fit       the passage's score
rank      1 / (1 + the passage's rank)
lead      1 for the article's first words, falling to 0 after 1,500 characters
length    words of the span, 12 or more as 1
explains  whether an explanation is asked for, times evidence
foreign   the share of the question's names and numbers that the article, its outlet and its day lack
stranger  whether there is one that they lack
"""
LIMIT = 8.0
"""Logits and margins beyond it tell no more."""
LEAST_BELIEF = 1e-6
STEM = 5
NAMED = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w’'-]*\w|\d[\d,.]*\d|\d")
WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the passage with the index `passage`, and the short answer in it: characters of the passage, None for none.

    `vote` is the index of the voted answer that the span is one of.
    """

    quote: Quote
    passage: int
    span: tuple[int, int] | None
    vote: int | None


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of the passages: their readings, the answers voted for, every sentence with its row of `NAMES`."""

    passages: tuple[Passage, ...]
    readings: tuple[Reading, ...]
    voted: tuple[Vote, ...]
    found: tuple[Statement, ...]
    rows: Matrix

    def short(self, index: int) -> str | None:
        """The short answer of the sentence `index`, in the words of its article."""
        one = self.found[index]
        if one.span is None:
            return None
        return self.passages[one.passage].chunk.text[one.span[0] : one.span[1]]


def weigh(
    question: str,
    words: QuestionWords,
    passages: Sequence[Passage],
    cut: Sequence[Sequence[tuple[int, int]]],
    readings: Sequence[Reading],
    articles: Mapping[str, Article],
) -> Read:
    """Every sentence of `passages` that may be quoted; `cut` has the characters of each passage's sentences."""
    texts = [Text(passage.chunk.text, passage.chunk.source.title) for passage in passages]
    voted = votes(readings, texts, [passage.score for passage in passages])
    of_words = {same_answer(vote.answer): number for number, vote in enumerate(voted)}
    asked = QuestionFeatures(question, find_kind(question), asks_about_saying(question), words)
    found: list[Statement] = []
    rows: list[tuple[float, ...]] = []
    foreign: dict[str, tuple[float, float]] = {}  # by article: several passages may be of one
    for number, (passage, spans, reading) in enumerate(zip(passages, cut, readings, strict=True)):
        article = articles.get(id := passage.chunk.source.id)
        if article is None or id not in foreign:
            foreign[id] = foreign_names(question, words_of(passage, article))
        around = _Around(number, passage, reading, asked, foreign[id])
        for start, end in quotable(passage, spans):
            best = _best_span(reading, start, end)
            one = _statement(passage, number, (start, end), best, of_words, asked.kind)
            found.append(one)
            rows.append(around.row(one, best, reading.sentences[_sentence(spans, end)], voted))
    matrix = np.asarray(rows, np.float64).reshape(-1, len(NAMES))
    return Read(tuple(passages), tuple(readings), tuple(voted), tuple(found), matrix)


def _statement(
    passage: Passage, number: int, place: tuple[int, int], best: Span | None, of_words: Mapping[str, int], kind: Kind
) -> Statement:
    start, end = place
    chunk = passage.chunk
    quote = Quote(chunk.source, chunk.start + start, chunk.start + end, chunk.text[start:end])
    if best is None:
        return Statement(quote, number, None, None)
    vote = of_words.get(same_answer(chunk.text[best.start : best.end]))
    span = whole(chunk.text, best.start, best.end)
    if kind == "money":
        span = with_currency(chunk.text, *span)
    return Statement(quote, number, _inside(span, place), vote)


def _inside(span: tuple[int, int], sentence: tuple[int, int]) -> tuple[int, int]:
    return max(span[0], sentence[0]), min(span[1], sentence[1])


def quotable(passage: Passage, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences that may be quoted, without what stands before their first word; all of them where none is prose."""
    text = passage.chunk.text
    begun = [(start + find_beginning(text[start:end], first=passage.chunk.start + start == 0), end) for start, end in spans]
    return [(start, end) for start, end in begun if is_prose(text[start:end])] or begun


@dataclass(frozen=True, slots=True)
class QuestionFeatures:
    """The question, and what it asks for."""

    question: str
    kind: Kind
    saying: bool
    words: QuestionWords


class _Around:
    """The part of a row that all sentences of a passage share."""

    def __init__(
        self, rank: int, passage: Passage, reading: Reading, asked: QuestionFeatures, foreign: tuple[float, float]
    ) -> None:
        self._rank, self._passage, self._reading, self._asked = rank, passage, reading, asked
        known = f"{passage.chunk.source.title}\n{passage.chunk.text}"
        self._coverage = asked.words.coverage(known)
        self._missing = asked.words.rarest_missing(known)
        self._foreign = foreign
        self._named = frozenset(same_answer(asked.question).split())

    def row(self, one: Statement, best: Span | None, evidence: float, voted: Sequence[Vote]) -> tuple[float, ...]:
        chunk, asked = self._passage.chunk, self._asked
        evidence = _clip(evidence)
        start, end = one.span or (0, 0)
        said = same_answer(chunk.text[start:end]).split()
        vote = voted[one.vote] if one.vote is not None else None
        return (
            evidence,
            _clip(self._reading.answers),
            _clip(best.score - self._reading.silence) if best else -LIMIT,
            math.log(max(vote.share if vote else 0.0, LEAST_BELIEF)),
            math.log1p(len({place.text for place in vote.places}) - 1) if vote else 0.0,
            max((other.share for other in voted[:5] if vote and _apart(vote, other)), default=0.0),
            kind_fits(asked.kind, chunk.text[start:end]) if best else 0.5,
            unit_fits(asked.question, chunk.text, start, end) if best else 0.5,
            float(bool(best) and not asked.saying and is_speaker(chunk.text, start, end)),
            sum(word in self._named for word in said) / max(1, len(said)),
            asked.words.coverage(one.quote.text),
            self._coverage,
            self._missing,
            self._passage.score,
            1 / (1 + self._rank),
            max(0.0, 1 - one.quote.start / 1_500),
            min(1.0, len(said) / 12),
            evidence * float(asked.kind == "reason"),
            *self._foreign,
        )


def words_of(passage: Passage, article: Article | None) -> str:
    """All that an article says of names and numbers: its title, its whole text, who published it and on what day."""
    source = passage.chunk.source
    day = f"{source.published:%-d %B %Y %A}" if source.published else ""
    return "\n".join((source.title, article.text if article else passage.chunk.text, source.outlet or "", day))


def foreign_names(question: str, known: str) -> tuple[float, float]:
    """The share of the names and numbers of `question` that `known` lacks, and 1 where there is one, else 0.

    A name is a capitalised word but the first; of two words the first five letters count, so that "Russian" is known by "Russia".
    """
    named = [word.removesuffix("’s").removesuffix("'s").lower() for word in NAMED.findall(question)]
    if not named:
        return 0.0, 0.0
    held = {word[:STEM] for word in WORDS.findall(known.lower())}
    lacking = sum(not any(part[:STEM] in held for part in WORDS.findall(word)) for word in named)
    return lacking / len(named), float(lacking > 0)


def _apart(vote: Vote, other: Vote) -> bool:
    return not set(same_answer(vote.answer).split()) & set(same_answer(other.answer).split())


def _best_span(reading: Reading, start: int, end: int) -> Span | None:
    inside = (span for span in reading.spans if start <= span.start and span.end <= end)
    return max(inside, key=lambda span: span.score, default=None)


def _sentence(spans: Sequence[tuple[int, int]], end: int) -> int:
    return next(number for number, (_, stop) in enumerate(spans) if stop == end)


def _clip(value: float) -> float:
    return max(-LIMIT, min(LIMIT, value))
