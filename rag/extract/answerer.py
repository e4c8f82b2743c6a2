"""Extractive answers: the one to three sentences that answer, word for word, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from rag.extract.compose import MAX_SENTENCES, repeats
from rag.extract.features import NAMES, Candidate, Matrix, QuestionWords, candidates, feature_matrix
from rag.extract.model import FittedModel, Row, load_fitted
from rag.protocols import Embedder, Terms
from rag.sentences import sentence_spans
from rag.types import Article, Claim, Draft, Passage, Question

CONSIDERED = 16
"""Sentences that are embedded and scored for one question: those with most of its words about them, in the best passages."""
CONFIDENCE_NAMES = ("best", "second", "third", "cosine", "coverage", "context", "offered")
"""What confidence is computed from, in order: the three highest sentence scores, then of the best sentence the features of these
names, `coverage` and `context` being those of all the chosen sentences together. Nothing in it depends on the day of asking."""


class ExtractiveAnswerer:
    """Scores every sentence of the passages and quotes the best. Needs no language model."""

    mode = "extractive"

    def __init__(
        self, embedder: Embedder, terms: Callable[[], Terms], max_words: int = 60, fitted: FittedModel | None = None, *,
        calibrated: bool = True,
    ) -> None:  # fmt: skip
        self._embedder = embedder
        self._terms = terms
        self._max_words = max_words
        self._calibrated = calibrated
        self._fitted = fitted or load_fitted(NAMES, CONFIDENCE_NAMES)

    def least_confidence(self, max_risk: float | None = None) -> float:
        """With a risk stated, every answer must be as probable as that: likeness has no calibration set to promise more by."""
        return self._fitted.min_confidence if max_risk is None else max(self._fitted.min_confidence, 1 - max_risk)

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        """One sentence more in each draft; one empty draft when the passages hold no sentence."""
        found, matrix = self.score(question.text, passages, articles)
        if not found:
            yield Draft((), 0.0, reason="The passages found hold no sentences.")
            return
        scores = self._fitted.sentence.probabilities(matrix)
        chosen = select(found, scores, self._max_words)
        row = confidence_row(question.text, found, matrix, scores, chosen, self._terms())
        confidence = float(self._fitted.confidence.probabilities(row[np.newaxis, :])[0])
        claims = [Claim(found[i].quote.text, (found[i].quote,), float(scores[i])) for i in chosen]
        for count in range(1, len(claims) + 1):
            yield Draft(tuple(claims[:count]), confidence, calibrated=self._calibrated)

    def score(self, question: str, passages: Sequence[Passage], articles: dict[str, Article]) -> tuple[list[Candidate], Matrix]:
        """The candidate sentences and their feature matrix, shape (candidates, len(NAMES))."""
        terms = self._terms()
        found = candidates(passages, articles, sentence_spans)
        if len(found) > CONSIDERED:
            found = pick_candidates(found, QuestionWords(question, terms))
        vectors = self._embedder.embed_documents([one.quote.text for one in found])
        return found, feature_matrix(question, self._embedder.embed_query(question), found, vectors, terms)


def pick_candidates(found: Sequence[Candidate], words: QuestionWords) -> list[Candidate]:
    """The CONSIDERED candidates worth embedding, in the order in which they were found."""

    def promise(i: int) -> float:
        one = found[i]
        return words.coverage(one.quote.text) + words.coverage(f"{one.quote.source.title} {one.context}") - 0.02 * one.rank

    return [found[i] for i in sorted(sorted(range(len(found)), key=promise, reverse=True)[:CONSIDERED])]


def select(found: Sequence[Candidate], scores: Row, max_words: int) -> list[int]:
    """Indices of at most three sentences, best first: the best whatever its length, others while words are left.

    A sentence that mostly repeats the words of one already chosen is passed over.
    """
    chosen: list[int] = []
    words_left = max_words
    for i in np.argsort(-scores, kind="stable"):
        words = found[i].quote.text.split()
        if chosen and (len(words) > words_left or any(repeats(words, found[j].quote.text.split()) for j in chosen)):
            continue
        chosen.append(int(i))
        words_left -= len(words)
        if len(chosen) == MAX_SENTENCES:
            break
    return chosen


def confidence_row(
    question: str, found: Sequence[Candidate], matrix: Matrix, scores: Row, chosen: Sequence[int], terms: Terms
) -> Row:
    """Shape (len(CONFIDENCE_NAMES),)."""
    words = QuestionWords(question, terms)
    best = dict(zip(NAMES, matrix[chosen[0]], strict=True))
    three = np.zeros(3)
    ranked = np.sort(scores)[::-1][:3]
    three[: len(ranked)] = np.log(ranked / (1 - ranked + 1e-12) + 1e-12)
    quoted = " ".join(found[i].quote.text for i in chosen)
    around = " ".join(f"{found[i].quote.source.title} {found[i].context}" for i in chosen)
    rest = (best["cosine"], words.coverage(quoted), words.coverage(around), best["offered"])
    return np.asarray((*three, *rest), np.float64)
