"""A sentence is held against the passages that it may rest on, and gets the narrowest span that carries it.

What is exact must agree: numbers, dates, names, negations, quantities, quoted words and who says them. The rest must be there in
substance: its support is the likeness of meaning (cosine of embeddings) and the share of its words that the span has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.protocols import Embedder
from rag.types import Passage, Verdict
from rag.verify.checks import QUOTED, Facts, Failure, Ground, facts, failure
from rag.verify.clauses import clauses
from rag.verify.evidence import Span, pairs, spans, verbatim
from rag.verify.foreign import foreign_word
from rag.verify.names import fold, name_words, names
from rag.verify.negation import alike_stems, opposite_stems
from rag.verify.numbers import numbers
from rag.verify.polarity import negators
from rag.verify.relations import relations
from rag.verify.speakers import is_saying
from rag.verify.wording import FUNCTION, LIGHT, Likeness, Stems
from rag.when import mentions

LOOKED_AT = 12
"""Spans that are checked for one sentence: those with most of its words."""
PAIRS = 3
"""Spans of two sentences that are checked where no single one carries the clause."""
CONTRARY = frozenset({"relation", "speaker", "negation", "quantity", "name"})
"""Checks by which a span says something else than the clause, and not only less."""
NEAR_MISS = CONTRARY | {"number", "date", "name"}
"""Checks that a clause fails which is nearly what the span says."""
NEARER = 0.1
"""How much nearer a span that says something else must be to come before one that carries the clause."""
COMPOUND = 4
"""Letters from which a word may be part of another that stands for it: "fire" for "wildfire"."""
MOST_WORDS = 80
"""A sentence of more words is not checked but refused."""
NUMERALS_A_WORD = 2
"""A sentence with more numerals for each of its words says nothing."""
_NUMERALS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
COVERAGE, LIKENESS, OFFSET = 6.0, 5.0, -6.5
LEAST_SUPPORT = 0.5
LEAST_OWN = 0.25
"""The share of a clause's words that the span must have itself: a title says what an article is about, and no sentence of it."""
AROUND = 0.5
"""What a word counts that stands before the span, in its title or its outlet, and not in it."""
NEAR = 0.45
"""The cosine from which a word stands for another."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A span with how well it carries a clause, and what the clause fails by against it."""

    span: Span
    support: float
    failure: Failure | None


class Verifier:
    """Safe to use from many threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._stems = Stems()
        self._words = Likeness(embedder)
        self._against = opposite_stems(self._stems)
        self._alike = alike_stems(self._stems)

    def verify(self, sentence: str, passages: Sequence[Passage], cited: Sequence[int] = ()) -> Verdict:
        """Whether `passages` carry `sentence`, and where. `cited` are indices of those that it names; the others come after them.

        A sentence of several clauses is carried when each of them is; one that no sentence carries may be carried by two that
        stand beside each other.
        """
        if len(sentence.split()) > MOST_WORDS:
            return Verdict(False, 0.0, check="words", reason="the sentence is too long to be checked")
        words = len(_LETTERS.findall(sentence))
        if not words or len(_NUMERALS.findall(sentence)) > NUMERALS_A_WORD * words:
            return Verdict(False, 0.0, check="words", reason="it says nothing in words")
        if found := verbatim(
            sentence, [passages[index].chunk for index in (*cited, *range(len(passages))) if 0 <= index < len(passages)]
        ):
            return Verdict(True, 1.0, (found,))
        tried = [self._carried(clause, passages, cited) for clause in clauses(sentence)]
        if len(tried) > 1 and any(one is None or not _holds(one) for one in tried):
            tried = [self._carried(sentence, passages, cited)]
        worst = min(tried, key=lambda one: (_holds(one), one.support if one else 0.0))
        if worst is None:
            return Verdict(False, 0.0, check="words", reason="no source has its words")
        if worst.failure:
            return Verdict(False, worst.support, check=worst.failure.check, reason=worst.failure.reason)
        if not _holds(worst):
            return Verdict(False, worst.support, check="support", reason="no source says as much")
        quotes = dict.fromkeys(one.span.quote for one in tried if one)
        return Verdict(True, worst.support, tuple(quotes))

    def _carried(self, clause: str, passages: Sequence[Passage], cited: Sequence[int]) -> Tried | None:
        """The best span for a clause: one of the passages cited where one carries it, else of all."""
        named = [index for index in dict.fromkeys(cited) if 0 <= index < len(passages)]
        best = self._best(clause, passages, named) if named else None
        if best is not None and _holds(best):
            return best
        others = [index for index in range(len(passages)) if index not in named]
        other = self._best(clause, passages, others) if others else None
        return max((one for one in (best, other) if one), key=lambda one: (_holds(one), one.support), default=None)

    def _best(self, clause: str, passages: Sequence[Passage], looked_at: Sequence[int]) -> Tried | None:
        single = spans(passages, looked_at)
        best = self._tried(clause, self._nearest(clause, single, LOOKED_AT))
        if best is None or _holds(best) or (best.failure and best.failure.check in CONTRARY and best.support >= LEAST_SUPPORT):
            return best
        if QUOTED.search(clause):  # what somebody said stands in one sentence with who said it
            return best
        two = self._tried(clause, self._nearest(clause, pairs(single), PAIRS))
        return two if _holds(two) else best

    def _nearest(self, clause: str, found: Sequence[Span], count: int) -> list[Span]:
        """The spans with most of the clause's words."""
        wanted = set(self._stems.of(_plain(clause)))
        return sorted(found, key=lambda span: -len(wanted & set(self._stems.of(span.text))))[:count]

    def _tried(self, clause: str, near: Sequence[Span]) -> Tried | None:
        """The span that carries the clause, the best first; where none does, the one with the most support."""
        words = [pair for pair in self._stems.pairs(_plain(clause)) if pair[0] not in LIGHT]
        near = [span for span in near if self._own(words, span) >= LEAST_OWN]
        likeness = self._likeness(clause, near)
        logits = [
            COVERAGE * self._coverage(words, span, self._stems.pairs(span.text)) + LIKENESS * cosine + OFFSET
            for span, cosine in zip(near, likeness, strict=True)
        ]
        first: Tried | None = None
        denied = 0.0
        for logit, span in sorted(zip(logits, near, strict=True), key=lambda each: -each[0]):
            support = probability(logit)
            if first and support < LEAST_SUPPORT:
                break
            tried = Tried(span, support, self._failure(clause, span))
            if _holds(tried):
                return tried if support >= denied - NEARER else first
            if tried.failure and tried.failure.check in NEAR_MISS:
                denied = max(denied, support)
            first = first or tried
        return first

    def _own(self, words: Sequence[tuple[str, str]], span: Span) -> float:
        """The share of the clause's words that the span itself has, 0 to 1, whatever stands around it."""
        theirs = {stem for _, stem in self._stems.pairs(span.text)}
        return sum(stem in theirs for _, stem in words) / len(words) if words else 1.0

    def _coverage(self, words: Sequence[tuple[str, str]], span: Span, theirs: Sequence[tuple[str, str]]) -> float:
        """How much of the clause's words the span has, 0 to 1: a word counts 1 with its stem there, its nearest's likeness where
        that is NEAR at least, and AROUND where it stands around the span."""
        if not words:
            return 1.0
        source = span.quote.source
        here = {stem for _, stem in theirs}
        around = set(self._stems.of(f"{span.context[-400:]} {source.title} {source.outlet or ''}"))
        missing = [word for word, stem in words if stem not in here]
        near = dict(zip(missing, self._words.nearest(missing, [word for word, _ in theirs]), strict=True))
        counts = [
            1.0 if stem in here else max(AROUND * (stem in around), near[word] if near[word] >= NEAR else 0.0)
            for word, stem in words
        ]
        return sum(counts) / len(counts)

    def _likeness(self, clause: str, near: Sequence[Span]) -> list[float]:
        vectors = self._words.vectors([clause, *(span.text for span in near)])
        return [float(vectors[span.text] @ vectors[clause]) for span in near]

    def _failure(self, clause: str, span: Span) -> Failure | None:
        if failed := self._inexact(clause, span):
            return failed
        if foreign := self._foreign(clause, span):
            return Failure("words", f"the source does not speak of “{foreign}”")
        return None

    def _foreign(self, clause: str, span: Span) -> str | None:
        """A word of the clause for which the span has none. Names, numbers and negations are checked for themselves."""
        source = span.quote.source
        theirs = self._stems.pairs(span.text)
        around = {stem for _, stem in theirs} | set(self._stems.of(f"{span.context[-400:]} {source.title} {source.outlet or ''}"))
        named = name_words(names(f"{span.context} {span.text}"))
        mine = self._stems.pairs(clause)
        own = name_words(names(clause, named))
        done = {event.verb for event in relations(clause, frozenset(named), self._stems).events}
        here = {stem for _, stem in theirs}
        missing = [
            word
            for word, stem in self._stems.pairs(_plain(clause))
            if stem not in (here if stem in done else around)
            and fold(word) not in own
            and not negators(word)
            and not self._against.get(stem, frozenset()) & here
            and not self._alike.get(stem, frozenset()) & here
            and not is_saying(word)
            and not any(word in other for other, _ in theirs if len(word) >= COMPOUND)
        ]
        if not missing:
            return None
        others = [word for word, stem in theirs if stem not in {stem for _, stem in mine} and fold(word) not in named]
        vectors = self._words.vectors([clause, *span.parts])
        nearest = max(span.parts, key=lambda part: float(vectors[part] @ vectors[clause]))
        return foreign_word(clause, missing, nearest, list(dict.fromkeys(others)), self._words)

    def _inexact(self, clause: str, span: Span) -> Failure | None:
        source = span.quote.source
        before = names(span.context)
        published = ". ".join((source.outlet or "", *source.authors))
        outlet = frozenset(name_words(names(published)) | set(map(fold, (source.outlet or "").split()))) - FUNCTION
        around = outlet | frozenset(name_words(names(source.title)))
        known = frozenset(name_words(before) | around | name_words(names(span.text)))
        whole = relations(span.chunk.text, known, self._stems)
        ground = Ground(span, facts(span.text, source, known, self._stems), tuple(before), around, known, outlet, whole)
        return failure(facts(clause, source, known, self._stems), ground, self._stems, self._against)


def _plain(clause: str) -> str:
    """The clause without its times and numbers, which are checked for themselves."""
    told = [(mention.start, mention.end) for mention in mentions(clause, date.today())]
    for start, end in sorted((*told, *((one.start, one.end) for one in numbers(clause, told))), reverse=True):
        clause = clause[:start] + " " + clause[end:]
    return clause


def _holds(tried: Tried | None) -> bool:
    return tried is not None and tried.failure is None and tried.support >= LEAST_SUPPORT


def probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


__all__ = ["Facts", "Verifier"]
