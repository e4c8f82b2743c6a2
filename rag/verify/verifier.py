"""A sentence is held against the passages that it may rest on, and gets the narrowest span that carries it.

What is exact must agree: numbers, dates, quoted words. Whether the rest does is a probability, computed from how near the two
are in meaning, how the words of the one stand in the other, and what the checks of names, negations, quantities, speakers and
relations find (`support`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from rag.english.clauses import clauses
from rag.english.folding import fold
from rag.english.names import name_words, names
from rag.english.negation import opposite_stems
from rag.english.numbers import numbers
from rag.english.polarity import negators
from rag.english.stems import FUNCTION, Placed, Stems
from rag.protocols import WordEmbedder
from rag.types import Chunk, Passage, Verdict, Worded
from rag.verify.alignment import Readings, align, coverage, nearest
from rag.verify.checks import Failure, doubts, failure
from rag.verify.evidence import Span, pairs, spans, verbatim
from rag.verify.facts import QUOTED, Facts, Ground, facts
from rag.verify.relations import Relations, relations
from rag.verify.support import CHECKS, Compared, Support, load_support
from rag.when import mentions

LOOKED_AT = 6
"""Sentences that are read for one clause: those with most of its words."""
COMPARED = 3
"""Of these, the ones that are compared with it: the likest."""
PAIRS = 2
"""Spans of two sentences that are compared where no single one carries the clause."""
MOST_WORDS = 80
"""A sentence of more words is not checked but refused."""
NUMERALS_A_WORD = 2
"""A sentence with more numerals for each of its words says nothing."""
_NUMERALS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_CONTEXT = 400
"""Characters before a span whose words stand around it."""
REMEMBERED = 512
"""Texts whose facts are kept."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A span with how probably it carries a clause, and why it does not where it does not."""

    span: Span
    support: float
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its words of content, apart from times and numbers, which are checked for themselves."""

    text: str
    words: tuple[Placed, ...]
    read: Worded

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words)


@dataclass(frozen=True, slots=True)
class Near:
    """A span as it is read, with its likeness to a clause and the stems around it."""

    span: Span
    read: Worded
    likeness: float
    stems: frozenset[str]
    around: frozenset[str]


class Verifier:
    """Safe to use from many threads. Raises ModelError where the formula of support cannot be read."""

    def __init__(self, embedder: WordEmbedder, support: Support | None = None) -> None:
        self._stems = Stems()
        self._readings = Readings(embedder)
        self._support = support or load_support()
        self._against = opposite_stems(self._stems)
        # what remembers must not hold the verifier: only the garbage collector would ever free its models
        self._whole = lru_cache(REMEMBERED)(partial(_relations_of_passage, self._stems))
        self._facts = lru_cache(REMEMBERED)(partial(facts, stems=self._stems))

    def verify(self, sentence: str, passages: Sequence[Passage], cited: Sequence[int] = ()) -> Verdict:
        """Whether `passages` carry `sentence`, and where. `cited` are indices of those that it names; the others come after them.

        A sentence of several clauses is carried when each of them is; one that no sentence carries may be carried by two that
        stand beside each other.
        """
        if refused := _refuse(sentence):
            return refused
        if found := verbatim(sentence, _in_order(passages, cited)):
            return Verdict(True, 1.0, (found,))
        tried = [self._find_best_span(clause, passages, cited) for clause in clauses(sentence)]
        if len(tried) > 1 and any(one is None or not _holds(one) for one in tried):
            tried = [self._find_best_span(sentence, passages, cited)]
        worst = min(tried, key=lambda one: (_holds(one), one.support if one else 0.0))
        if worst is None:
            return Verdict(False, 0.0, check="words", reason="no source has its words")
        if worst.failure:
            return Verdict(False, worst.support, check=worst.failure.check, reason=worst.failure.reason)
        quotes = dict.fromkeys(one.span.quote for one in tried if one)
        return Verdict(True, worst.support, tuple(quotes))

    def compare(self, clause: str, passages: Sequence[Passage]) -> list[tuple[Span, Compared | Failure]]:
        """The spans nearest to a clause, single ones and pairs, each beside it, or with what is exact and different in it."""
        said = self._clause(clause)
        single = spans(passages, range(len(passages)))
        return [each for some in (single, pairs(single)) for each in self._compare(said, some, COMPARED)]

    def _find_best_span(self, clause: str, passages: Sequence[Passage], cited: Sequence[int]) -> Attempt | None:
        """The best span for a clause: one of the passages cited where one carries it, else of all."""
        said = self._clause(clause)
        named = [index for index in dict.fromkeys(cited) if 0 <= index < len(passages)]
        best = self._best(said, passages, named) if named else None
        if best is not None and _holds(best):
            return best
        others = [index for index in range(len(passages)) if index not in named]
        other = self._best(said, passages, others) if others else None
        return max((one for one in (best, other) if one), key=lambda one: (_holds(one), one.support), default=None)

    def _best(self, clause: Clause, passages: Sequence[Passage], looked_at: Sequence[int]) -> Attempt | None:
        single = spans(passages, looked_at)
        best = self._try_spans(clause, single, COMPARED)
        if _holds(best) or QUOTED.search(clause.text):  # what somebody said stands in one sentence with who said it
            return best
        two = self._try_spans(clause, pairs(single), PAIRS)
        return two if _holds(two) else best

    def _try_spans(self, clause: Clause, found: Sequence[Span], count: int) -> Attempt | None:
        """The span that supports the clause most, whether or not it carries it."""
        tried = [self._judge(span, each) for span, each in self._compare(clause, found, count)]
        return max(tried, key=lambda one: (_holds(one), one.support), default=None)

    def _judge(self, span: Span, compared: Compared | Failure) -> Attempt:
        if isinstance(compared, Failure):
            return Attempt(span, 0.0, compared)
        chance = float(self._support.probabilities([compared.row()])[0])
        if chance >= self._support.least:
            return Attempt(span, chance, None)
        if gravest := self._support.gravest(compared):
            return Attempt(span, chance, Failure(CHECKS[gravest], compared.doubts[gravest]))
        if missing := compared.alignment.missing:
            return Attempt(span, chance, Failure("words", f"the source does not speak of “{missing[0]}”"))
        return Attempt(span, chance, Failure("support", "no source says as much"))

    def _clause(self, text: str) -> Clause:
        exact = [(mention.start, mention.end) for mention in mentions(text, date.today())]
        exact += [(one.start, one.end) for one in numbers(text, exact)]
        words = (word for word in self._stems.place(text) if not any(start <= word.start < end for start, end in exact))
        return Clause(text, tuple(words), self._readings.of([text])[0])

    def _compare(self, clause: Clause, found: Sequence[Span], count: int) -> Iterator[tuple[Span, Compared | Failure]]:
        """The `count` likest spans beside the clause."""
        near = self._near(clause, found)
        alike = {id(one): one.likeness + coverage(clause.words, one.stems, one.around) for one in near}
        ranked = sorted(near, key=lambda one: -alike[id(one)])[:count]
        for one in ranked:
            yield one.span, self._beside(clause, one, alike[id(ranked[0])] - alike[id(one)])

    def _near(self, clause: Clause, found: Sequence[Span]) -> list[Near]:
        """The spans with most of the clause's words, read."""
        stems = {id(span): frozenset(self._stems.of(span.text)) for span in found}
        chosen = sorted(found, key=lambda span: -len(clause.stems & stems[id(span)]))[:LOOKED_AT]
        read = self._readings.of([span.text for span in chosen])
        return [
            Near(span, one, float(one.whole @ clause.read.whole), stems[id(span)], self._around(span))
            for span, one in zip(chosen, read, strict=True)
        ]

    def _around(self, span: Span) -> frozenset[str]:
        source = span.quote.source
        return frozenset(self._stems.of(f"{span.context[-_CONTEXT:]} {source.title} {source.outlet or ''}"))

    def _beside(self, clause: Clause, near: Near, behind: float) -> Compared | Failure:
        ground = self._ground(near.span)
        said = self._facts(clause.text, near.span.quote.source, ground.known)
        if failed := failure(said, ground, self._stems):
            return failed
        if clause.words and not clause.stems & near.stems:  # a title says as much of every sentence under it
            return Failure("words", "no word of it stands in the sentence")
        words = align(clause.read, clause.words, near.read, near.stems, near.around, frozenset(name_words(said.names)))
        back = nearest(near.read, clause.read)
        return Compared(
            near.likeness,
            behind,
            words,
            math.log1p(len(clause.read.spans)),
            len(near.span.parts) > 1,
            float(back.mean()) if len(back) else 1.0,
            len(negators(clause.text)) != len(negators(near.span.text)),
            doubts(said, ground, self._against),
        )

    def _ground(self, span: Span) -> Ground:
        source = span.quote.source
        before = names(span.context)
        published = ". ".join((source.outlet or "", *source.authors))
        outlet = frozenset(name_words(names(published)) | set(map(fold, (source.outlet or "").split()))) - FUNCTION
        around = outlet | frozenset(name_words(names(source.title)))
        known = frozenset(name_words(before) | around | name_words(names(span.text)))
        whole = self._whole(span.chunk.text, around)
        return Ground(span, self._facts(span.text, source, known), tuple(before), around, known, outlet, whole)


def _relations_of_passage(stems: Stems, text: str, around: frozenset[str]) -> Relations:
    """Those of a passage, whose names are known from all of it."""
    return relations(text, around | name_words(names(text)), stems)


def _refuse(sentence: str) -> Verdict | None:
    """The verdict on what is not worth looking for."""
    if len(sentence.split()) > MOST_WORDS:
        return Verdict(False, 0.0, check="words", reason="the sentence is too long to be checked")
    words = len(_LETTERS.findall(sentence))
    if not words or len(_NUMERALS.findall(sentence)) > NUMERALS_A_WORD * words:
        return Verdict(False, 0.0, check="words", reason="it says nothing in words")
    return None


def _in_order(passages: Sequence[Passage], cited: Sequence[int]) -> list[Chunk]:
    """The chunks of the passages, those cited first."""
    return [passages[index].chunk for index in (*cited, *range(len(passages))) if 0 <= index < len(passages)]


def _holds(tried: Attempt | None) -> bool:
    return tried is not None and tried.failure is None


__all__ = ["Facts", "Verifier"]
