"""Stories in a language model's words, each of whose sentences is checked against the lines of the story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.conclude import conclude
from rag.forms import Coverage, Form
from rag.parts import Writers
from rag.protocols import LanguageModel
from rag.types import Answer, Article, Chunk, Claim, Draft, Passage, Question, Quote

WORDED_STORIES: frozenset[Form] = frozenset(("briefing", "latest", "change", "comparison"))
"""Story forms that read well as prose; the others are lists, figures and tables."""


@dataclass(frozen=True, slots=True)
class StoryLines:
    """Answers with the lines of a story that has been told: what a language model starts from, and falls back on."""

    told: Answer
    mode: str = "extractive"

    def least_confidence(self, max_risk: float | None = None) -> float:
        """A story that has been told is worth showing."""
        del max_risk
        return 0.0

    def draft(self, question: Question, passages: Sequence[Passage], articles: dict[str, Article]) -> Iterator[Draft]:
        del question, passages, articles
        claims = tuple(Claim(quote.text, (quote,), 1.0) for quote in _quotes(self.told))
        yield Draft(claims, self.told.confidence, calibrated=self.told.calibrated)


def word_story(
    told: Answer, question: Question, writers: Writers, model: LanguageModel, articles: Mapping[str, Article]
) -> Iterator[Answer]:
    """Ever longer answers in the words of `model`; the story as it was told where nothing that it writes is kept.

    `articles` are those that the story cites, by id.
    """
    passages = [Passage(Chunk(quote.source, quote.start, quote.end, quote.text), 1.0) for quote in _quotes(told)]
    kept = False
    for draft in writers.writing(model, StoryLines(told)).draft(question, passages, dict(articles)):
        if draft.writing and any(one.verdict.supported for one in draft.writing.checked):
            kept = True
            yield conclude(_emptied(told), draft, articles, 0.0)
        last = draft
    if not kept:
        yield replace(told, notices=(*told.notices, *last.notices), writing=last.writing)


def _quotes(told: Answer) -> list[Quote]:
    return [Quote(one.source, one.start, one.end, one.quote) for one in told.citations]


def _emptied(told: Answer) -> Answer:
    """The story without its lines; how much it rests on stays."""
    parts = tuple(part for part in told.parts if isinstance(part, Coverage))
    return replace(told, sentences=(), citations=(), parts=parts, short_answer=None)
