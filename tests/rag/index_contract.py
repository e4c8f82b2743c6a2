"""What both indexes promise, for the tests of each; the plain fakes of memory are held to it too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

import numpy as np
import pytest

from rag.protocols import DenseIndex, LexicalIndex
from rag.types import Entry, Filters, Hit
from tests.fakes import HashEmbedder
from tests.rag.stored import DIMENSION, FIRST_DAY, WORDS

Searched = DenseIndex | LexicalIndex


class Search(Protocol):
    def __call__(self, index: Searched, words: str, k: int, filters: Filters = ...) -> list[Hit]: ...


EMBEDDER = HashEmbedder(DIMENSION)
ANY = Filters()


def make_entry(
    article: int, part: int, words: str = "mayor bridge", day: int | None = 0, outlet: str | None = "the gazette"
) -> Entry:
    """`day` counts from FIRST_DAY."""
    text = f"{words} {WORDS[article % len(WORDS)]} number{article}x{part}"
    ordinal = None if day is None else FIRST_DAY.toordinal() + day
    return Entry(f"a{article}#{part}-{part + 1}", f"a{article}", ordinal, outlet, "Title", text, EMBEDDER.embed_query(text))


def make_entries(articles: int, parts: int = 2) -> list[Entry]:
    return [
        make_entry(n, part, day=n if n % 5 else None, outlet=("the gazette", "morning post", None)[n % 3])
        for n in range(articles)
        for part in range(parts)
    ]


def article_ids(entries: list[Entry]) -> list[str]:
    return list(dict.fromkeys(entry.article_id for entry in entries))


def ids(hits: list[Hit]) -> list[str]:
    return [hit.chunk_id for hit in hits]


class IndexContract:
    """A subclass gives a fixture `index` and says how to search it with words."""

    search: Search

    def test_an_empty_index_finds_nothing(self, index: Searched) -> None:
        assert index.count() == 0
        assert self.search(index, "mayor", 10) == []
        assert self.search(index, "mayor", 10, Filters(since=FIRST_DAY, outlets=("x",))) == []

    def test_every_entry_finds_itself_first(self, index: Searched) -> None:
        entries = make_entries(40)
        index.replace(article_ids(entries), entries)
        assert index.count() == len(entries)
        for entry in entries:
            assert ids(self.search(index, entry.text, 1)) == [entry.id]

    def test_replacing_twice_changes_nothing(self, index: Searched) -> None:
        entries = make_entries(120)
        index.replace(article_ids(entries), entries)
        once = self.search(index, "mayor", 500)
        index.replace(article_ids(entries), entries)
        assert index.count() == len(entries)
        assert sorted(ids(self.search(index, "mayor", 500))) == sorted(ids(once))

    def test_replacing_drops_what_the_article_had(self, index: Searched) -> None:
        index.replace(["a1", "a2"], [make_entry(1, 0), make_entry(1, 1), make_entry(2, 0)])
        index.replace(["a1", "a2", "a3"], [make_entry(1, 7, "flood"), make_entry(3, 0)])
        assert index.count() == 2
        assert sorted(ids(self.search(index, "mayor bridge flood", 9))) == ["a1#7-8", "a3#0-1"]
        index.replace(["a1", "a3"], [])
        assert index.count() == 0

    def test_entries_keep_nothing_of_their_former_metadata(self, index: Searched) -> None:
        index.replace(["a1"], [make_entry(1, 0)])
        index.replace(["a1"], [make_entry(1, 0, day=None, outlet=None)])
        assert self.search(index, "mayor", 5, Filters(since=FIRST_DAY)) == []
        assert self.search(index, "mayor", 5, Filters(outlets=("The Gazette",))) == []
        assert len(self.search(index, "mayor", 5)) == 1

    @pytest.mark.parametrize("k", [-1, 0, 1, 3, 1_000_000])
    def test_never_more_than_k(self, index: Searched, k: int) -> None:
        index.replace([], make_entries(4))
        assert len(self.search(index, "mayor", k)) == min(max(k, 0), 8)

    def test_best_first_with_finite_scores(self, index: Searched) -> None:
        index.replace([], make_entries(30))
        scores = [hit.score for hit in self.search(index, "mayor bridge number3x1", 50)]
        assert scores == sorted(scores, reverse=True)
        assert np.isfinite(scores).all()

    @pytest.mark.parametrize(
        "filters",
        [
            Filters(since=FIRST_DAY + timedelta(days=7)),
            Filters(before=FIRST_DAY + timedelta(days=7)),
            Filters(since=FIRST_DAY + timedelta(days=3), before=FIRST_DAY + timedelta(days=4)),
            Filters(outlets=("THE GAZETTE",)),
            Filters(outlets=("Morning Post", "nobody")),
            Filters(since=FIRST_DAY + timedelta(days=2), before=FIRST_DAY + timedelta(days=20), outlets=("morning post",)),
            Filters(since=date(1900, 1, 1)),
            Filters(since=date.min, before=date.max),
            Filters(since=date(2090, 1, 1)),
            Filters(outlets=("nobody",)),
            Filters(outlets=("\ud800",)),
        ],
    )
    def test_filters_pass_what_they_say(self, index: Searched, oracle: Searched, filters: Filters) -> None:
        entries = make_entries(24)
        for each in (index, oracle):
            each.replace([], entries)
        passing = self.search(oracle, "mayor", 100, filters)
        assert sorted(ids(self.search(index, "mayor", 100, filters))) == sorted(ids(passing))

    def test_filters_do_not_change_scores(self, index: Searched) -> None:
        index.replace([], make_entries(24))
        free = {hit.chunk_id: hit.score for hit in self.search(index, "mayor number4x1", 100)}
        held = self.search(index, "mayor number4x1", 100, Filters(since=FIRST_DAY, outlets=("morning post",)))
        assert held
        assert [hit.score for hit in held] == pytest.approx([free[hit.chunk_id] for hit in held], abs=1e-5)

    @pytest.mark.parametrize("name", ["a#b", "a\0b", "naïve 新聞 🗞", 'x"y\\', "https://a.example/b?c=d#e", "x" * 2000])
    def test_any_article_id(self, index: Searched, name: str) -> None:
        vector = EMBEDDER.embed_query("mayor")
        entry = Entry(f"{name}#0-5", name, None, None, "", "mayor", vector)
        other = Entry("other#0-5", "other", None, None, "", "mayor", vector)
        index.replace([name, "other"], [entry, other])
        assert sorted(ids(self.search(index, "mayor", 5))) == sorted([entry.id, other.id])
        index.replace([name], [])
        assert ids(self.search(index, "mayor", 5)) == [other.id]

    def test_thousands_of_ids_at_once(self, index: Searched) -> None:
        entries = make_entries(300, parts=1)
        index.replace([f"gone {n}" for n in range(40_000)], entries)
        index.replace(article_ids(entries)[:299], [])
        assert index.count() == 1
