"""Sentence features: one row of numbers for each candidate sentence, the evidence that it answers the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.english.kinds import find_kind, offers
from rag.extract.background import rarity
from rag.protocols import Terms
from rag.types import Article, Passage, Quote, Vector, Vectors

Matrix = NDArray[np.float64]

NAMES = (
    "cosine", "coverage", "context", "pairs", "offered", "novelty", "passage", "rank", "lead", "length", "asks", "title",
)  # fmt: skip
"""The columns of a feature matrix, in order:

cosine    of the question's and the sentence's vectors
coverage  share of the question's words, weighted by how rare they are, that the sentence has
context   the same for the sentence with its neighbours and its article's title
pairs     share of the question's pairs of neighbouring words that the sentence has
offered   whether the sentence offers a thing of the kind that is asked for
novelty   share of the sentence's words that the question does not have
passage   score of the passage it stands in
rank      1 / (1 + rank of that passage), the best being rank 0
lead      1 for the article's first words, falling to 0 after some 1,000 characters
length    words of the sentence, 40 or more as 1
asks      whether it is a question itself
title     coverage of the question by the title alone
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a retrieved passage. `context` is the sentence with its neighbours in the passage."""

    quote: Quote
    context: str
    score: float
    rank: int


def candidates(
    passages: Sequence[Passage], articles: Mapping[str, Article], spans: Callable[[str], Sequence[tuple[int, int]]]
) -> list[Candidate]:
    """The sentences of `passages`, each once, in order of their passages; `spans` cuts a text into sentences."""
    found: dict[tuple[str, int, int], Candidate] = {}
    for rank, passage in enumerate(passages):
        chunk = passage.chunk
        article = articles.get(chunk.source.id)
        if article is None or article.text[chunk.start : chunk.end] != chunk.text:
            continue  # replaced since it was retrieved
        cut = [(chunk.start + start, chunk.start + end) for start, end in spans(chunk.text)]
        for i, (start, end) in enumerate(cut):
            around = article.text[cut[max(0, i - 1)][0] : cut[min(len(cut) - 1, i + 1)][1]]
            quote = Quote(article.source, start, end, article.text[start:end])
            found.setdefault((article.source.id, start, end), Candidate(quote, around, passage.score, rank))
    return list(found.values())


class QuestionWords:
    """A question's terms with their rarity, and how much of them a text has."""

    def __init__(self, question: str, terms: Terms) -> None:
        self._split = terms.split
        self._sequence = terms.split(question)
        self._weights = rarity(*terms.frequencies(sorted(set(self._sequence))))
        self._total = sum(self._weights.values()) or 1.0
        self._pairs = set(pairwise(self._sequence))

    def coverage(self, text: str) -> float:
        """Rarity of the question's words that `text` has, as a share of the rarity of all, 0 to 1."""
        return sum(self._weights.get(word, 0.0) for word in set(self._split(text))) / self._total

    def rarest_missing(self, text: str) -> float:
        """Rarity of the rarest of the question's words that `text` lacks, as a share of that of its rarest word, 0 to 1."""
        had = set(self._split(text))
        lacking = max((weight for word, weight in self._weights.items() if word not in had), default=0.0)
        return lacking / (max(self._weights.values(), default=0.0) or 1.0)

    def pairs(self, text: str) -> float:
        words = self._split(text)
        return len(self._pairs & set(pairwise(words))) / max(1, len(self._pairs))

    def novelty(self, text: str) -> float:
        words = self._split(text)
        return sum(word not in self._weights for word in words) / max(1, len(words))


def feature_matrix(question: str, vector: Vector, found: Sequence[Candidate], vectors: Vectors, terms: Terms) -> Matrix:
    """Shape (len(found), len(NAMES)). `vector` is the question's, `vectors` the candidates' in order."""
    words = QuestionWords(question, terms)
    kind = find_kind(question)
    named = frozenset(question.lower().replace("?", " ").split())
    cosines = vectors @ vector
    titles = {candidate.quote.source.title: 0.0 for candidate in found}
    titles = {title: words.coverage(title) for title in titles}
    rows = [
        (
            cosine,
            words.coverage(candidate.quote.text),
            words.coverage(f"{candidate.quote.source.title} {candidate.context}"),
            words.pairs(candidate.quote.text),
            offers(kind, candidate.quote.text, named),
            words.novelty(candidate.quote.text),
            candidate.score,
            1 / (1 + candidate.rank),
            max(0.0, 1 - candidate.quote.start / 1000),
            min(1.0, len(candidate.quote.text.split()) / 40),
            float(candidate.quote.text.rstrip("”\"' ").endswith("?")),
            titles[candidate.quote.source.title],
        )
        for candidate, cosine in zip(found, cosines, strict=True)
    ]
    return np.asarray(rows, np.float64).reshape(len(found), len(NAMES))
