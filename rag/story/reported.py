"""What outlets report, as a question asks for it: beside each other, one alone, or the figure that each gives."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from rag.forms import Figure
from rag.story.briefing import brief
from rag.story.comparing import comparison, figures_beside, what_one_says
from rag.story.figures import figures
from rag.story.gather import ScoredStatement, Story
from rag.story.outlets import outlet_name
from rag.story.quantity import asks_size
from rag.story.statements import Statement
from rag.story.tell import StoryAnswer
from rag.types import Question

ALONE = "Only one outlet of the archive tells of this, so there is nothing to compare."


def compare_reports(question: Question, story: Story) -> StoryAnswer | None:
    """What the outlets named say beside each other, or one alone; their figures where a figure is asked for."""
    named = (*story.topic.filters.outlets, *story.topic.sites)
    if asks_size(question.text):
        told = figures_beside(_figures_of(question, story, named)) if len(named) != 1 else None
        if told := told or figures(question.text, story, "count"):
            return replace(told, form="comparison")
    if len(named) == 1:
        return what_one_says(story, named[0])
    told = comparison(story, named)
    if told is None and (alone := brief(story)):
        return replace(alone, form="comparison", notices=(*alone.notices, ALONE))
    return told


def _figures_of(question: Question, story: Story, named: Sequence[str]) -> list[tuple[str, Figure, Story]]:
    """The newest figure that each outlet gives."""
    found = []
    for outlet in named or list(dict.fromkeys(outlet_name(article.source) or "" for article in story.articles.values())):
        own = _keep_outlet(outlet, story)
        told = figures(question.text, own, "count")
        if figure := next((each for each in told.parts if isinstance(each, Figure)), None) if told else None:
            found.append((outlet, figure, own))
    return found


def _keep_outlet(outlet: str, story: Story) -> Story:
    """The story as one outlet tells it."""
    folded = outlet.casefold()
    own = {id: one for id, one in story.articles.items() if (outlet_name(one.source) or "").casefold() == folded}
    some = [one for one in story.found if any(quote.source.id in own for quote in one.statement.quotes)]
    found = tuple(ScoredStatement(_keep_quotes(one.statement, own), one.weight) for one in some)
    return replace(story, articles=own, found=found)


def _keep_quotes(one: Statement, own: Container[str]) -> Statement:
    """The statement with the quotes of these articles alone."""
    first, *others = [quote for quote in one.quotes if quote.source.id in own]
    return replace(one, quote=first, also=tuple(others))
