"""Which outlets are independent, and answers over copies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.copies import Signer
from rag import Rag
from rag.archive import Archive
from rag.catalog import StoredArticle
from rag.origins import family, independent, registrable
from rag.parts import Parts
from rag.retrieve import spread
from rag.settings import load_settings
from rag.types import Article, Chunk, Passage, Source
from tests.fakes import HashEmbedder, QuotingAnswerer
from tests.ingest.test_copies import edited, story
from tests.rag.stored import FINGERPRINT, make_stored

NAMES = ("BBC News", "The Gazette", "gazette.com", "Sky Sports", None)


def source(id: str, outlet: str | None = None, url: str | None = None, published: date | None = None) -> Source:
    return Source(id=id, title=f"Title of {id}", outlet=outlet, url=url, published=published)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("BBC News", "BBC Sport", True),
        ("The Guardian", "guardian", True),
        ("CNN", "CNN.com", True),
        ("CNN International", "CNN Politics", True),
        ("Fox News", "Sky News", False),
        ("Daily News", "Daily Sport", False),
        ("World", "News", False),
        ("Le Monde", "Le Figaro", False),
    ],
)
def test_names_of_one_family(one: str, other: str, same: bool) -> None:
    assert (family(one) == family(other)) == same


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://edition.cnn.com/story", "cnn.com"),
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://gazette.example", "gazette.example"),
        ("http://192.0.2.1/a", None),
        ("http://[broken", None),
        ("localhost", None),
        (None, None),
    ],
)
def test_the_part_of_a_host_that_someone_registered(url: str | None, domain: str | None) -> None:
    assert registrable(url) == domain


def test_outlets_of_one_family_and_copies_of_one_text_count_once() -> None:
    sources = [
        source("a", "CNN", "https://edition.cnn.com/a"),
        source("b", "Cable News", "https://cnn.com/b"),
        source("c", "The Gazette"),
        source("d", "Morning Post"),
        source("e", "BBC News"),
    ]
    assert independent(sources, {}) == 4
    assert independent(sources, {"c": "c", "d": "c"}) == 3
    assert independent(sources, {"a": "a", "c": "a", "e": "a"}) == 2
    assert independent([source("x"), source("y")], {}) == 1
    assert independent([], {}) == 0


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("gh ")), max_size=8))
def test_the_count_depends_on_no_order_and_more_sources_with_one_voice_add_none(drawn: list[tuple[str | None, str]]) -> None:
    sources = [source(str(number), name) for number, (name, _) in enumerate(drawn)]
    groups = {str(number): group for number, (_, group) in enumerate(drawn) if group != " "}
    count = independent(sources, groups)
    assert independent(sources[::-1], groups) == count <= len(sources)
    assert independent(sources * 2, groups) == count


def passage(article: str, text: str, score: float) -> Passage:
    return Passage(Chunk(source(article), 0, len(text), text), score)


def test_one_article_of_a_group_has_passages() -> None:
    found = [passage("a", "One thing.", 0.9), passage("b", "Else.", 0.8), passage("a", "Third.", 0.7), passage("c", "Four.", 0.6)]
    kept = spread(found, 10, 3, {"a": "a", "b": "a"})
    assert [each.chunk.source.id for each in kept] == ["a", "a", "c"]


def stored(id: str, text: str, outlet: str, published: date) -> StoredArticle:
    made = make_stored(Article(source(id, outlet, published=published), text))
    return StoredArticle(made.article, made.origin, made.chunks, made.vectors, Signer().signature(text))


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Rag]:
    """A report, twenty near copies of it under other names, and another report on the same thing."""
    archive = Archive.open(tmp_path / "archive", create=True)
    archive.catalog.adopt(FINGERPRINT)
    report = " ".join(story(1).split())
    copies = [stored(f"copy-{n}", edited(report, 0.05, n), f"Site {n}", date(2025, 5, 2)) for n in range(20)]
    other = " ".join(f"{story(2)} {' '.join(report.split()[:12])}".split())
    archive.catalog.put([stored("original", report, "The Wire", date(2025, 5, 1)), *copies])
    archive.catalog.put([stored("other", other, "The Gazette", date(2025, 5, 1))])
    with Rag(Parts(archive, HashEmbedder(), QuotingAnswerer()), load_settings(index=tmp_path / "archive")) as rag:
        yield rag


def test_twenty_planted_copies_are_one_voice_in_the_answer(planted: Rag) -> None:
    question = " ".join(story(1).split()[:12])
    found = planted.search(question)
    assert [each.chunk.source.id == "other" for each in found].count(False) == 1
    answer = planted.ask(question)
    told = [citation for citation in answer.citations if citation.source.id != "other"]
    assert len(told) == 1
    assert len(told[0].copies) == 20
    assert {copy.kind for copy in told[0].copies} == {"near"}
    assert answer.corroboration
    outlets = 1 + any(citation.source.id == "other" for citation in answer.citations)
    assert (answer.corroboration.outlets, answer.corroboration.articles) == (outlets, 20 + outlets)


def test_an_article_alone_has_no_corroboration(planted: Rag) -> None:
    for name in ["original", *(f"copy-{n}" for n in range(20))]:
        planted.archive.catalog.forget(name)
    answer = planted.ask(" ".join(story(2).split()[:12]))
    assert {citation.source.id for citation in answer.citations} == {"other"}
    assert answer.corroboration is None
    assert answer.citations[0].copies == ()
