"""A sentence is held against the passages that it may rest on, and gets the narrowest span that carries it.

What is exact must agree: numbers, dates, names, negations, quantities, quoted words and who says them. The rest must be there in
substance: its support is the likeness of meaning (cosine of embeddings) and the share of its words that the span has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.protocols import Embedder
from rag.types import Passage
from rag.verify.checks import Facts, Failure, Ground, facts, failure
from rag.verify.clauses import clauses
from rag.verify.evidence import Span, spans
from rag.verify.names import fold, name_words, names
from rag.verify.negation import opposite_stems
from rag.verify.numbers import numbers
from rag.verify.verdict import Verdict
from rag.verify.wording import Likeness, Stems
from rag.when import mentions

LOOKED_AT = 12
"""Spans that are checked for one sentence: those with most of its words."""
MOST_WORDS = 80
"""A sentence of more words is not checked but refused."""
COVERAGE, LIKENESS, OFFSET = 6.0, 5.0, -6.5
LEAST_SUPPORT = 0.5
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
        self._embedder = embedder
        self._stems = Stems()
        self._words = Likeness(embedder)
        self._against = opposite_stems(self._stems)

    def verify(self, sentence: str, passages: Sequence[Passage], cited: Sequence[int] = ()) -> Verdict:
        """Whether `passages` carry `sentence`, and where. `cited` are indices of those that it names; the others come after them.

        A sentence of several clauses is carried when each of them is.
        """
        if len(sentence.split()) > MOST_WORDS:
            return Verdict(False, 0.0, check="words", reason="the sentence is too long to be checked")
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
        words = self._stems.pairs(_plain(clause))
        found = [(span, self._stems.pairs(span.text)) for span in spans(passages, looked_at)]
        shared = [len({stem for _, stem in words} & {stem for _, stem in theirs}) for _, theirs in found]
        near = sorted(range(len(found)), key=lambda i: -shared[i])[:LOOKED_AT]
        if not near:
            return None
        likeness = self._likeness(clause, [found[i][0] for i in near])
        tried = []
        for i, cosine in zip(near, likeness, strict=True):
            span, theirs = found[i]
            support = probability(COVERAGE * self._coverage(words, span, theirs) + LIKENESS * cosine + OFFSET)
            tried.append(Tried(span, support, self._failure(clause, span)))
        return max(tried, key=lambda one: (_holds(one), one.support))

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
        vectors = self._embedder.embed_documents([clause, *(span.text for span in near)])
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]

    def _failure(self, clause: str, span: Span) -> Failure | None:
        source = span.quote.source
        before = names(span.context)
        said_around = names(". ".join((source.title, source.outlet or "", *source.authors)))
        around = frozenset(name_words(said_around) | set(map(fold, (source.outlet or "").split())))
        known = frozenset(name_words(before) | around | name_words(names(span.text)))
        ground = Ground(span, facts(span.text, source, known, self._stems), tuple(before), around, known)
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
