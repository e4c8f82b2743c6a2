"""A story in a few lines, newest state first: a lead, its developments, where sources differ, and what articles leave open."""

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
DWELT, OF_ONE = 0.3, 0.7
"""The share of the topic about a statement from which it is told of there, and not named in passing; the second of one word."""
OWN_SHARE = 0.4
"""The share of the greatest weight that every line has at least."""
RECENT = 0.25
"""What a statement of the newest day counts for more than one of the oldest."""
_OPEN = re.compile(
    r"\b(?:(?:is|was|remains?|are|were) (?:still )?(?:unclear|unknown|uncertain)"
    r"|not (?:yet )?(?:known|clear|decided|been (?:decided|determined|released|announced"
    r"|identified))|remains? to be seen|(?:still )?under investigation|(?:has|have) yet to"
    r"|await(?:s|ing)|no (?:decision|date|word) (?:has|on|yet)"
    r"|(?:is|are) (?:due|expected|scheduled|set) to)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(r"\b(?:is|are) (?:set|due|expected|scheduled|poised|about) to\b", re.IGNORECASE)


def brief(story: Story, lines: int = DEVELOPMENTS) -> StoryAnswer | None:
    """None where the archive has nothing on the topic."""
    least = max(LEAST, OWN_SHARE * max((one.weight for one in story.found), default=0.0))
    found = [one for one in story.found if not _is_overtaken(one, story)]
    picked = distinct(found, lines + 1, least, lambda one: one.weight + _fresh(one, story))
    if not picked:
        return None
    notes = Footnotes(story.articles)
    lead = _lead(picked, story.topic)
    rest = sorted((one for one in picked if one is not lead), key=_day, reverse=True)
    open_ones = [one for one in found if one.weight >= LEAST and one not in picked and _OPEN.search(one.statement.text)]
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
    heavy = [one for one in heavy if not _is_passing(one, topic)] or heavy
    newest = max(one.statement.reported or date.min for one in heavy)
    return max((one for one in heavy if (one.statement.reported or date.min) == newest), key=lambda one: one.weight)


def _is_overtaken(one: ScoredStatement, story: Story) -> bool:
    """Whether a statement tells of a day as to come that the newest report has behind it."""
    said, newest = one.statement, story.newest
    if not (said.told and said.first and said.before and said.reported and newest) or said.before > newest:
        return False
    return said.first > said.reported or (said.first == said.reported and _TO_COME.search(said.text) is not None)


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


def _is_passing(one: ScoredStatement, topic: Topic) -> bool:
    """Whether a topic is only named in passing where the statement stands."""
    return dwelt_on(one.statement, topic) < (OF_ONE if len(topic.weights) == 1 else DWELT)


def _fresh(one: ScoredStatement, story: Story) -> float:
    first, last, day = story.coverage.first, story.coverage.last, one.statement.reported
    if first is None or last is None or day is None or first == last or _is_passing(one, story.topic):
        return 0.0
    return RECENT * (day - first).days / (last - first).days
