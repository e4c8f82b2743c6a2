"""A story as events by day: one line a development, with the narrowest quote that says it, in the order of the days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from rag.forms import Development
from rag.story.gather import ScoredStatement, Story
from rag.story.merge import overlap
from rag.story.outlets import outlets_of
from rag.story.statements import Statement
from rag.story.tell import Footnotes, StoryAnswer
from rag.types import Sentence

LINES = 12
PER_DAY = 3
MERGED = 0.4
"""The share of the shorter statement's terms in common from which two, of days beside each other, are one development."""
LEAST = 0.35
_LIFE = re.compile(r"\b(?:life|lives|reign|career|history|biography|rise|origins?|decades|years)\b", re.IGNORECASE)
"""What is told of over more than the days of its reports."""
EARLIER = timedelta(days=400)
"""How long before the first report a day may lie that is still of this story."""
CORE = timedelta(days=7)
"""How long before the first report a day may lie whose statement need not name what the story is about."""


def timeline(story: Story, lines: int = LINES) -> StoryAnswer | None:
    """At most `lines` developments by weight, in order; None where no statement has a day."""
    events = merge_lines([one for one in story.found if is_event(one, story)], lines)
    if not events:
        return None
    notes = Footnotes(story.articles)
    parts, sentences = [], []
    for one in sorted(events, key=lambda one: (one.statement.first, one.statement.before, one.statement.place)):
        said = one.statement
        numbers = notes.cite(said.quotes)
        if numbers and said.first and said.before:
            parts.append(Development(said.first, said.before, said.told, said.text, numbers, outlets_of(said.quotes)))
            sentences.append(Sentence(said.text, numbers, min(1.0, one.weight)))
    return StoryAnswer(
        "timeline",
        tuple(sentences),
        notes.citations,
        (*parts, story.coverage),
        confidence=_confidence(events),
        passages=story.passages,
    )


def is_event(one: ScoredStatement, story: Story) -> bool:
    """Whether a statement tells something of a day of this story: one that it names, or for first lines that of its report."""
    said, filters = one.statement, story.topic.filters
    if said.first is None or said.before is None or one.weight < LEAST or not (said.told or said.place < 3):
        return False
    first, last = story.coverage.first, story.coverage.last
    long_ago = first is not None and said.first < first - EARLIER and not _LIFE.search(story.topic.text)
    before = first is not None and said.first < first - CORE
    if long_ago or (last and said.first > last) or (before and not _is_named(said, story)):
        return False
    return (filters.since is None or said.before > filters.since) and (filters.before is None or said.first < filters.before)


def _is_named(said: Statement, story: Story) -> bool:
    """Whether a statement itself has a name of the topic, where that has one: other bridges fell before this one did."""
    named = story.topic.named & story.topic.weights.keys()
    return not named or bool(named & said.terms)


def merge_lines(found: Sequence[ScoredStatement], lines: int) -> list[ScoredStatement]:
    """The weightiest, at most PER_DAY of one day, without those that tell again what one of a day beside it tells."""
    picked: list[ScoredStatement] = []
    ranked = sorted(found, key=lambda one: -(one.weight + 0.1 * one.statement.told))
    for of_day in range(1, PER_DAY + 1):  # each day once before any a second time
        for one in ranked:
            same_day = [other for other in picked if other.statement.first == one.statement.first]
            again = one in picked or any(_is_again(one.statement, other.statement) for other in picked)
            if len(picked) < lines and len(same_day) < of_day and not again:
                picked.append(one)
    return picked


def _is_again(one: Statement, other: Statement) -> bool:
    if one.first is None or other.first is None:
        return False
    near = abs((one.first - other.first).days) <= 1
    return overlap(one.terms, other.terms) >= (MERGED if near else 0.7)


def _confidence(events: Sequence[ScoredStatement]) -> float:
    return round(min(0.95, sum(one.weight for one in events) / len(events)), 4)
