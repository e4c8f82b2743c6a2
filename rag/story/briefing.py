"""A story in a few lines, newest state first: a lead, its developments, where sources differ, and what the articles leave open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.forms import Part, Place, Row
from rag.story.choose import distinct
from rag.story.comparing import contrasts
from rag.story.gather import ScoredStatement, Story, dwelt_on
from rag.story.outlets import outlets_of
from rag.story.speaking import speaker_of
from rag.story.tell import Footnotes, StoryAnswer
from rag.story.topic import Topic
from rag.types import Sentence

DEVELOPMENTS = 8
OPEN = 2
LEAST = 0.38
"""The weight from which a statement is of the story."""
LEADING = 0.72
"""The share of the greatest weight that a lead has at least."""
DWELT = 0.7
"""The share of the topic about a statement from which it is told of there, and not named in passing."""
RECENT = 0.25
"""What a statement of the newest day counts for more than one of the oldest."""
_OPEN = re.compile(
    r"\b(?:(?:is|was|remains?|are|were) (?:still )?(?:unclear|unknown|uncertain)|not (?:yet )?(?:known|clear|decided|been (?:decided|determined|released|announced"
    r"|identified))|remains? to be seen|(?:still )?under investigation|(?:has|have) yet to|await(?:s|ing)|no (?:decision|date|word) (?:has|on|yet)"
    r"|(?:is|are) (?:due|expected|scheduled|set) to)\b",
    re.IGNORECASE,
)


def briefing(story: Story, lines: int = DEVELOPMENTS) -> StoryAnswer | None:
    """None where the archive has nothing on the topic."""
    picked = distinct(story.found, lines + 1, LEAST, lambda one: one.weight + _fresh(one, story))
    if not picked:
        return None
    notes = Footnotes(story.articles)
    lead = _lead(picked, story.topic)
    rest = sorted((one for one in picked if one is not lead), key=_day, reverse=True)
    open_ones = [one for one in story.found if one.weight >= LEAST and one not in picked and _OPEN.search(one.statement.text)]
    latest = sorted(open_ones, key=_day, reverse=True)[: 3 * OPEN]
    rows = [_row("lead", lead, notes), *(_row("development", one, notes) for one in rest)]
    rows += [_row("open", one, notes) for one in distinct(latest, OPEN, LEAST)]
    told = [row for row in rows if row.citations]
    parts: tuple[Part, ...] = (*told, *contrasts(story, notes), story.coverage)
    sentences = tuple(Sentence(row.quote, row.citations, 1.0) for row in told)
    confidence = min(0.95, sum(one.weight for one in picked) / len(picked))
    return StoryAnswer("briefing", sentences, notes.citations, parts, confidence=round(confidence, 4), passages=story.passages)


def _lead(picked: Sequence[ScoredStatement], topic: Topic) -> ScoredStatement:
    """The weightiest of the newest day on which one weighs nearly as much as any."""
    most = max(one.weight for one in picked)
    heavy = [one for one in picked if one.weight >= LEADING * most]
    heavy = [one for one in heavy if dwelt_on(one.statement, topic) >= DWELT] or heavy
    newest = max(one.statement.reported or date.min for one in heavy)
    return max((one for one in heavy if (one.statement.reported or date.min) == newest), key=lambda one: one.weight)


def _row(place: Place, one: ScoredStatement, notes: Footnotes) -> Row:
    said = one.statement
    return Row(
        place,
        said.text,
        notes.cite(said.quotes),
        outlets_of(said.quotes),
        said.first or said.reported,
        speaker_of(said.text),
    )


def _day(one: ScoredStatement) -> tuple[date, float]:
    return one.statement.reported or date.min, one.weight


def _fresh(one: ScoredStatement, story: Story) -> float:
    first, last, day = story.coverage.first, story.coverage.last, one.statement.reported
    passing = dwelt_on(one.statement, story.topic) < DWELT
    if first is None or last is None or day is None or first == last or passing:
        return 0.0
    return RECENT * (day - first).days / (last - first).days
