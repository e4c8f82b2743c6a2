"""Talk: what is no question to the archive gets a friendly line, and what is about the last answer is told from its citations."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from rag.days import long_day
from rag.forms import Row
from rag.sentences import sentence_spans
from rag.story.choose import distinct
from rag.story.gather import ScoredStatement, Story
from rag.story.outlets import outlet_name, outlets_of
from rag.story.statements import is_statement
from rag.story.tell import Footnotes, StoryAnswer, day_of
from rag.types import Answer, Article, Citation, Quote, Sentence, Turn

About = Literal["source", "published", "sure", "more"]
Kind = Literal["greeting", "thanks", "farewell", "self", "help", "remark"]
LEAST = 0.35
"""The weight of a further statement of a story at least."""
MORE = 5
"""Further sentences of the articles cited."""

_ABOUT: tuple[tuple[About, str], ...] = (
    ("published", r"\b(?:when|what day|how old|how recent|date)\b"),
    ("sure", r"\b(?:sure|certain|confident|really|seriously|true|right|correct|reliable|positive|trust)\b"),
    ("more", r"\b(?:more|go on|continue|elaborate|expand|else|details?)\b"),
    ("source", r"\b(?:articles?|sources?|reports?|where|says who|how do you know|evidence|prove|link"
     r"|paper|outlet|who says|story)\b"),
)  # fmt: skip
_KINDS: tuple[tuple[Kind, str], ...] = (
    ("help", r"\b(?:help|what (?:can|should|could|may) (?:you|i)|how (?:do|does|can) (?:you|this|it|i)"
     r"|what do you do|what is this)\b"),
    ("self", r"\b(?:who|what|how|are|your|made|built)\b.*\byou(?:r|rself)?\b|\byour name\b|\bmade you\b|\bare you\b"),
    ("thanks", r"\b(?:thank\w*|thx|cheers|great|good (?:job|work|bot)|well done|nice|perfect|awesome|helpful|appreciated)\b"),
    ("farewell", r"\b(?:bye|goodbye|good night|see you|farewell|later)\b"),
    ("greeting", r"\b(?:hi|hello|hey|hiya|good (?:morning|evening|afternoon|day)|greetings|howdy|yo)\b"),
)  # fmt: skip
_LINES: dict[Kind, str] = {
    "greeting": "Hello! Ask me anything about the articles in this archive.",
    "thanks": "You are welcome. Ask on whenever you like.",
    "farewell": "Goodbye, and good reading.",
    "self": "I am Dateline, a program that answers from the articles in this archive alone, in their "
    "own words, with the place of each.",
    "help": "Ask for a fact, a summary, a timeline, the latest figure, what somebody said, or how "
    "outlets differ; every line of the "
    "answer is quoted from an article of the archive, with its outlet and date. “What is in this archive?” shows what it covers.",
    "remark": "All right. Ask me anything about the articles in this archive.",
}


def corrected(question: str, history: Sequence[Turn], is_talk: Callable[[str], bool]) -> str | None:
    """The last question, asked again for its latest state where that is all that `question` says; None where it says more."""
    bare = _CORRECTING.sub(" ", question.replace("’", "'"))
    if not history or not _LATEST.search(question) or re.search(r"\w", bare):
        return None
    earlier = earlier_question(history, is_talk)
    return earlier[0] if earlier else None


def parse_talk(question: str) -> About | None:
    """What of the last answer the question is about; None where it is about nothing of it."""
    plain = question.lower().replace("’", "'")
    return next((about for about, pattern in _ABOUT if re.search(pattern, plain)), None)


_LATEST = re.compile(r"\b(?:latest|newest|most recent|current|now|today|up to date|final)\b", re.IGNORECASE)
_CORRECTING = re.compile(
    r"\b(?:no|not|i|i'm|mean|meant|want|wanted|asked|asking|for|the|latest|newest|most|recent|current|now|today|up|to|date|final|number|numbers|figure|figures"
    r"|count|total|toll|one|ones|value|state|status|and|but|please|what|what's|is|are|it|about|that|give|me|version|sorry|as|of|so|ok|then)\b",
    re.IGNORECASE,
)


def small_talk(question: str) -> StoryAnswer:
    """One friendly line."""
    plain = question.lower().replace("’", "'")
    kind: Kind = next((kind for kind, pattern in _KINDS if re.search(pattern, plain)), "remark")
    return StoryAnswer("talk", (Sentence(_LINES[kind], (), 1.0),))


def earlier_question(history: Sequence[Turn], is_talk: Callable[[str], bool]) -> tuple[str, tuple[Turn, ...]] | None:
    """The last question of the conversation that is no talk, and what was said before it."""
    for at in range(len(history) - 1, -1, -1):
        if history[at].role == "user" and not is_talk(history[at].content):
            return history[at].content, tuple(history[:at])
    return None


def answer_about_answer(about: About, answer: Answer, articles: dict[str, Article]) -> StoryAnswer:
    """What was asked about `answer`, from its citations; `articles` are those that it cites."""
    if not answer.citations:
        line = "The last answer quoted no article, so there is nothing to show for it."
        return StoryAnswer("talk", (Sentence(line, (), 1.0),))
    if about == "more":
        return _more(answer, articles)
    first = Sentence(_line(about, answer), (), 1.0)
    quoted = tuple(Sentence(citation.quote, (citation.number,), 1.0) for citation in answer.citations)
    shown = quoted if about == "sure" else ()
    rows = tuple(_row(citation) for citation in answer.citations)
    return StoryAnswer("talk", (first, *shown), answer.citations, rows, confidence=answer.confidence, passages=answer.passages)


def _line(about: About, answer: Answer) -> str:
    told = [_provenance(citation) for citation in answer.citations]
    listed = "; ".join(dict.fromkeys(told))
    if about == "published":
        days = dict.fromkeys(_format_published(citation) for citation in answer.citations)
        return f"Published: {'; '.join(days)}."
    if about == "source":
        return f"The answer rests on {listed}."
    outlets = answer.corroboration.outlets if answer.corroboration else 1
    told_by = f"{outlets} independent outlet{'s' * (outlets != 1)}"
    if not answer.calibrated:
        return f"How sure it is I cannot put in a number; {told_by} in the archive carry it, and these are the words it rests on."
    return f"I put it at {answer.confidence:.0%}, and {told_by} in the archive carry it; these are the words it rests on."


def _format_published(citation: Citation) -> str:
    day = day_of(citation.source.published)
    return (
        f"{citation.source.title} ({outlet_name(citation.source) or 'unnamed outlet'}), "
        f"{long_day(day) if day else 'no date known'}"
    )


def _provenance(citation: Citation) -> str:
    day = day_of(citation.source.published)
    parts = (outlet_name(citation.source), long_day(day) if day else "undated")
    return f"“{citation.source.title}” ({', '.join(part for part in parts if part)})"


def _row(citation: Citation) -> Row:
    outlet = outlet_name(citation.source)
    return Row("more", citation.quote, (citation.number,), (outlet,) if outlet else (), day_of(citation.source.published))


def _more(answer: Answer, articles: dict[str, Article]) -> StoryAnswer:
    """The sentences after those quoted, of the same articles, or before them where none follow."""
    notes, rows = Footnotes(articles), []
    said = {citation.quote for citation in answer.citations}
    for citation in answer.citations[:2]:
        article = articles.get(citation.source.id)
        for quote in _next_quotes(article, citation.end)[: MORE if len(answer.citations) == 1 else 3] if article else ():
            if quote.text not in said:
                said.add(quote.text)
                row = Row("more", quote.text, notes.cite([quote]), outlets_of([quote]))
                rows.append(replace(row, day=day_of(quote.source.published)))
    if not rows:
        return StoryAnswer("talk", (Sentence("The articles say no more about it than what is quoted.", (), 1.0),))
    return StoryAnswer("talk", tuple(Sentence(row.quote, row.citations, 1.0) for row in rows), notes.citations, tuple(rows))


def further(found: Sequence[ScoredStatement], story: Story) -> StoryAnswer | None:
    """The weightiest of the statements, as more on a story; None without any of weight."""
    picked = distinct(found, MORE, LEAST)
    if not picked:
        return None
    notes, rows = Footnotes(story.articles), []
    for one in sorted(picked, key=lambda one: one.statement.reported or date.max):
        said = one.statement
        rows.append(Row("more", said.text, notes.cite(said.quotes), outlets_of(said.quotes), said.reported))
    told = tuple(Sentence(row.quote, row.citations, 1.0) for row in rows if row.citations)
    return StoryAnswer("talk", told, notes.citations, tuple(rows), passages=story.passages)


def _next_quotes(article: Article, end: int) -> list[Quote]:
    spans = [span for span in sentence_spans(article.text) if is_statement(article.text[slice(*span)], article.source.title)]
    after = [span for span in spans if span[0] >= end]
    chosen = after or spans
    return [Quote(article.source, start, stop, article.text[start:stop]) for start, stop in chosen]
