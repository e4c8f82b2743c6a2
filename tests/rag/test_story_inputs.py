"""Stories of bad input: nothing about a topic, thousands of articles, no dates, one outlet, days that contradict each other."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest

from rag import Rag
from rag.archive import Archive
from rag.catalog import Catalog, StoredArticle
from rag.forms import Contrast, Coverage, Development, Figure
from rag.lexical import TantivyIndex
from rag.parts import Parts
from rag.settings import load_settings
from rag.story.gather import ARTICLES
from rag.story.teller import Teller
from rag.types import Article, Filters, Passage, Question, Source
from rag.when import mentions
from tests.fakes import HashEmbedder
from tests.rag.stored import FINGERPRINT, make_stored
from tests.rag.test_pipeline import Scripted

DAY = date(2024, 4, 2)
OUTLETS = ("Gazette", "Herald")
MOST_BYTES = 200_000_000
"""What a story of thousands of articles may take beside them."""


@pytest.fixture
def rag(tmp_path: Path) -> Iterator[Rag]:
    """An archive without articles, and an answerer that is silent."""
    archive = Archive.open(tmp_path / "archive", create=True)
    archive.catalog.adopt(FINGERPRINT)
    parts = Parts(archive, HashEmbedder(), Scripted(0.1, "The nearest articles do not answer this."))
    with Rag(parts, load_settings(index=tmp_path / "archive")) as opened:
        yield opened


def keep(rag: Rag, *texts: str, outlets: tuple[str, ...] = OUTLETS, days: tuple[int | None, ...] = (0,)) -> None:
    """Each text as an article, the outlets and days in turn; a day of None is no date."""
    articles = []
    for at, text in enumerate(texts):
        day = days[at % len(days)]
        published = None if day is None else DAY + timedelta(days=day)
        articles.append(Article(Source(f"s{at}", "The ferry Arlo", outlets[at % len(outlets)], published=published), text))
    rag.archive.catalog.put([with_times(one) for one in articles])


def with_times(article: Article) -> StoredArticle:
    """An article as it is ingested, with the times that it names."""
    return replace(make_stored(article), mentions=mentions(article.text, article.source.day(UTC) or DAY))


def report_of(day: int) -> Article:
    """One of thousands of reports of a ferry that lies aground."""
    source = Source(f"f{day}", f"The ferry Arlo, day {day}", OUTLETS[day % 2], published=DAY + timedelta(days=day % 300))
    return Article(source, f"The ferry Arlo lay off Penholm, day {day}.\nDivers found {day % 90 + 2} holes in the ferry Arlo.")


@pytest.mark.parametrize(
    "question",
    [
        "Brief me on the Zarnik tunnel",
        "Give me a timeline of the Zarnik tunnel",
        "How do the outlets differ on the Zarnik tunnel?",
    ],
)
def test_a_topic_that_nothing_is_about_is_told_so_in_one_line(rag: Rag, question: str) -> None:
    keep(rag, "The ferry Arlo ran aground off Penholm on Tuesday with 40 people aboard.")
    answer = rag.ask(question)
    assert answer.status == "abstained"
    assert answer.reason is not None
    assert "\n" not in answer.reason
    assert not answer.citations


def test_an_account_of_a_topic_that_nothing_is_about_is_told_so(rag: Rag) -> None:
    keep(rag, "The ferry Arlo ran aground off Penholm on Tuesday with 40 people aboard.")
    for told in (rag.brief("Zarnik tunnel"), rag.timeline("Zarnik tunnel"), rag.compare("Zarnik tunnel")):
        assert (told.status, told.reason) == ("abstained", "Nothing in the archive is about this.")


@pytest.mark.slow
def test_thousands_of_articles_on_one_topic_are_told_from_as_many_as_a_story_has(tmp_path: Path) -> None:
    catalog, lexical = Catalog.open(tmp_path / "catalog.sqlite3", create=True), TantivyIndex(tmp_path / "lexical")
    catalog.adopt(FINGERPRINT)
    for first in range(0, 5_000, 1_000):
        ids = [f"f{at}" for at in range(first, first + 1_000)]
        catalog.put([make_stored(report_of(at)) for at in range(first, first + 1_000)])
        lexical.replace(ids, catalog.entries(ids))

    def search(text: str, k: int, filters: Filters) -> list[Passage]:
        hits = lexical.search(text, k, filters)
        chunks = catalog.chunks([hit.chunk_id for hit in hits])
        return [Passage(chunks[hit.chunk_id], hit.score / hits[0].score) for hit in hits]

    teller, asked = Teller(catalog, lexical, UTC, search), Question("ferry Arlo")
    tracemalloc.start()
    told = [teller.brief(asked), teller.timeline(asked, 12), teller.compare(asked, ())]
    counted = teller.tell(Question("How many articles are there about the ferry Arlo?"), "archive")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    covered = [part.articles for answer in told if answer for part in answer.parts if isinstance(part, Coverage)]
    assert told[0]
    assert told[1]
    assert covered
    assert max(covered) <= ARTICLES
    assert counted is not None
    assert peak < MOST_BYTES


def test_articles_without_dates_are_briefed_on_without_a_day(rag: Rag) -> None:
    keep(
        rag,
        "The ferry Arlo ran aground off Penholm with 40 people aboard.",
        "Tugs pulled the ferry Arlo free off Penholm after a night.",
        days=(None,),
    )
    told = rag.brief("ferry Arlo")
    assert told.status == "answered"
    coverage = next(part for part in told.parts if isinstance(part, Coverage))
    assert (coverage.articles, coverage.first, coverage.last) == (2, None, None)


def test_a_timeline_of_articles_without_dates_has_only_days_that_are_named(rag: Rag) -> None:
    keep(rag, "The ferry Arlo ran aground off Penholm on 3 March 2024.", "The ferry Arlo was built in Penholm.", days=(None,))
    told = rag.timeline("ferry Arlo")
    lines = [part for part in told.parts if isinstance(part, Development)]
    assert [(line.first, line.told) for line in lines] == [(date(2024, 3, 3), True)]


def test_one_outlet_alone_is_compared_with_nobody(rag: Rag) -> None:
    keep(
        rag,
        "The ferry Arlo ran aground off Penholm with 40 people aboard.",
        "Tugs pulled the ferry Arlo free off Penholm after a night.",
        outlets=("Gazette",),
        days=(0, 1),
    )
    told = rag.ask("How do the outlets report the ferry Arlo?")
    assert told.status == "answered"
    assert not any(isinstance(part, Contrast) and part.kind == "differ" for part in told.parts)


def test_days_of_one_article_that_contradict_each_other_both_stand(rag: Rag) -> None:
    keep(
        rag,
        "The ferry Arlo ran aground off Penholm on 29 March 2024, its owner said.\n"
        "The ferry Arlo ran aground off Penholm on 30 March 2024, the coast guard said.",
    )
    told = rag.timeline("ferry Arlo")
    days = {part.first for part in told.parts if isinstance(part, Development)}
    assert days <= {date(2024, 3, 29), date(2024, 3, 30)}
    assert days


def test_a_copy_that_differs_in_one_figure_is_a_dispute_and_no_copy(rag: Rag) -> None:
    text = "The ferry Arlo ran aground off Penholm on Tuesday, and {} people were injured when it struck the rocks at full speed."
    keep(rag, text.format(14), text.format(41))
    told = rag.ask("How many people were injured on the ferry Arlo?")
    figures = [part for part in told.parts if isinstance(part, Figure)]
    assert {(figure.value, figure.state) for figure in figures} == {("14", "disputed"), ("41", "disputed")}
