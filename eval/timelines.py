"""Timelines against articles that are timelines themselves: "A timeline of the scandal" is set aside, and its subject asked for.

    python -m eval.timelines --index DIR

Told from the other articles of the archive, the days of the answer are held against those that the article names. A day is found
where one lies at most a day from it. Recall counts the days that other articles of the story name or were published on, since no
other can be found; precision counts every day told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.terminal import run, say, table
from rag.forms import Development
from rag.types import Article, Filters, Mention, Passage, Question, Source

if TYPE_CHECKING:
    from rag import Rag

TITLED = re.compile(r"\btime-?line\b", re.IGNORECASE)
NARROW = 3
"""Days that a time spans at most to be one of a timeline."""
FEWEST = 3
"""Days that other articles have at least, for a timeline to be measured."""
_FRAME = re.compile(
    r"\b(?:an?|the)? ?(?:full |complete )?time-?line\b(?: of| from| for)?(?: events)?:?"
    r"|[|–—-]\s*(?:CNN|The Week|USA Today).*$|\.\.\.|\bupdate:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One timeline: what was asked for, and of how many days told and to be found how many are right and found."""

    topic: str
    told: int
    right: int
    wanted: int
    found: int

    @property
    def f1(self) -> float:
        """2PR / (P + R)."""
        precision, recall = self.right / self.told if self.told else 0.0, self.found / self.wanted if self.wanted else 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def topic_of_title(title: str) -> str:
    """What a title says that its timeline is of."""
    return " ".join(_FRAME.sub(" ", title).split()).strip(" ?|:-–—")


def days_of(times: Iterable[Mention]) -> set[date]:
    """The days that narrow times begin on."""
    return {time.first for time in times if (time.before - time.first).days <= NARROW}


def near(day: date, others: Iterable[date]) -> bool:
    """Whether one of the others lies at most a day from it."""
    return any(abs((day - other).days) <= 1 for other in others)


def measure(topic: str, told: set[date], gold: set[date], had: set[date]) -> Measured:
    """`gold` are the days of the timeline set aside, `had` those that other articles of the story have."""
    wanted = {day for day in gold if near(day, had)}
    right, found = sum(near(day, gold) for day in told), sum(near(day, told) for day in wanted)
    return Measured(topic, len(told), right, len(wanted), found)


def main(
    index: Annotated[Path, typer.Option(help="The archive, with the articles that are timelines.")],
    lines: Annotated[int, typer.Option(min=1, help="Developments of a timeline.")] = 20,
) -> None:
    """Measure timelines on the timelines that an archive has."""
    from rag import Rag

    with Rag.open(index) as rag:
        catalog = rag.archive.catalog
        titled = [source for source in catalog.listing(limit=100_000) if TITLED.search(source.title)]
        found = [one for source in titled if (one := _of(rag, source, lines)) and one.wanted >= FEWEST]
    if not found:
        say("No article of the archive is a timeline of something that others tell of.")
        return
    rows = [(one.topic[:60], str(one.told), str(one.right), f"{one.found} of {one.wanted}", f"{one.f1:.2f}") for one in found]
    say(table(("topic", "days told", "right", "found", "F1"), rows))
    whole = Measured("all", *(sum(getattr(one, name) for one in found) for name in ("told", "right", "wanted", "found")))
    say(f"{len(found)} timelines: mean F1 {sum(one.f1 for one in found) / len(found):.3f}, over all days {whole.f1:.3f}")


def _of(rag: Rag, source: Source, lines: int) -> Measured | None:
    from rag.story.teller import Teller

    stories, catalog = rag._stories, rag.archive.catalog
    plain = stories.teller()

    def others(text: str, k: int, filters: Filters) -> Sequence[Passage]:
        return [passage for passage in plain.finder.search(text, k, filters) if passage.chunk.source.id != source.id]

    topic = topic_of_title(source.title)
    teller = Teller(catalog, plain.finder.terms, plain.finder.zone, others)
    story = teller.story(Question(topic))
    told = teller.timeline(Question(topic), lines)
    gold = days_of(catalog.times([source.id]).get(source.id, ()))
    had = days_of(time for some in catalog.times(list(story.articles)).values() for time in some)
    had |= {day for article in story.articles.values() if (day := _day(article, rag))}
    parts = told.parts if told else ()
    return measure(topic, {part.first for part in parts if isinstance(part, Development)}, gold, had) if gold else None


def _day(article: Article, rag: Rag) -> date | None:
    return article.source.day(rag.archive.catalog.zone)


if __name__ == "__main__":
    run(main)
