"""Extractive answers by reading: a short answer that passages agree on, and the sentences that carry it, word for word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from rag.extract.compose import Read, chosen, narrowed, probability, statements
from rag.extract.cues import asked_kind, wanted
from rag.extract.features import QuestionWords
from rag.extract.short import short_answer, trimmed
from rag.extract.trust import Trust, trust_row
from rag.protocols import Terms
from rag.read import Reader, Reading, Text, votes
from rag.read.votes import same_answer
from rag.sentences import sentence_spans
from rag.types import Article, Cause, Claim, Draft, Passage, Question, Source

DATELINE = re.compile(r"\s*[A-Z][A-Z.'’ -]{2,}(?:, [A-Z][\w.’ ]+)?\s*(?:\([^)]{1,40}\)\s*)?(?:[–—:]|-(?=\s))\s*")
"""Where and by whom a report was written, before its first word: an answer to "where" at most."""
RIVAL = 0.6
"""The share of the first answer's belief from which a second answer, of another article, is its rival."""


class ReadingAnswerer:
    """Reads every passage and quotes the sentences that carry the answer. Needs no language model."""

    mode = "extractive"

    def __init__(self, reader: Reader, terms: Callable[[], Terms], trust: Trust, max_words: int = 60) -> None:
        self._reader = reader
        self._terms = terms
        self._trust = trust
        self._max_words = max_words

    def least_confidence(self, max_risk: float | None = None) -> float:
        return self._trust.least_confidence(max_risk)

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        """One sentence more in each draft; one empty draft when the passages hold no sentence."""
        del articles  # the passages have been checked against them
        read = self.read(question.text, passages)
        if not read.chosen:
            yield Draft((), 0.0, reason="The passages found hold no sentences.")
            return
        row = trust_row(QuestionWords(question.text, self._terms()), read)
        confidence = float(self._trust.formula.probabilities(row[np.newaxis, :])[0])
        short = short_answer(wanted(question.text), read.voted, [read.found[i] for i in read.chosen])
        reason, cause = doubt(read)
        agreeing = agreeing_sources(read, short)
        claims = []
        for i in read.chosen:
            quote = narrowed(read.found[i].quote, self._max_words, short)
            claims.append(Claim(quote.text, (quote,), probability(read.found[i].evidence)))
            yield Draft(tuple(claims), confidence, short, reason, cause, agreeing=agreeing)

    def read(self, question: str, passages: Sequence[Passage]) -> Read:
        """The passages read, and the sentences chosen in the order in which they are to be said."""
        texts = [Text(passage.chunk.text, passage.chunk.source.title) for passage in passages]
        cut = [tuple(sentence_spans(text.text)) for text in texts]
        readings = self._reader.read(question, texts, cut)
        if asked_kind(question) != "place":
            readings = [_without_dateline(one, passage) for one, passage in zip(readings, passages, strict=True)]
        voted = votes(readings, texts, [passage.score for passage in passages])
        found = statements(passages, cut, readings, voted)
        picked = chosen(found, [vote.share for vote in voted], self._max_words, wanted(question))
        return Read(tuple(passages), tuple(readings), tuple(voted), tuple(found), tuple(picked))


def _without_dateline(reading: Reading, passage: Passage) -> Reading:
    found = DATELINE.match(passage.chunk.text) if passage.chunk.start == 0 else None
    return replace(reading, spans=tuple(span for span in reading.spans if span.start >= found.end())) if found else reading


def agreeing_sources(read: Read, short: str | None) -> tuple[Source, ...]:
    """Where the reader found the short answer that is given, more surely than that there is none; best first, each once."""
    for vote in read.voted[:1]:
        if short is not None and same_answer(vote.answer) == same_answer(short):
            clear = (place for place in vote.places if place.span.score > read.readings[place.text].silence)
            return tuple({source.id: source for source in (read.passages[place.text].chunk.source for place in clear)}.values())
    return ()


def doubt(read: Read) -> tuple[str | None, Cause]:
    """Why the answer may be wrong, should it not be trusted: two articles give different ones, or none that is clear."""
    for rival in read.voted[1:]:
        first = read.voted[0]
        apart = not set(same_answer(first.answer).split()) & set(same_answer(rival.answer).split())
        sources = [read.passages[vote.places[0].text].chunk.source for vote in (first, rival)]
        clear = all(vote.places[0].span.score > read.readings[vote.places[0].text].silence for vote in (first, rival))
        if apart and clear and sources[0].id != sources[1].id and rival.share >= RIVAL * first.share:
            given = " and ".join(
                f"“{trimmed(vote.answer)}” ({source.outlet or source.title})"
                for vote, source in zip((first, rival), sources, strict=True)
            )
            return f"The passages found give different answers: {given}.", "disagreement"
    return None, "not answered"
