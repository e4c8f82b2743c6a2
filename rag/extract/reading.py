"""Extractive answers by reading: the sentence that states the answer, word for word, and the few words in it that are it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.english.kinds import Wanted, find_wanted
from rag.english.negation import is_denied
from rag.english.stems import Stems
from rag.extract.compose import Chances, choose, narrow_quote, with_before
from rag.extract.evidence import NAMES, Read, weigh
from rag.extract.features import QuestionWords
from rag.extract.short import short_answer, trim
from rag.extract.trust import Trust
from rag.protocols import Reader, Terms
from rag.read import Text
from rag.read.votes import same_answer
from rag.sentences import sentence_spans
from rag.types import Article, Cause, Claim, Draft, Passage, Question, Source

MAX_WORDS = 60
RIVAL = 0.6
"""The share of the first sentence's chance from which another article's sentence with another answer is its rival."""
STATED = 0.3
"""The chance of stating an answer from which a sentence counts as giving one: for agreeing outlets, and for rivals."""

KIND = NAMES.index("kind")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be said: the sentences in their order, which of them most probably states the answer, and every one's chance."""

    picked: tuple[int, ...]
    first: int
    chances: Chances


class ReadingAnswerer:
    """Reads every passage and quotes the sentences that state the answer. Needs no language model."""

    mode = "extractive"

    def __init__(self, reader: Reader, terms: Callable[[], Terms], trust: Trust, max_words: int = MAX_WORDS) -> None:
        self._reader = reader
        self._terms = terms
        self._trust = trust
        self._max_words = max_words
        self._stems = Stems()

    def least_confidence(self, max_risk: float | None = None) -> float:
        return self._trust.least_confidence(max_risk)

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        """One sentence more in each draft; one empty draft when the passages hold no sentence."""
        if not any(char.isalnum() for char in question.text):
            yield Draft((), 0.0, reason="The question has no word in it.")
            return
        read = self.read(question.text, passages, articles)
        if not read.found:
            yield Draft((), 0.0, reason="The passages found hold no sentences.")
            return
        kind = find_wanted(question.text)
        chosen = choose_by(self._trust, read, kind, self._max_words)
        confidence = self._trust.confidence(read, chosen.first)
        short = self.short(read, chosen, kind)
        if short and is_denied(question.text, read.found[chosen.first].quote.text, short, self._stems):
            short = None
        reason, cause = doubt(read, chosen)
        agreeing = find_agreement(read, chosen) if short else ()
        claims = []
        for i in chosen.picked:
            quote = narrow_quote(read.found[i].quote, self._max_words, read.short(i))
            quote = with_before(quote, articles.get(quote.source.id))
            claims.append(Claim(quote.text, (quote,), float(chosen.chances[i])))
            yield Draft(tuple(claims), confidence, short, reason, cause, agreeing=agreeing, calibrated=self._trust.calibrated)

    def read(self, question: str, passages: Sequence[Passage], articles: Mapping[str, Article]) -> Read:
        """The passages read, and every sentence with what tells whether it states an answer. `articles` are those they are of."""
        texts = [Text(passage.chunk.text, passage.chunk.source.title) for passage in passages]
        cut = [tuple(sentence_spans(text.text)) for text in texts]
        readings = self._reader.read(question, texts, cut)
        return weigh(question, QuestionWords(question, self._terms()), passages, cut, readings, articles)

    def short(self, read: Read, chosen: Selection, kind: Wanted) -> str | None:
        """The short answer, where it is probable enough to stand in front."""
        row = read.rows[chosen.first : chosen.first + 1]
        if self._trust.short.probabilities(row)[0] < self._trust.min_short:
            return None
        return short_answer(kind, read, chosen.picked, chosen.first)


def choose_by(trust: Trust, read: Read, kind: Wanted, max_words: int = MAX_WORDS) -> Selection:
    """The sentences to be said. `read` holds at least one."""
    chances = trust.statement.probabilities(read.rows)
    return Selection(tuple(choose(read, chances, max_words, kind)), int(chances.argmax()), chances)


def find_agreement(read: Read, chosen: Selection) -> tuple[Source, ...]:
    """The sources of the sentences that state the same short answer as the first one; best first, each once."""
    own = read.found[chosen.first].vote
    same = (i for i in (-chosen.chances).argsort(kind="stable") if read.found[i].vote == own and chosen.chances[i] >= STATED)
    sources = (read.found[i].quote.source for i in same) if own is not None else ()
    return tuple({source.id: source for source in sources}.values())


def doubt(read: Read, chosen: Selection) -> tuple[str | None, Cause]:
    """Why the answer may be wrong, should it not be trusted: two articles state different ones, or none is stated clearly."""
    first = read.found[chosen.first]
    least = max(STATED, RIVAL * float(chosen.chances[chosen.first]))
    for i in map(int, (-chosen.chances).argsort(kind="stable")):
        rival = read.found[i]
        if chosen.chances[i] < least:
            break
        ours, theirs = (trim(read.short(j) or "") for j in (chosen.first, i))
        apart = ours and theirs and not set(same_answer(ours).split()) & set(same_answer(theirs).split())
        apart = apart and read.rows[i, KIND] == read.rows[chosen.first, KIND]  # an office is no rival of who holds it
        if apart and rival.quote.source.id != first.quote.source.id:
            given = " and ".join(
                f"“{words}” ({one.quote.source.outlet or one.quote.source.title})"
                for words, one in ((ours, first), (theirs, rival))
            )
            return f"The passages found give different answers: {given}.", "disagreement"
    return None, "not answered"
