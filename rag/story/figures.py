"""The latest figure of a story, what it was before, and figures that sources dispute.

Newest counts by the day that a figure describes, then by the day on which it was reported; of one day, a figure that says that it
replaces others ("rose to", "final count", "corrected") comes first. Values of one time that different outlets give, or that are
credited to different people, are a dispute and no change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from rag.days import long_day
from rag.forms import Contrast, Figure, Form, Side
from rag.protocols import Reader
from rag.story.dated import GROWING, Dated, find_dated, within
from rag.story.gather import Story
from rag.story.outlets import outlets_of
from rag.story.quantity import parse_quantity
from rag.story.relation import OVER
from rag.story.relation import disputes as are_disputed
from rag.story.stated import keep_stated
from rag.story.tell import Footnotes, StoryAnswer
from rag.types import Sentence

SHOWN, OVER_TIME = 6, 8
"""Values that are shown; the second of a change."""
State = Literal["latest", "earlier", "disputed"]
Days = tuple[date | None, date | None]


def figures(
    question: str, story: Story, form: Form, days: Days = (None, None), reader: Reader | None = None
) -> StoryAnswer | None:
    """The values of what `question` asks for, of about `days`; None where there are none, or for a change not two that differ.

    With a `reader` only values are kept that it takes for answers; of a change all are.
    """
    change = form == "change"
    kept = find_dated(story, parse_quantity(question), over_time=change)
    if change:
        kept = within(kept, *days)
    elif reader:
        kept = keep_stated(question, kept, reader)
    if not kept or (len(kept) < 2 and change):
        return None
    latest = kept[0]
    rivals = [one for one in kept[1:] if disputes(one, latest)]
    earlier = [one for one in kept[1:] if one not in rivals]
    notes = Footnotes(story.articles)
    chosen = _spread([latest, *rivals, *earlier], OVER_TIME) if change else [latest, *rivals, *earlier][:SHOWN]
    parts = tuple(_figure(one, _state(one, latest, rivals), notes) for one in chosen)
    sentences = tuple(Sentence(each.quote, each.citations, 1.0) for each in _in_order(parts, form) if each.citations)
    contrast = (_contrast(parts[: 1 + len(rivals)]),) if rivals else ()
    return StoryAnswer(
        form, sentences, notes.citations, (*parts, *contrast, story.coverage), _short(parts, len(rivals), change),
        0.8 if not rivals else 0.7, _older(latest, story), story.passages,
    )  # fmt: skip


def disputes(one: Dated, latest: Dated) -> bool:
    """Whether two values are of one time and of different sources, and neither says that it replaces the other."""
    if _has_grown(one, latest):
        return False
    return are_disputed(one.statement, latest.statement, one.counted, latest.counted)


def _has_grown(one: Dated, latest: Dated) -> bool:
    """Whether a later report counts more of what befell people and things, and the two are credited to nobody else."""
    earlier, later = one.statement.reported, latest.statement.reported
    counts = one.counted.scope.acts & latest.counted.scope.acts & GROWING
    named = one.label and latest.label and one.label != latest.label
    more = latest.value.number.value > one.value.number.value
    return bool(counts and not named and more and earlier and later and earlier < later)


def _spread(found: Sequence[Dated], count: int) -> list[Dated]:
    """The newest, the oldest, and of the others as many as there is room for, evenly."""
    if len(found) <= count:
        return list(found)
    step = (len(found) - 1) / (count - 1)
    return [found[round(at * step)] for at in range(count)]


def _in_order(parts: Sequence[Figure], form: Form) -> Sequence[Figure]:
    return list(reversed(parts)) if form == "change" else parts


def _short(parts: Sequence[Figure], rivals: int, change: bool) -> str:
    if change and not rivals:
        return " → ".join(dict.fromkeys(each.value for each in reversed(parts)))
    return " / ".join(dict.fromkeys(each.value for each in parts[: 1 + rivals]))


def _state(one: Dated, latest: Dated, rivals: Sequence[Dated]) -> State:
    if one in rivals or (one is latest and rivals):
        return "disputed"
    return "latest" if one is latest else "earlier"


def _figure(one: Dated, state: State, notes: Footnotes) -> Figure:
    said = one.statement
    because = OVER.search(said.text)
    return Figure(
        one.value.written, state, said.text, notes.cite(said.quotes), outlets_of(said.quotes),
        one.day if said.told and one.day != said.reported else None, said.reported, one.label, because[0] if because else None,
    )  # fmt: skip


def _contrast(parts: Sequence[Figure]) -> Contrast:
    sides = tuple(Side(each.label or ", ".join(each.outlets), (each.quote,), each.citations) for each in parts)
    return Contrast("differ", " / ".join(each.value for each in parts), sides)


def _older(latest: Dated, story: Story) -> tuple[str, ...]:
    """A notice where the newest figure is older than the newest article of the story."""
    reported, newest = latest.statement.reported, story.newest
    if reported and newest and (newest - reported).days > 1:
        return (f"The newest figure is of {long_day(reported)}; the newest article about this is of {long_day(newest)}.",)
    return ()
